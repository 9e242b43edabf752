import Glibc
import JSON
import Testing

@Suite("Two executables on one store")
struct TwoEnginesTests {
    private let folder: Folder
    private let first: Client

    init() throws {
        folder = try Folder()
        first = try Client(in: folder)
        try first.initialize()
    }

    private func openSecond(handlers: [String] = ["*"]) throws -> Client {
        let client = try Client(in: folder)
        try client.initialize(handlers: handlers)
        return client
    }

    @Test("The second pauses and resumes a run of the first, whose subscriber is told")
    func pause() throws {
        let document = workflow("two", ["one": ["call": "work", "next": "two"], "two": ["call": "work"]])
        try first.call("run/create", started("r", document))
        let execution = try first.execution(of: "one")
        let second = try openSecond(handlers: [])
        #expect(try second.call("run/pause", ["runId": "r"])["isPaused"] == true)
        _ = try first.notification("run/statusChanged") { $0["isPaused"] == true }
        try execution.succeed(1)
        _ = try first.notification("step/completed")
        #expect(!first.transcript.contains { $0["params"]?["stepId"] == "two" })
        #expect(try second.call("run/resume", ["runId": "r"])["isPaused"] == false)
        let next = try first.execution(of: "two")
        #expect(!second.transcript.contains { $0["method"] == "step/execute" })
        try next.succeed(2)
        #expect(try second.runResult(of: "r")["output"] == 2)
        #expect(try first.events(of: "r") == second.events(of: "r"))
    }

    @Test("The second cancels a run of the first, which calls its attempt off")
    func cancel() throws {
        let second = try openSecond()
        try first.call("run/create", started("r", Documents.call, ["input": ["n": 1]]))
        let execution = try first.execution()
        let waiting = try first.request("run/result", ["runId": "r"])
        #expect(try second.call("run/cancel", ["runId": "r", "reason": "from afar"])["status"] == "cancelled")
        let cancel = try first.next("$/cancelRequest") { $0["method"] == "$/cancelRequest" }
        #expect(cancel["params"]?["id"] == execution.id)
        #expect(try first.answer(to: waiting)["result"]?["status"] == "cancelled")
        #expect(try first.notification("run/cancelled")["reason"] == "from afar")
    }

    @Test("The second approves a run of the first, which goes on where it was")
    func approve() throws {
        let second = try openSecond()
        let document = workflow(
            "asks", ["ask": ["approval": ["message": "Go?"], "next": "work"], "work": ["call": "work"]])
        try first.call("run/create", started("r", document))
        _ = try first.notification("execution/approvalRequested")
        let question = try #require(try second.call("execution/interactions")["interactions"]?[0])
        try second.call(
            "execution/respondApproval",
            ["interactionId": question["interactionId"] ?? .null, "decision": "approved", "approver": "ann"])
        let execution = try second.next("a step to perform, at whichever engine took it", within: 10_000) {
            $0["method"] == "step/execute"
        }
        try Execution(client: second, id: execution["id"] ?? .null, params: execution["params"] ?? .null).succeed(
            "done")
        #expect(try first.runResult(of: "r")["output"] == "done")
        _ = try first.notification("run/completed")
        let told = first.journalled(of: "r").compactMap { $0["params"]?["seq"]?.int }
        #expect(told == Array(1...told.count))
        #expect(!first.transcript.contains { $0["method"] == "step/execute" })
    }

    @Test("An engine without the handler approves; the one that has it goes on")
    func approveWithoutHandler() throws {
        let document = workflow(
            "asks", ["ask": ["approval": ["message": "Go?"], "next": "work"], "work": ["call": "work"]])
        try first.call("run/create", started("r", document))
        let question = try first.notification("execution/approvalRequested")
        let desk = try openSecond(handlers: [])
        try desk.call(
            "execution/respondApproval",
            ["interactionId": question["interactionId"] ?? .null, "decision": "approved", "approver": "ann"])
        try first.execution().succeed("by the first")
        let waiting = try first.request("run/result", ["runId": "r"])
        #expect(try first.answer(to: waiting)["result"]?["status"] == "completed")
    }

    @Test("Of two that start one run, one does")
    func startRace() throws {
        let second = try openSecond()
        for index in 0..<10 {
            let run = "r\(index)"
            try first.call("run/create", created(run, Documents.wait))
            let ids = [
                try first.request("run/start", ["runId": .string(run)]),
                try second.request("run/start", ["runId": .string(run)]),
            ]
            let answers = [try first.answer(to: ids[0]), try second.answer(to: ids[1])]
            #expect(answers.count { $0["result"] != nil } == 1)
            #expect(answers.count { $0["error"]?["data"]?["kind"] == "run.invalidTransition" } == 1)
            let starts = try first.events(of: run).filter { $0["data"]?["executionId"] != nil }
            #expect(starts.count == 1)
        }
    }

    @Test("A subscriber sees the events of another engine as they come")
    func subscribe() throws {
        let second = try openSecond()
        try first.call("run/create", started("r", Documents.approval))
        let question = try first.notification("execution/approvalRequested")
        try second.call("run/subscribe", ["runId": "r"])
        _ = try second.notification("execution/approvalRequested")
        try first.call(
            "execution/respondApproval",
            ["interactionId": question["interactionId"] ?? .null, "decision": "rejected", "approver": "ann"])
        _ = try second.notification("run/completed", of: "r")
        let told = second.journalled(of: "r").compactMap { $0["params"]?["seq"]?.int }
        #expect(told == Array(1...told.count))
    }

    @Test("Timers of a parked run fire once, whichever engine wakes")
    func timers() throws {
        let second = try openSecond()
        try first.call("run/create", started("r", workflow("naps", ["nap": ["wait": ["durationMs": 200]]])))
        #expect(try second.runResult(of: "r")["status"] == "completed")
        #expect(try first.events(of: "r").count { $0["type"] == "step/completed" } == 1)
    }
}
