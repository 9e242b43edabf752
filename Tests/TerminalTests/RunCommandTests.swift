import Glibc
import JSON
import RPC
import Testing

@testable import Terminal

@Suite struct RunCommandTests {
    private static let created: JSONValue = ["runId": "run-1", "seq": 1, "status": "in-progress"]
    private static let started = FakeService.notification(
        "step/started", ["path": "build", "kind": "command", "at": "2026-11-21T02:15:33.000Z"])
    private static let built = FakeService.notification(
        "step/completed",
        [
            "path": "build", "at": "2026-11-21T02:15:34.250Z",
            "decision": ["from": "build", "to": "ask", "condition": "result.exitCode == 0", "reason": "when"],
        ])
    private static let completed = FakeService.notification("run/completed", ["output": ["file": "notes.md"]])
    private static let asked = FakeService.notification(
        "execution/approvalRequested",
        ["interactionId": "q-1", "kind": "approval", "path": "ask", "message": "Ship it?", "required": 1, "votes": []])
    private static let awaiting = FakeService.notification(
        "run/statusChanged", ["status": "awaiting", "isPaused": false, "previous": "in-progress"])

    private static func text(_ text: String) -> JSONValue {
        FakeService.notification("execution/textDelta", ["path": "build", "attempt": 1, "text": .string(text)])
    }

    /// Creates a run that at once does what the notifications say; an answer ends it, if it is the expected one.
    private static func service(_ notifications: [JSONValue], expecting value: JSONValue = "approved") -> FakeService {
        FakeService { method, params in
            switch method {
            case "run/create": return .init(answer: .success(created), notifications: notifications)
            case "execution/respondApproval", "execution/respondInput":
                guard (params["decision"] ?? params["value"]) == value else {
                    let data: JSONValue = ["kind": "input.invalid"]
                    return .init(answer: .failure(RPCError(code: -32000, message: "/value does not fit.", data: data)))
                }
                let resolved = FakeService.notification(
                    "execution/interactionResolved", ["interactionId": "q-1", "status": "approved", "approver": "ada"])
                return .init(answer: .success(["resolved": true]), notifications: [resolved, completed])
            default: return nil
            }
        }
    }

    private static func run(
        _ words: [String] = [], on service: FakeService, typed: [String]? = nil, isInterrupted: Bool = false
    ) throws -> Performance {
        let file = try TemporaryFile("{\"name\": \"ship\", \"flow\": {}}")
        return try .of(["run", file.path] + words, on: service, typed: typed, isInterrupted: isInterrupted)
    }

