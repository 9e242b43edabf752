import JSON
import Testing

@Suite("A subscriber sees every event once, in order, and the text from its first byte")
struct SubscriptionTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize()
    }

    private func sequence(of run: String, in client: Client) -> [Int] {
        client.journalled(of: run).compactMap { $0["params"]?["seq"]?.int }
    }

    @Test("Whoever creates a run, and whoever starts it, is told from its first event")
    func creator() throws {
        try client.call("run/create", created("r", Documents.set))
        try client.call("run/start", ["runId": "r"])
        _ = try client.notification("run/completed", of: "r")
        let seqs = sequence(of: "r", in: client)
        #expect(seqs == Array(1...seqs.count))

        try client.call("run/create", created("s", Documents.set))
        let starter = try Client(in: folder)
        try starter.initialize()
        try starter.call("run/start", ["runId": "s"])
        _ = try starter.notification("run/completed", of: "s")
        let told = sequence(of: "s", in: starter)
        #expect(told == Array(1...told.count))
    }

    @Test("What is told is what run/events has, with the same numbers, times and members")
    func sameAsJournal() throws {
        try client.call("run/create", started("r", Documents.approval))
        let question = try client.notification("execution/approvalRequested")
        try client.call(
            "execution/respondApproval",
            ["interactionId": question["interactionId"] ?? .null, "decision": "approved", "approver": "ann"])
        _ = try client.notification("run/completed")
        let events = try client.events(of: "r")
        let told = client.journalled(of: "r")
        #expect(told.count == events.count)
        for (event, message) in zip(events, told) {
            #expect(message["method"] == event["type"])
            let params = message["params"]
            #expect(params?["seq"] == event["seq"])
            #expect(params?["at"] == event["at"])
            #expect(params?["executionId"] == event["executionId"] ?? event["data"]?["executionId"])
            for (name, value) in event["data"]?.object ?? [:] { #expect(params?[name] == value, "\(name)") }
        }
    }

    @Test(
        "A subscriber in the middle gets what it missed, then goes live, nothing lost or doubled", arguments: [0, 2, 4])
    func middle(afterSeq: Int) throws {
        let document = workflow("two", ["one": ["call": "work", "next": "two"], "two": ["call": "work"]])
        try client.call("run/create", started("r", document))
        let first = try client.execution(of: "one")
        let watcher = try Client(in: folder)
        try watcher.initialize(handlers: [])
        try first.succeed(1)
        let second = try client.execution(of: "two")
        try watcher.call("run/subscribe", ["runId": "r", "afterSeq": JSONValue(afterSeq)])
        try second.succeed(2)
        _ = try watcher.notification("run/completed", of: "r")
        let seqs = sequence(of: "r", in: watcher)
        #expect(seqs == Array(afterSeq + 1...afterSeq + seqs.count))
        #expect(seqs.last == (try client.events(of: "r").count))
    }

    @Test("The first delta of a subscriber in the middle has all the text so far")
    func textSoFar() throws {
        try client.call("run/create", started("r", Documents.call, ["input": ["n": 1]]))
        let execution = try client.execution()
        for word in ["one ", "two ", "drei € "] { try execution.say("step/textDelta", ["text": .string(word)]) }
        try client.call("run/unsubscribe", ["runId": "r"])
        let before = client.transcript.count
        try execution.say("step/textDelta", ["text": "unheard "])
        #expect(try client.call("health/check")["status"] == "ok")
        #expect(!client.transcript[before...].contains { $0["method"] == "execution/textDelta" })
        let subscribed = client.transcript.count
        try client.call("run/subscribe", ["runId": "r", "afterSeq": 3])
        try execution.say("step/textDelta", ["text": "last"])
        try execution.succeed(nil)
        _ = try client.notification("run/completed")
        let deltas = client.transcript[subscribed...].filter { $0["method"] == "execution/textDelta" }
        let first = deltas.first?["params"]
        #expect(first?["offset"] == 0)
        #expect(first?["text"]?.string?.hasPrefix("one two drei € unheard ") == true)
        #expect(deltas.compactMap { $0["params"]?["text"]?.string }.joined() == "one two drei € unheard last")
        var length = 0
        for delta in deltas {
            #expect(delta["params"]?["offset"]?.int == length)
            length += delta["params"]?["text"]?.string?.utf8.count ?? 0
        }
    }

    @Test("A slow reader gets all the text, joined and without a gap, and every event once")
    func slowReader() throws {
        try client.call("run/create", started("r", Documents.call, ["input": ["n": 1]]))
        let execution = try client.execution()
        let piece = String(repeating: "ä€😀.", count: 1000)
        let count = 1500
        var bytes: [UInt8] = []
        for _ in 0..<count {
            bytes += client.frame([
                "jsonrpc": "2.0", "method": "step/textDelta",
                "params": ["runId": "r", "stepId": "work", "attempt": 1, "text": .string(piece)],
            ])
        }
        client.isListening = false
        let taken = try client.fill(with: bytes, isFullAfter: 300)
        client.isListening = true
        try client.send(raw: Array(bytes[taken...]))
        try execution.succeed("done")
        _ = try client.notification("run/completed")
        #expect(Deltas(of: "r", in: client).text(of: "work")?.utf8.count == piece.utf8.count * count)
        let seqs = sequence(of: "r", in: client)
        #expect(seqs == Array(1...seqs.count))
        #expect(try client.peakMemory() < 300)
    }

    @Test("The text of an attempt that was called off is told in full before the run's end", arguments: [true, false])
    func textOfCancelled(reads: Bool) throws {
        try client.call("run/create", started("r", Documents.call, ["input": ["n": 1]]))
        _ = try client.execution()
        let piece = String(repeating: "text ", count: 2000)
        let count = 600
        var bytes: [UInt8] = []
        for _ in 0..<count {
            bytes += client.frame([
                "jsonrpc": "2.0", "method": "step/textDelta", "params": ["runId": "r", "text": .string(piece)],
            ])
        }
        bytes += client.frame(["jsonrpc": "2.0", "id": "cancel", "method": "run/cancel", "params": ["runId": "r"]])
        client.isListening = reads
        let taken = reads ? 0 : try client.fill(with: bytes, isFullAfter: 300)
        client.isListening = true
        try client.send(raw: Array(bytes[taken...]))
        #expect(try client.answer(to: "cancel")["result"]?["status"] == "cancelled")
        _ = try client.notification("run/cancelled")
        #expect(try client.call("health/check")["status"] == "ok")
        #expect(Deltas(of: "r", in: client).text(of: "work")?.utf8.count == piece.utf8.count * count)
        let last = try #require(client.transcript.lastIndex { $0["method"] == "execution/textDelta" })
        #expect(try last < client.position { $0["method"] == "run/cancelled" })
    }

    @Test("A run that has ended is replayed")
    func ended() throws {
        try client.call("run/create", started("r", Documents.set))
        _ = try client.runResult(of: "r")
        let watcher = try Client(in: folder)
        try watcher.initialize()
        let result = try watcher.call("run/subscribe", ["runId": "r"])
        #expect(result["runId"] == "r")
        _ = try watcher.notification("run/completed", of: "r")
        #expect(sequence(of: "r", in: watcher) == Array(1...(result["seq"]?.int ?? 0)))
    }

    @Test("A number that is not within the run is refused with a pointer", arguments: [-1, 1000])
    func wrongNumber(afterSeq: Int) throws {
        try client.call("run/create", created("r", Documents.set))
        let error = try client.refusal("run/subscribe", ["runId": "r", "afterSeq": JSONValue(afterSeq)])
        #expect(error["code"] == -32602)
        #expect(error["data"]?["pointer"] == "/afterSeq")
    }

    @Test("Derived notifications share the number of what they derive from")
    func derived() throws {
        let document = workflow(
            "sets",
            [
                "one": ["set": ["a": 1], "next": [["when": "state.a == 1", "to": "two"], ["to": "END"]]],
                "two": ["set": ["b": 2]],
            ])
        try client.call("run/create", started("r", document))
        let completed = try client.notification("step/completed")
        let changed = try client.notification("run/stateChanged")
        #expect(changed["changes"] == ["a": 1])
        let decided = try client.notification("step/decided")
        #expect(decided["from"] == "one")
        #expect(decided["to"] == "two")
        #expect(decided["condition"] == "state.a == 1")
        #expect(decided["value"] == true)
        let progress = try client.notification("run/progress")
        #expect(progress["current"] == 1)
        for params in [changed, decided, progress] { #expect(params["seq"] == completed["seq"]) }
    }

    @Test("A way that onError chose is told as a decision too")
    func decidedOnError() throws {
        let document = workflow(
            "errs", ["one": ["fail": ["kind": "a.b", "message": "no"], "onError": "two"], "two": ["set": [:]]])
        try client.call("run/create", started("r", document))
        let failed = try client.notification("step/failed")
        let decided = try client.notification("step/decided")
        #expect(decided["seq"] == failed["seq"])
        #expect(decided["to"] == "two")
        #expect(decided["reason"] == "onError")
    }
}
