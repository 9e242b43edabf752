import JSON
import Testing
import WorkflowModel
import WorkflowStore

extension JournalSuite {
    static let appendChecks = [
        Check("An append of a seq that is taken is a conflict, and spoils nothing") { open in
            let journal = try open()
            let key = try journal.turn { try $0.insert(newRun("r")) }
            try journal.turn { try $0.append(key, 1, 2) }
            _ = try journal.begin()
            #expect(throws: StoreError.conflict(run: key, seq: 1)) { try journal.append(key, 1) }
            try journal.append(key, 3)
            #expect(throws: StoreError.conflict(run: key, seq: 3)) { try journal.append(key, 3) }
            try journal.commit()
            #expect(try journal.seqs(key) == [1, 3])
        },
        Check("An append to a run that was deleted is a conflict") { open in
            let journal = try open()
            let key = try journal.turn { try $0.insert(newRun("r")) }
            try journal.turn { try $0.append(key, 1) }
            try journal.turn { try $0.deleteRun(key) }
            _ = try journal.begin()
            #expect(throws: StoreError.conflict(run: key, seq: 2)) { try journal.append(key, 2) }
            journal.rollback()
        },
        Check("Entries come back as they were written, from the one that holds the next event") { open in
            let journal = try open()
            let key = try journal.turn { try $0.insert(newRun("r")) }
            let other = try journal.turn { try $0.insert(newRun("other")) }
            try journal.turn {
                for (seq, count) in [(1, 1), (2, 3), (5, 1)] { try $0.append(key, seq, count) }
                try $0.append(other, 1)
            }
            let first = try #require(try journal.entries(run: key, afterSeq: 0, maxBytes: .max).first)
            #expect(first.run == key)
            #expect(first.at == moment(7))
            #expect(first.events == events(1))
            let table = [
                (-1, [1, 2, 5]), (0, [1, 2, 5]), (1, [2, 5]), (2, [2, 5]), (3, [2, 5]), (4, [5]), (5, []), (9, []),
            ]
            for (seq, expected) in table { #expect(try journal.seqs(key, after: seq) == expected, "after \(seq)") }
            #expect(try journal.seqs(99) == [])
        },
        Check("A page of entries ends when its bytes are passed, and is never empty before the end") { open in
            let journal = try open()
            let key = try journal.turn { try $0.insert(newRun("r")) }
            try journal.turn { for seq in 1...4 { try $0.append(key, seq) } }
            let size = events(1).count
            for (bytes, count) in [(0, 1), (1, 1), (size, 1), (size + 1, 2), (3 * size, 3), (.max, 4)] {
                #expect(try journal.seqs(key, maxBytes: bytes) == Array(1...count), "\(bytes) bytes")
            }
        },
        Check("What others append is seen once and in order, by begin or by poll, and one's own never") { open in
            let (first, second, third) = (try open(), try open(), try open())
            let keys = try first.turn { [try $0.insert(newRun("a")), try $0.insert(newRun("b"))] }
            try first.turn {
                try $0.append(keys[1], 1)
                try $0.append(keys[0], 1)
            }
            #expect(try first.poll() == [])
            let seen = try second.begin()
            #expect(seen.map(\.run) == [keys[1], keys[0]])
            #expect(seen.map(\.events) == [events(1), events(1)])
            try second.append(keys[0], 2)
            #expect(try second.poll() == [])
            try second.commit()
            #expect(try second.begin() == [])
            second.rollback()
            #expect(try first.poll().map(\.firstSeq) == [2])
            #expect(try first.begin() == [])
            try first.append(keys[0], 3)
            try first.commit()
            let all = try third.poll()
            #expect(all.map(\.firstSeq) == [1, 1, 2, 3])
            #expect(zip(all, all.dropFirst()).allSatisfy { $0.position < $1.position })
            #expect(try third.poll() == [])
            #expect(try open().poll() == [])
        },
        Check("Neither a position nor a key is given twice, also after the newest run is deleted") { open in
            let (first, second) = (try open(), try open())
            let old = try first.turn { try $0.insert(newRun("old")) }
            try first.turn { try $0.append(old, 1) }
            let position = try #require(try second.poll().first?.position)
            try first.turn { try $0.deleteRun(old) }
            let third = try open()
            let new = try third.turn { try $0.insert(newRun("new")) }
            #expect(new > old)
            try third.turn { try $0.append(new, 1) }
            let seen = try second.poll()
            #expect(seen.map(\.run) == [new])
            #expect(seen.allSatisfy { $0.position > position })
            #expect(try first.poll() == seen)
        },
    ]
}
