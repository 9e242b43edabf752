import JSON
import Testing
import WorkflowModel
import WorkflowStore

extension JournalSuite {
    static let turnChecks = [
        Check("A turn reads its own writes, and others read them once it is committed") { open in
            let (writer, reader) = (try open(), try open())
            _ = try writer.begin()
            let key = try writer.insert(newRun("r"))
            try writer.append(key, 1)
            #expect(try writer.run(id: "r")?.key == key)
            #expect(try writer.seqs(key) == [1])
            #expect(try reader.run(id: "r") == nil)
            #expect(try reader.seqs(key) == [])
            #expect(try reader.poll() == [])
            try writer.commit()
            #expect(try reader.run(id: "r")?.key == key)
            #expect(try reader.seqs(key) == [1])
        },
        Check("A rollback forgets every kind of write") { open in
            let journal = try open()
            let key = try journal.turn { try fill($0, version: 1) }
            let before = try contents(journal, run: key)
            _ = try journal.begin()
            _ = try fill(journal, version: 2)
            try journal.deleteRun(key)
            #expect(try contents(journal, run: key) != before)
            journal.rollback()
            #expect(try contents(journal, run: key) == before)
            journal.rollback()
            try journal.turn { try $0.append(key, 2) }
            #expect(try journal.seqs(key) == [1, 2])
        },
        Check("A second turn does not begin while one is open") { open in
            let (first, second) = (try open(), try open())
            _ = try first.begin()
            #expect(throws: StoreError.self) { try second.begin() }
            first.rollback()
            #expect(try second.begin() == [])
            second.rollback()
        },
        Check("Nobody is told of a turn that was rolled back") { open in
            let (first, second) = (try open(), try open())
            let key = try first.turn { try $0.insert(newRun("r")) }
            _ = try first.begin()
            try first.append(key, 1)
            first.rollback()
            #expect(try second.poll() == [])
            try second.turn { try $0.append(key, 1) }
            #expect(try first.poll().map(\.firstSeq) == [1])
            #expect(try first.poll() == [])
        },
    ]

    private static func fill(_ journal: any Journal, version: Int) throws -> Int64 {
        let key: Int64
        if var run = try journal.run(id: "r") {
            key = run.key
            run.status = .failed
            run.wakeAt = moment(5)
            try journal.update(run)
            _ = try journal.insert(newRun("other"))
        } else {
            key = try journal.insert(newRun("r"))
        }
        let body = JSONValue.object(["version": .number(JSONNumber(version))])
        try journal.append(key, version)
        try journal.put(InteractionRecord(id: "i", run: key, executionID: "x", body: body, isOpen: version == 1))
        try journal.put(
            WorkflowRecord(
                namespace: "tests", name: "greet", version: "v", document: body, registeredAt: moment(Int64(version)),
                isRegistered: true))
        try journal.put(IdempotencyRecord(namespace: "tests", key: "k", request: "q", response: body))
        return key
    }

    private static func contents(_ journal: any Journal, run: Int64) throws -> [String] {
        [
            "\(try journal.runs(RunFilter(), before: nil, limit: 9))",
            "\(try journal.entries(run: run, afterSeq: 0, maxBytes: .max))",
            "\(try journal.interactions(namespace: nil, run: nil))",
            "\(String(describing: try journal.interaction(id: "i")))",
            "\(try journal.workflows(namespace: "tests"))",
            "\(String(describing: try journal.answer(namespace: "tests", key: "k")))",
            "\(try journal.counts())",
        ]
    }
}
