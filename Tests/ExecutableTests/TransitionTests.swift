import JSON
import Testing

/// A state a run can be in, and how it gets there.
enum Situation: String, CaseIterable, Sendable {
    case pending, inProgress, awaiting, paused, pausedAwaiting, completed, failed, cancelled

    var allowed: [String] {
        switch self {
        case .pending: ["run/start", "run/cancel", "run/delete"]
        case .inProgress, .awaiting: ["run/pause", "run/cancel"]
        case .paused, .pausedAwaiting: ["run/resume", "run/cancel"]
        case .completed, .failed, .cancelled: ["run/delete"]
        }
    }

    var status: String {
        switch self {
        case .inProgress, .paused: "in-progress"
        case .pausedAwaiting: "awaiting"
        default: rawValue
        }
    }

    func bringAbout(_ run: String, _ client: Client) throws {
        switch self {
        case .pending: try client.call("run/create", created(run, Documents.wait))
        case .inProgress: try client.call("run/create", started(run, Documents.wait))
        case .awaiting: try client.call("run/create", started(run, Documents.approval))
        case .paused:
            try client.call("run/create", started(run, Documents.wait))
            try client.call("run/pause", ["runId": .string(run)])
        case .pausedAwaiting:
            try client.call("run/create", started(run, Documents.approval))
            try client.call("run/pause", ["runId": .string(run)])
        case .completed: try client.call("run/create", started(run, Documents.set))
        case .failed: try client.call("run/create", started(run, Documents.fail))
        case .cancelled:
            try client.call("run/create", started(run, Documents.wait))
            try client.call("run/cancel", ["runId": .string(run)])
        }
    }
}

@Suite("A run moves as the table of transitions allows")
struct TransitionTests {
    private static let methods = ["run/start", "run/pause", "run/resume", "run/cancel", "run/delete"]
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize()
    }

    @Test("What the table does not allow is refused, and the error says what is", arguments: Situation.allCases)
    func refused(situation: Situation) throws {
        try situation.bringAbout("r", client)
        let before = try client.call("run/get", ["runId": "r"])
        #expect(before["status"]?.string == situation.status)
        for method in Self.methods where !situation.allowed.contains(method) {
            let error = try client.refusal(method, ["runId": "r"])
            #expect(error["code"] == -32000)
            #expect(error["data"]?["kind"] == "run.invalidTransition")
            #expect(error["data"]?["status"]?.string == situation.status)
            #expect(error["data"]?["retryable"] == false)
            let allowed = error["data"]?["allowed"]?.array?.compactMap(\.string) ?? []
            #expect(Set(allowed).isSuperset(of: situation.allowed))
            #expect(Set(allowed).isDisjoint(with: Set(Self.methods).subtracting(situation.allowed)))
        }
        #expect(try client.call("run/get", ["runId": "r"]) == before)
    }

    @Test("What the table allows is done", arguments: Situation.allCases)
    func allowed(situation: Situation) throws {
        for (index, method) in situation.allowed.enumerated() {
            let run = "r\(index)"
            try situation.bringAbout(run, client)
            let result = try client.call(method, ["runId": .string(run)])
            #expect(result["runId"]?.string == run)
            #expect(result["seq"]?.int != nil)
            guard method != "run/delete" else {
                #expect(try client.kind("run/get", ["runId": .string(run)]) == "run.notFound")
                continue
            }
            let now = try client.call("run/get", ["runId": .string(run)])
            for member in ["status", "isPaused", "seq"] { #expect(result[member] == now[member]) }
            let expected = [
                "run/start": "in-progress", "run/cancel": "cancelled", "run/pause": situation.status,
                "run/resume": situation.status,
            ]
            #expect(result["status"]?.string == expected[method])
            #expect(result["isPaused"] == JSONValue(method == "run/pause"))
        }
    }

    @Test("A run that is not there is run.notFound for every method of runs")
    func notFound() throws {
        let methods =
            Self.methods + [
                "run/get", "run/result", "run/events", "run/subscribe", "run/steps", "run/decisions", "run/logs",
                "run/state",
            ]
        for method in methods { #expect(try client.kind(method, ["runId": "nobody"]) == "run.notFound", "\(method)") }
    }

    @Test("A stale expectedSeq is refused with the seq that is, a fresh one is taken")
    func expectedSeq() throws {
        try Situation.awaiting.bringAbout("r", client)
        let seq = try #require(try client.call("run/get", ["runId": "r"])["seq"]?.int)
        for method in ["run/pause", "run/cancel", "run/start", "run/delete"] {
            let error = try client.refusal(method, ["runId": "r", "expectedSeq": JSONValue(seq - 1)])
            #expect(error["data"]?["kind"] == "run.seqConflict")
            #expect(error["data"]?["actual"]?.int == seq)
            #expect(error["data"]?["retryable"] == true)
        }
        let paused = try client.call("run/pause", ["runId": "r", "expectedSeq": JSONValue(seq)])
        #expect(paused["seq"]?.int == seq + 1)
    }

    @Test("While a run is paused an attempt under way finishes and is recorded, and the next step waits for resume")
    func pauseWithWork() throws {
        let document = workflow("two", ["one": ["call": "work", "next": "two"], "two": ["call": "work"]])
        try client.call("run/create", started("r", document))
        let first = try client.execution(of: "one")
        try client.call("run/pause", ["runId": "r"])
        try first.succeed(1)
        let completed = try client.notification("step/completed")
        #expect(completed["step"] == "one")
        _ = try client.call("health/check")
        #expect(client.transcript.count { $0["method"] == "step/execute" } == 1)
        try client.call("run/resume", ["runId": "r"])
        try client.execution(of: "two").succeed(2)
        #expect(try client.runResult(of: "r")["output"] == 2)
    }

    @Test("A paused run still takes answers")
    func pauseWithQuestion() throws {
        try Situation.pausedAwaiting.bringAbout("r", client)
        let question = try #require(try client.call("execution/interactions", ["runId": "r"])["interactions"]?[0])
        let answer = try client.call(
            "execution/respondApproval",
            ["interactionId": question["interactionId"] ?? .null, "decision": "approved", "approver": "ann"])
        #expect(answer["resolved"] == true)
        #expect(try client.runResult(of: "r")["status"] == "completed")
    }

    @Test("A cancelled run keeps its reason, and withdraws its questions")
    func cancelReason() throws {
        try Situation.awaiting.bringAbout("r", client)
        let question = try client.notification("execution/approvalRequested")
        try client.call("run/cancel", ["runId": "r", "reason": "enough"])
        #expect(try client.notification("run/cancelled")["reason"] == "enough")
        #expect(try client.call("execution/interactions", ["runId": "r"])["interactions"] == [])
        let kind = try client.kind(
            "execution/respondApproval",
            ["interactionId": question["interactionId"] ?? .null, "decision": "approved", "approver": "ann"])
        #expect(kind == "interaction.alreadyResolved")
    }

    @Test("A run's timeout acts as it says", arguments: [("fail", "failed"), ("cancel", "cancelled")])
    func timeouts(action: String, status: String) throws {
        let options: JSONValue = ["timeout": ["ms": 100, "action": .string(action)]]
        try client.call("run/create", started("r", Documents.wait, ["options": options]))
        let told = try client.notification("run/timedOut")
        #expect(told["runId"] == "r")
        let result = try client.runResult(of: "r")
        #expect(result["status"]?.string == status)
        if action == "fail" { #expect(result["error"]?["kind"] == "run.timedOut") }
    }
}
