import FermataKit
import FermataTesting
import Glibc
import Synchronization
import Testing

// Each usage example of the five documents that the library comes from, in Swift. What is to be compared stands between two marks, of
// which the first tells how long it is there: a test counts that it is no longer here.

struct Hello: Workflow {
    func execute(_ name: String, in context: Context) async throws -> String {
        let mood = try await context.waitForInput(
            "How are you?", as: String.self, fallback: "well", expiresAfter: .seconds(5))
        try await context.step("say") { context.text("Hello, \(name), who is \(mood).") }
        return "said"
    }
}

@Suite("The seeds' examples")
struct SeedTests {
    let test = TestFermata()

    @Test("ADR-001: simply awaited")
    func awaited() async throws {
        let (workflow, runtime) = (Hello(), test.fermata)
        // 1 line there.
        let result = try await workflow.run("Hello", on: runtime).start().result
        // That far.
        #expect(result == "said")
    }

    @Test("ADR-001: with streaming")
    func streaming() async throws {
        let (workflow, runtime, printed) = (Hello(), test.fermata, Printer())
        // 7 lines there.
        let result = try await workflow.run(
            "Hello",
            options: .init(
                onTextDelta: { printed.print($0) }
            ), on: runtime
        ).start().result
        // That far.
        #expect(result == "said")
        #expect(printed.text == "Hello, Hello, who is well.")
    }

    @Test("ADR-001: a question is answered by what the closure returns")
    func questions() async throws {
        let (workflow, runtime, printed) = (Hello(), test.fermata, Printer())
        // 9 lines there.
        let result = try await workflow.run(
            "Hello",
            options: .init(
                onTextDelta: { printed.print($0) },
                onInputRequested: { request in
                    await promptUser(request.prompt)
                }
            ), on: runtime
        ).start().result
        // That far.
        #expect(result == "said")
        #expect(printed.text == "Hello, Hello, who is asked How are you?.")
    }

    @Test("ADR-001: paused and resumed")
    func pausing() async throws {
        let (workflow, runtime) = (Hello(), test.fermata)
        // 4 lines there.
        let execution = try await workflow.run("Hello", on: runtime).start()
        try await execution.pause()
        try await execution.resume()
        let result = try await execution.result
        // That far.
        #expect(result == "said")
    }

    @Test("Run: created, started, watched")
    func runs() async throws {
        let (workflow, runtime, printed) = (Hello(), test.fermata, Printer())
        // 14 lines there.
        // Create and start a run
        let options = RunOptions<String>(
            timeout: .seconds(30), retry: Retry(attempts: 3, delay: .seconds(1)),
            onStatusChange: { printed.print("Status: \($0.rawValue) ") })
        let run = workflow.run("Hello", options: options, on: runtime)

        let execution = try await run.start()

        // Monitor progress
        printed.print("Progress: \(execution.progress.current)/\(execution.progress.total) ")

        // Wait for result
        let result = try await execution.result
        // That far.
        #expect(result == "said")
        #expect(printed.text.contains("Status: awaiting Status: in-progress Status: completed"))
        #expect(printed.text.contains("Progress: 0/"))
    }

    @Test("Workflow patterns: BuildAndDeploy, imperatively")
    func buildsAndDeploys() async throws {
        let test = TestFermata()
        let output = try await BuildAndDeploy().run(.init(repo: "acme/app"), on: test.fermata).start().result
        #expect(output == "out.tar")
    }

    @Test("Execution: an approval and an input, typed")
    func people() async throws {
        let options = RunOptions<String>.answering(
            approvals: [.approved(by: "ops-lead")], inputs: [DeployConfig(target: "staging")])
        let result = try await Ask().run("app", options: options, on: test.fermata).start().result
        #expect(result == "app to staging, by ops-lead")
    }

    @Test("Workflow patterns: steps in parallel, and what gathers them")
    func parallel() async throws {
        let result = try await Bundle().run(["linux", "mac", "win"], on: test.fermata).start().result
        #expect(result == "linux.o mac.o win.o")
    }

