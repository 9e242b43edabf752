import JSON
import Testing
import WorkflowModel
import WorkflowStore

extension JournalSuite {
    static let snapshotChecks = [
        Check("The newest snapshot that is not beyond an event is found, of the version that was asked for") { open in
            let journal = try open()
            let key = try journal.turn { try $0.insert(newRun("r")) }
            #expect(try journal.run(key: key)?.snapshotSeq == nil)
            try journal.turn { for seq in [5, 9, 7] { try $0.put(snapshot(key, seq)) } }
            let table = [(4, nil), (5, 5), (6, 5), (7, 7), (8, 7), (9, 9), (.max, 9)] as [(Int, Int?)]
            for (seq, expected) in table {
                let found = try journal.snapshot(run: key, version: 1, upTo: seq)
                #expect(found == expected.map { snapshot(key, $0) }, "up to \(seq)")
            }
            #expect(try journal.snapshot(run: key, version: 2, upTo: .max) == nil)
            #expect(try journal.snapshot(run: 99, version: 1, upTo: .max) == nil)
            #expect(try open().run(key: key)?.snapshotSeq == 9)
        },
        Check("A snapshot takes the place of the one of its seq, and of all that another version wrote") { open in
            let journal = try open()
            let keys = try journal.turn { [try $0.insert(newRun("a")), try $0.insert(newRun("b"))] }
            try journal.turn { journal in
                for key in keys { for seq in [2, 4] { try journal.put(snapshot(key, seq)) } }
                try journal.put(snapshot(keys[0], 4, state: "again"))
            }
            #expect(try journal.snapshot(run: keys[0], version: 1, upTo: 9)?.state == Array("\"again\"".utf8))
            try journal.turn { try $0.put(snapshot(keys[0], 6, version: 2)) }
            #expect(try journal.snapshot(run: keys[0], version: 1, upTo: 9) == nil)
            #expect(try journal.snapshot(run: keys[0], version: 2, upTo: 9)?.seq == 6)
            #expect(try journal.snapshot(run: keys[1], version: 1, upTo: 9)?.seq == 4)
        },
        Check("A run's row keeps what it knows of snapshots, and a rollback takes it back") { open in
            let journal = try open()
            var run = newRun("r")
            run.key = try journal.turn { try $0.insert(run) }
            try journal.turn { try $0.put(snapshot(run.key, 3)) }
            run.status = .failed
            try journal.turn { try $0.update(run) }
            #expect(try journal.run(key: run.key)?.snapshotSeq == 3)
            _ = try journal.begin()
            try journal.put(snapshot(run.key, 8))
            #expect(try journal.run(key: run.key)?.snapshotSeq == 8)
            journal.rollback()
            #expect(try journal.run(key: run.key)?.snapshotSeq == 3)
            #expect(try journal.snapshot(run: run.key, version: 1, upTo: 9)?.seq == 3)
            try journal.turn { try $0.deleteRun(run.key) }
            #expect(try journal.snapshot(run: run.key, version: 1, upTo: 9) == nil)
        },
    ]

    private static func snapshot(_ run: Int64, _ seq: Int, version: Int = 1, state: JSONValue = [1]) -> SnapshotRecord {
        SnapshotRecord(run: run, seq: seq, version: version, state: Array(state.serialized().utf8))
    }

    // MARK: Great values

    static let greatChecks = [
        Check("Great values come back as they were, whoever has them too and whoever is gone") { open in
            let journal = try open()
            let text = great(100_000)
            let keys = try journal.turn { [try $0.insert(newRun("a")), try $0.insert(newRun("b"))] }
            let events = Array(
                #"[{"type":"x","data":{"n": 1.50 ,"a":[\#(text)],"b":\#(text),"c":"{\"blob\":\"\"}"}}]"#.utf8)
            let state = Array(#"{"state":{"deep":[\#(text),2]}}"#.utf8)
            try journal.turn { journal in
                for key in keys {
                    for seq in 1...3 {
                        try journal.append(run: key, firstSeq: seq, at: moment(Int64(seq)), events: events)
                    }
                }
                try journal.put(SnapshotRecord(run: keys[1], seq: 3, version: 1, state: state))
            }
            func check(_ key: Int64) throws {
                let found = try open().entries(run: key, afterSeq: 0, maxBytes: .max)
                #expect(found.map(\.events) == [events, events, events])
            }
            try keys.forEach(check)
            try journal.turn { try $0.deleteRun(keys[0]) }
            try check(keys[1])
            #expect(try open().snapshot(run: keys[1], version: 1, upTo: 9)?.state == state)
        },
        Check("A turn reads the great values that it has written, and others do once it is committed") { open in
            let (writer, reader) = (try open(), try open())
            let events = Array(#"[{"type":"x","data":{"a":\#(great(70_000))}}]"#.utf8)
            _ = try writer.begin()
            let key = try writer.insert(newRun("r"))
            try writer.append(run: key, firstSeq: 1, at: moment(1), events: events)
            #expect(try writer.entries(run: key, afterSeq: 0, maxBytes: .max).map(\.events) == [events])
            try writer.commit()
            #expect(try reader.poll().map(\.events) == [events])
        },
    ]

    /// The JSON of a string of so many bytes.
    private static func great(_ count: Int) -> String { "\"\(String(repeating: "0123456789", count: count / 10))\"" }
}