    @Test("Steps, text, decisions and the output are shown as they come")
    func shows() throws {
        let notifications = [Self.started, Self.text("one\nt"), Self.text("wo"), Self.built, Self.completed]
        let performance = try Self.run(on: Self.service(notifications))
        #expect(
            performance.output == """
                ship  run-1
                ▸ build
                    one
                    two
                ✓ build                   1.3 s
                    → ask  when result.exitCode == 0

                completed
                {
                  "file": "notes.md"
                }

                """)
        #expect(performance.errors.isEmpty)
        #expect(performance.exitCode == .completed)
    }

    @Test("The request says what the command line said, and allows commands unless it is told not to")
    func requests() throws {
        let service = Self.service([Self.completed])
        let words = ["--input", "{\"a\": 1}", "--label", "k=v=w", "--run-id", "mine"]
        #expect(try Self.run(words, on: service).exitCode == .completed)
        let create = try #require(service.params(of: "run/create").first)
        #expect(create["input"] == ["a": 1])
        #expect(create["labels"] == ["k": "v=w"])
        #expect(create["runId"] == "mine")
        #expect(create["start"] == true)
        #expect(create["workflow"]?["name"] == "ship")
        #expect(service.params(of: "initialize").first?["capabilities"] == ["commands": true])
        #expect(service.params(of: "shutdown").count == 1)

        let strict = Self.service([Self.completed])
        _ = try Self.run(["--no-commands"], on: strict)
        #expect(strict.params(of: "initialize").first?["capabilities"] == [:])
    }

    @Test(
        "A run that fails or is cancelled says why, in the exit code too",
        arguments: [
            ("run/failed", ["error": ["kind": "command.exited", "message": "It broke.", "step": "build"]], .failed),
            ("run/cancelled", ["reason": "enough"], .cancelled),
        ] as [(String, JSONObject, ExitCode)])
    func ends(method: String, params: JSONObject, exitCode: ExitCode) throws {
        let performance = try Self.run(on: Self.service([FakeService.notification(method, params)]))
        #expect(performance.exitCode == exitCode)
        if exitCode == .failed { #expect(performance.errors == "It broke. (command.exited, step build)\n") }
        if exitCode == .cancelled { #expect(performance.output.hasSuffix("\ncancelled: enough\n")) }
    }

    @Test("Without a terminal nothing is asked: the run is left safe, and the commands that go on are told")
    func leaves() throws {
        let service = Self.service([Self.asked, Self.awaiting])
        let performance = try Self.run(["--store", "my runs.db"], on: service)
        #expect(performance.exitCode == .waiting)
        #expect(
            performance.errors == """
                The run waits, and is safe.
                  ? Ship it?
                    fermata approve run-1 --store 'my runs.db'   (or with --reject)
                  Go on with: fermata resume run-1 --store 'my runs.db'

                """)
        #expect(service.params(of: "execution/respondApproval").isEmpty)
        #expect(service.params(of: "shutdown").count == 1)
    }

    @Test("With --approve an approval is given without asking, but none that guards an interrupted step")
    func approves() throws {
        let service = Self.service([Self.asked, Self.awaiting])
        #expect(try Self.run(["--approve"], on: service).exitCode == .completed)
        #expect(service.params(of: "execution/respondApproval").first?["approver"] == "ada")

        let guarding = FakeService.notification(
            "execution/approvalRequested",
            ["interactionId": "q-1", "kind": "approval", "message": "Again?", "reason": "interrupted"])
        let guarded = Self.service([guarding, Self.awaiting])
        #expect(try Self.run(["--approve"], on: guarded).exitCode == .waiting)
        #expect(guarded.params(of: "execution/respondApproval").isEmpty)
    }

    @Test("Whoever watches sees the question and is not asked; what somebody else decides is told")
    func watches() throws {
        let service = FakeService { method, _ in
            switch method {
            case "run/get": return .init(answer: .success(Self.created))
            case "run/subscribe":
                let resolved = FakeService.notification(
                    "execution/interactionResolved", ["interactionId": "q-1", "status": "rejected", "approver": "bo"])
                return .init(notifications: [Self.asked, Self.awaiting, resolved, Self.completed])
            default: return nil
            }
        }
        let performance = try Performance.of(["watch", "run-1"], on: service, typed: ["y"])
        #expect(performance.exitCode == .completed)
        #expect(performance.output.hasPrefix("? Ship it?\n    rejected by bo\n\ncompleted\n"))
        #expect(service.params(of: "execution/respondApproval").isEmpty)
    }

    @Test("A paused run is resumed, one that was not started is started, and open questions are asked again")
    func resumes() throws {
        for (status, isPaused, method) in [("awaiting", true, "run/resume"), ("pending", false, "run/start")] {
            let service = FakeService { asked, params in
                switch asked {
                case "run/get":
                    let run: JSONValue = [
                        "runId": "run-1", "status": .string(status), "isPaused": .bool(isPaused), "seq": 9,
                    ]
                    return .init(answer: .success(run))
                case "execution/interactions":
                    let question = Self.asked["params"] ?? .null
                    return .init(answer: .success(["interactions": [question]]))
                case "execution/respondApproval":
                    return .init(answer: .success(["resolved": true]), notifications: [Self.completed])
                default: return nil
                }
            }
            let performance = try Performance.of(["resume", "run-1"], on: service, typed: ["yes"])
            #expect(performance.exitCode == .completed)
            #expect(service.params(of: method) == [["runId": "run-1"]])
            #expect(service.params(of: "run/subscribe").first?["afterSeq"] == 9)
        }
    }

    @Test("At a terminal an approval is asked until the answer is one")
    func asksForApproval() throws {
        let service = Self.service([Self.asked, Self.awaiting])
        let performance = try Self.run(on: service, typed: ["perhaps", "Y"])
        #expect(performance.exitCode == .completed)
        #expect(performance.output.contains("? Ship it?\n  [y]es / [n]o:   [y]es / [n]o:     approved by ada\n"))
    }

    @Test("Whoever is not among the approvers is asked who decides")
    func asksWhoDecides() throws {
        let asked = FakeService.notification(
            "execution/approvalRequested",
            ["interactionId": "q-1", "kind": "approval", "message": "Ship it?", "approvers": ["lead", "legal"]])
        let service = Self.service([asked, Self.awaiting])
        #expect(try Self.run(on: service, typed: ["le", "legal", "yes"]).exitCode == .completed)
        #expect(service.params(of: "execution/respondApproval").first?["approver"] == "legal")
    }

    @Test("An input is asked again, with the reason, until it is JSON and fits its schema")
    func asksForInput() throws {
        let asked = FakeService.notification(
            "execution/inputRequested",
            ["interactionId": "q-1", "kind": "input", "prompt": "How many?", "schema": ["type": "integer"]])
        let service = Self.service([asked, Self.awaiting], expecting: 3)
        let performance = try Self.run(on: service, typed: ["three", "2", "3"])
        #expect(performance.exitCode == .completed)
        #expect(service.params(of: "execution/respondInput").compactMap { $0["value"]?.int } == [2, 3])
        #expect(performance.output.contains("This is not JSON"))
        #expect(performance.output.contains("/value does not fit."))
    }

    @Test("A text is taken as it is typed")
    func takesText() throws {
        let asked = FakeService.notification(
            "execution/inputRequested",
            ["interactionId": "q-1", "kind": "input", "prompt": "Name?", "schema": ["type": "string"]])
        let service = Self.service([asked, Self.awaiting], expecting: "ada lovelace")
        #expect(try Self.run(on: service, typed: [" ada lovelace "]).exitCode == .completed)
    }

    @Test("Ctrl-C ends the session in order, and says how to go on")
    func interrupts() throws {
        let service = FakeService { method, _ in method == "run/create" ? .init(answer: .success(Self.created)) : nil }
        let performance = try Self.run(on: service, isInterrupted: true)
        #expect(performance.exitCode == .interrupted)
        #expect(service.params(of: "shutdown").count <= 1)
    }

    @Test("With --json each notification is a line, and nothing else is on standard output")
    func writesJSON() throws {
        let service = Self.service([Self.started, Self.built, Self.asked, Self.awaiting])
        let performance = try Self.run(["--json"], on: service, typed: ["y"])
        #expect(performance.exitCode == .waiting)
        let lines = try performance.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        #expect(
            lines.map { $0["method"]?.string } == [
                "step/started", "step/completed", "execution/approvalRequested", "run/statusChanged",
            ])
    }

    @Test("An invalid document is told problem by problem")
    func tellsProblems() throws {
        let problem: JSONValue = [
            "pointer": "/flow/START", "severity": "error", "kind": "flow.unknownTarget", "message": "There is no step.",
            "hint": "Did you mean \"build\"?",
        ]
        let error = RPCError(
            code: -32000, message: "Not valid.", data: ["kind": "workflow.invalid", "problems": [problem]])
        let service = FakeService { method, _ in method == "run/create" ? .init(answer: .failure(error)) : nil }
        let performance = try Self.run(on: service)
        #expect(performance.exitCode == .usage)
        #expect(performance.errors.contains(" /flow/START: There is no step.\n  Did you mean \"build\"?\n"))
    }

    @Test("A file that is not there or not JSON is told before any service is asked")
    func tellsBadFiles() throws {
        let service = Self.service([])
        let missing = try Performance.of(["run", "/nowhere/x.json"], on: service)
        #expect(missing.errors == "fermata: /nowhere/x.json cannot be read: No such file or directory.\n")
        let file = try TemporaryFile("{\n  \"name\": nope\n}")
        let broken = try Performance.of(["validate", file.path], on: service)
        #expect(broken.errors.contains("is not JSON: line 2, column 12"))
        #expect([missing.exitCode, broken.exitCode] == [.usage, .usage])
        #expect(service.params(of: "initialize").isEmpty)
    }
}

/// A file that goes with the test.
final class TemporaryFile {
    let path: String

    init(_ text: String) throws {
        var template = Array("/tmp/fermata-test-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw Complaint.service("There is no room for a file.") }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        var text = text
        text.withUTF8 { _ = write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
    }

    deinit { unlink(path) }
}