    @Test("Workflow patterns: a gate after parallel builds, on a store that survives restarts")
    func gate() async throws {
        let (linux, mac, win) = (Step.call("linux") { "l" }, Step.call("mac") { "m" }, Step.call("win") { "w" })
        let flow = try Flow("release") {
            // 1 line there.
            Step.parallel("Build") { for build in [linux, mac, win] { build } }
            // That far.
            // 1 line there.
            Step.approval("Deploy", "Release?", policy: ApprovalPolicy(approvers: ["ops-lead"]))
            // That far.
            Step.call("Release", with: "${steps.Build.result}") { (built: [String: String], _) in built.values.sorted()
            }
        }
        var template = Array("/tmp/fermata-seeds-XXXXXX".utf8CString)
        let folder = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
        defer { _ = try? Process.run("/bin/rm", ["-rf", folder], into: "/dev/null") }
        // 1 line there.
        let fermata = Fermata(store: .file(folder + "/runs.db"), namespace: "deploy")
        // That far.
        let options = RunOptions<[String]>.answering(approvals: [.approved(by: "ops-lead")])
        #expect(try await flow.run(as: [String].self, options: options, on: fermata).start().result == ["l", "m", "w"])
        await fermata.close()
    }

    @Test("Workflow patterns: run, paused, resumed, stopped")
    func stopped() async throws {
        let runtime = test.fermata
        // 4 lines there.
        let handle = try await Sleepy().run("acme/app", on: runtime).start()
        try await handle.pause()
        try await handle.resume()
        try await handle.cancel(reason: "Enough.")
        // That far.
        await #expect(throws: WorkflowFailure(kind: "run.cancelled", message: "Enough.", isRetryable: false)) {
            try await handle.result
        }
    }
}

@Suite("How long the seeds' examples are")
struct SeedLengthTests {
    @Test("None is longer here than there")
    func lengths() throws {
        var examples = 0
        for file in ["/SeedTests.swift", "/Flows/BuildAndDeployTests.swift"] {
            var (there, here) = (Int?.none, 0)
            let text = Process.text(Process.root + "/Tests/FermataKitTests" + file)
            for line in text.split(separator: "\n", omittingEmptySubsequences: false).map({ $0.drop { $0 == " " } }) {
                if line.hasPrefix("// "), line.hasSuffix(" there."),
                    let count = Int(line.dropFirst(3).prefix { $0 != " " })
                {
                    (there, here) = (count, 0)
                } else if line == "// That far.", let limit = there {
                    #expect(here <= limit, "The example that has \(limit) lines there")
                    examples += 1
                    there = nil
                } else {
                    here += 1
                }
            }
            #expect(there == nil)
        }
        #expect(examples == 12)
    }
}

// 15 lines there.
struct BuildAndDeploy: Workflow {
    struct Input: Codable, Sendable { var repo: String }

    func execute(_ input: Input, in context: Context) async throws -> String {
        try await context.step("Clone") {
            // ...
        }
        let artifact = try await context.step("Build") { "out.tar" }
        try await context.setState("artifact", artifact)
        try await context.step("Test") {}
        try await context.step("Deploy") {}
        return artifact
    }
}
// That far.

struct DeployConfig: Codable, Sendable { var target: String }

struct Ask: Workflow {
    func execute(_ app: String, in context: Context) async throws -> String {
        // 5 lines there.
        // During execution, an agent can request approval
        let approval = try await context.waitForApproval("Deploy to production?")

        // Or request input
        let config = try await context.waitForInput("Select deployment target", as: DeployConfig.self)
        // That far.
        return "\(app) to \(config.target), by \(approval.approver ?? "nobody")"
    }
}

struct Bundle: Workflow {
    func execute(_ systems: [String], in context: Context) async throws -> String {
        let parts = try await context.parallel(systems) { system, context in
            try await context.step("build") { system + ".o" }
        }
        return try await context.step("bundle") { parts.joined(separator: " ") }
    }
}

struct Sleepy: Workflow {
    func execute(_ name: String, in context: Context) async throws -> String {
        try await context.waitForApproval("Ready?").status.rawValue
    }
}

func promptUser(_ prompt: String) async -> String { "asked " + prompt }

/// What a person would see.
final class Printer: Sendable {
    private let printed = Mutex("")
    var text: String { printed.withLock { $0 } }
    func print(_ text: String) { printed.withLock { $0 += text } }
}
