import JSON
import Testing
import WorkflowModel
import WorkflowStore

extension JournalSuite {
    static let runChecks = [
        Check("A run comes back as it was inserted and as it was updated") { open in
            let journal = try open()
            var run = newRun("r\u{0}😀\"")
            run.labels = ["team": "a", "n": 1.50, "deep": ["x": [nil, true]]]
            run.key = try journal.turn { try $0.insert(run) }
            #expect(try journal.run(key: run.key) == run)
            run.status = .awaiting
            run.isPaused = true
            run.startedAt = moment(-5)
            run.endedAt = moment(.max)
            run.owner = "engine"
            run.epoch = 3
            run.wakeAt = moment(0)
            try journal.turn { try $0.update(run) }
            #expect(try open().run(id: run.id) == run)
            #expect(try journal.run(id: "none") == nil)
            #expect(try journal.run(key: 99) == nil)
        },
        Check("An id is inserted once, and only what is there is updated") { open in
            let journal = try open()
            _ = try journal.begin()
            _ = try journal.insert(newRun("r"))
            #expect(throws: StoreError.self) { try journal.insert(newRun("r")) }
            #expect(throws: StoreError.self) { try journal.update(newRun("other")) }
            try journal.commit()
            #expect(try journal.counts() == [.pending: 1])
        },
        Check("A list is newest first, filtered, and paged by key") { open in
            let journal = try open()
            _ = try journal.begin()
            for number in 1...6 {
                var run = newRun("r\(number)", namespace: number == 6 ? "other" : "tests")
                run.status = number.isMultiple(of: 2) ? .completed : .inProgress
                run.workflow = number < 3 ? "one" : "two"
                run.isPaused = number == 3
                run.createdAt = moment(Int64(number))
                run.labels = number < 5 ? ["tier": 1, "n": .number(JSONNumber(number))] : [:]
                _ = try journal.insert(run)
            }
            try journal.commit()
            func ids(_ limit: Int = 9, before: Int64? = nil, _ set: (inout RunFilter) -> Void = { _ in }) throws
                -> String
            {
                var filter = RunFilter()
                set(&filter)
                return try journal.runs(filter, before: before, limit: limit).map { "\($0.id.last!)" }.joined()
            }
            #expect(try ids() == "654321")
            #expect(try ids(2) == "65")
            #expect(try ids(0) == "")
            let fifth = try #require(try journal.run(id: "r5")).key
            #expect(try ids(2, before: fifth) == "43")
            #expect(try ids { $0.namespace = "other" } == "6")
            #expect(try ids { $0.statuses = [.inProgress] } == "531")
            #expect(try ids { $0.statuses = [.failed, .completed] } == "642")
            #expect(try ids { $0.workflow = "one" } == "21")
            #expect(try ids { $0.isPaused = true } == "3")
            #expect(try ids { $0.isPaused = false } == "65421")
            #expect(try ids { $0.createdAfter = moment(2) } == "6543")
            #expect(try ids { $0.createdBefore = moment(2) } == "1")
            #expect(try ids { $0.labels = ["tier": 1.0] } == "4321")
            #expect(try ids(2) { $0.labels = ["tier": 1] } == "43")
            #expect(try ids { $0.labels = ["tier": 1, "n": 2] } == "2")
            #expect(try ids { $0.labels = ["tier": "1"] } == "")
        },
        Check("Unparked are a namespace's runs with an owner, and those in progress") { open in
            let journal = try open()
            _ = try journal.begin()
            for (id, namespace, status, owner) in [
                ("owned", "tests", RunStatus.awaiting, "e"), ("moving", "tests", .inProgress, nil),
                ("parked", "tests", .awaiting, nil), ("ended", "tests", .completed, nil),
                ("elsewhere", "other", .inProgress, "e"),
            ] {
                var run = newRun(id, namespace: namespace, status: status)
                run.owner = owner
                _ = try journal.insert(run)
            }
            try journal.commit()
            #expect(try journal.unparkedRuns(namespace: "tests").map(\.id) == ["owned", "moving"])
            let owners = try journal.unparkedRuns(namespace: "tests").map(\.owner)
            #expect(Set(try journal.ownersOfUnparkedRuns(namespace: "tests")) == Set(owners))
            #expect(try journal.counts() == [.awaiting: 2, .inProgress: 2, .completed: 1])
        },
        Check("Runs that are due come by their moment, and the next moment is known") { open in
            let journal = try open()
            #expect(try journal.nextWake(after: .earliest) == nil)
            _ = try journal.begin()
            for (id, wakeAt) in [("a", 30), ("b", 10), ("c", nil), ("d", 20), ("e", 10)] as [(String, Int64?)] {
                var run = newRun(id)
                run.wakeAt = wakeAt.map(moment)
                _ = try journal.insert(run)
            }
            try journal.commit()
            #expect(try journal.nextWake(after: .earliest) == moment(10))
            #expect(try journal.nextWake(after: moment(10)) != moment(10))
            #expect(try journal.runsDue(after: .earliest, at: moment(9), limit: 9) == [])
            #expect(try journal.runsDue(after: .earliest, at: moment(20), limit: 9).map(\.id) == ["b", "e", "d"])
            #expect(try journal.runsDue(after: .earliest, at: moment(99), limit: 2).map(\.id) == ["b", "e"])
        },
        Check("A deleted run takes its events and all its interactions along") { open in
            let journal = try open()
            let keys = try journal.turn { [try $0.insert(newRun("a")), try $0.insert(newRun("b"))] }
            _ = try journal.begin()
            for key in keys {
                try journal.append(key, 1)
                try journal.put(
                    InteractionRecord(id: "open\(key)", run: key, executionID: "x", body: [:], isOpen: true))
                try journal.put(
                    InteractionRecord(id: "old\(key)", run: key, executionID: "x", body: [:], isOpen: false))
            }
            try journal.deleteRun(keys[0])
            try journal.commit()
            #expect(try journal.run(id: "a") == nil)
            #expect(try journal.seqs(keys[0]) == [])
            #expect(try journal.interaction(id: "old\(keys[0])") == nil)
            #expect(try journal.interactions(namespace: nil, run: nil).map(\.run) == [keys[1]])
            #expect(try journal.seqs(keys[1]) == [1])
            #expect(try open().interaction(id: "old\(keys[1])") != nil)
        },
    ]
}
