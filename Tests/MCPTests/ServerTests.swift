import JSON
import Testing
import WorkflowEngine
import WorkflowModel

@testable import MCP

@Suite("MCP servers")
struct ServerTests {
    @Test(
        "A server of each revision is understood",
        arguments: ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"])
    func revisions(revision: String) async throws {
        let server = try Server(revision)
        #expect(await server.result("echo", ["text": "hello"])?.said == "hello")
        #expect(try await server.tools().map(\.name) == ["echo", "fail", "progress"])
        server.pool.endAll()
    }

    @Test("One that dies of being asked for its revisions is started again and greeted")
    func fragile() async throws {
        let server = try Server("fragile")
        let failure = await server.failure("echo")
        // It speaks no revision that there is, but it was greeted.
        #expect(failure?.kind == "tool.serverIncompatible")
    }

    @Test("One that says nothing is given up")
    func mute() async throws {
        var limits = ServerLimits()
        (limits.probe, limits.start) = (.milliseconds(20), .milliseconds(20))
        let server = try Server("mute", limits: limits)
        #expect(await server.failure("echo")?.kind == "tool.serverTimedOut")
    }

    @Test("One that ends before it has begun did not begin, and says why")
    func broken() async throws {
        let failure = await (try Server("broken")).failure("echo")
        #expect(failure?.kind == "tool.serverFailed")
        #expect(failure?.message.hasSuffix("ended with the exit code 2: There is no license.") == true)
    }

    @Test("One that does not list its tools is given up, and may be called all the same")
    func listless() async throws {
        var limits = ServerLimits()
        limits.start = .milliseconds(200)
        let server = try Server("2026-07-28", "never", limits: limits)
        await #expect {
            try await server.tools()
        } throws: {
            ($0 as? Failure)?.kind == "tool.serverTimedOut"
        }
        #expect(await server.result("echo", ["text": "hello"])?.said == "hello")
    }

    @Test("A list is kept no longer than its server says")
    func changing() async throws {
        let server = try Server("2026-07-28", "changing")
        #expect(try await server.tools().map(\.name) == ["tool1"])
        #expect(try await server.tools().map(\.name) == ["tool2"])
    }

    @Test(
        "How a call ends",
        arguments: [
            ("fail", "tool.failed", "It went wrong.", true), ("refuse", "tool.failed", "No such arguments.", false),
            ("void", "tool.failed", "The MCP server \"s\" answered the call with what is no answer.", true),
            ("die", "tool.serverDied", "The MCP server \"s\" ended with the exit code 3: Good bye.", true),
        ])
    func failures(tool: String, kind: String, message: String, isRetryable: Bool) async throws {
        let server = try Server("2025-11-25")
        let failure = try #require(await server.failure(tool))
        #expect(failure.kind == kind)
        #expect(failure.message == message)
        #expect(failure.isRetryable == isRetryable)
        // One that has died is started again.
        #expect(await server.result("echo", ["text": "again"])?.said == "again")
    }

    @Test("Progress is told in integers, before the result")
    func progress() async throws {
        let server = try Server("2025-11-25")
        let reports = await server.call("progress").map { "\($0)" }
        #expect(reports.count == 3)
        #expect(reports[0] == "\(AttemptReporter.Report.progress(current: 25, total: 100, message: "Working"))")
    }

    @Test("What is structured is kept, though servers say it twice")
    func structured() async throws {
        let server = try Server("2025-11-25")
        let result: JSONValue = ["content": [["type": "text", "text": "{\"n\":1}"]], "structuredContent": ["n": 1]]
        #expect(await server.result("structured") == result)
    }

    @Test("A call that is no longer wanted is cancelled, and reports nothing")
    func cancel() async throws {
        let server = try Server("2025-11-25")
        #expect(await server.result("echo") != nil)
        let key = AttemptKey(runID: "r", path: "hang", number: 1)
        server.pool.call(
            ToolCall(key: key, tool: "hang", arguments: [:]) { Issue.record("It reports \($0).") }, of: "s")
        server.pool.cancel(key)
        await server.lines.wait(for: "Cancelled.")
        #expect(await server.result("echo", ["text": "still there"])?.said == "still there")
    }

    @Test("A server's own requests are answered, or refused where a person would have to allow them")
    func requests() async throws {
        let server = try Server("2025-11-25")
        #expect(await server.result("ask")?.said == "[{},{\"roots\":[{\"uri\":\"file:///tmp\"}]},-32601]")
    }

    @Test("A message beyond the limit fails its call alone")
    func large() async throws {
        var limits = ServerLimits()
        limits.messageBytes = 1 << 15
        let server = try Server("2025-11-25", limits: limits)
        #expect(await server.failure("big")?.kind == "payload.tooLarge")
        #expect(await server.result("echo", ["text": "still there"])?.said == "still there")
    }

    @Test("It has the few variables that commands have, and its own")
    func environment() async throws {
        let server = try Server("2025-11-25", environment: ["OWN": "mine"])
        #expect(await server.result("environment", ["name": "OWN"])?.said == "mine")
        #expect(await server.result("environment", ["name": "LD_LIBRARY_PATH"])?.said == "none")
    }

    @Test("A server that is none, or not configured, fails its calls")
    func missing() async throws {
        let server = try Server("2025-11-25")
        #expect(await server.failure("echo", of: "other")?.kind == "tool.serverMissing")
        let none = ServerConfiguration(name: "none", command: ["/no/such/program"])
        let pool = ServerPool(.init(servers: [none], directory: "/tmp", version: "1"))
        let failure = await withCheckedContinuation { continuation in
            pool.list("none") { result in
                if case .failure(let failure) = result { continuation.resume(returning: failure) }
            }
        }
        #expect(failure.kind == "tool.serverFailed")
    }

    @Test("At the end every server is ended")
    func end() async throws {
        let server = try Server("2025-11-25")
        #expect(await server.result("echo") != nil)
        server.pool.endAll(within: .seconds(5))
        #expect(await server.result("echo", ["text": "anew"])?.said == "anew")
    }
}
