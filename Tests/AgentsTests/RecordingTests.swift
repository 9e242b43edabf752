import Agents
import JSON
import Testing
import WorkflowModel

@testable import WorkflowEngine

/// Performs nothing: a test says what each attempt reports.
private final class Idle: StepExecutor {
    private(set) var reporters: [AttemptKey: AttemptReporter] = [:]
    private(set) var stopped: [AttemptKey] = []
    var readiness = Readiness.ready

    func readiness(for step: StepKind) -> Readiness { readiness }
    func start(_ attempt: Attempt, reporter: AttemptReporter) { reporters[attempt.key] = reporter }
    func stop(_ key: AttemptKey) { stopped.append(key) }
}

/// An engine whose steps are recorded in a file, or come from it.
private struct Studio {
    let engine: Engine
    let idle = Idle()
    let hearing = Hearing()

    init(recordingTo path: String) {
        engine = Engine(mailbox: Mailbox(), environment: .live)
        for kind in trafficKinds { engine.install(idle, for: kind) }
        RecordingExecutor.install(in: engine, path: path)
    }

    init(replaying path: String) {
        engine = Engine(mailbox: Mailbox(), environment: .live)
        for kind in trafficKinds { engine.install(idle, for: kind) }
        ReplayingExecutor.install(in: engine, path: path)
    }

    @discardableResult
    func start(_ work: Work, at path: String = "a", isToolCall: Bool = false) -> AttemptKey {
        let key = AttemptKey(runID: "r", path: path, number: 1)
        var attempt = Attempt(
            key: key, executionID: "e", step: path, work: work, cwd: "/", deadline: nil)
        attempt.isToolCall = isToolCall
        engine.executor(of: work.kind)?.start(attempt, reporter: hearing.reporter(key))
        return key
    }

    /// Starts it and lets it report.
    func perform(_ work: Work, at path: String = "a", isToolCall: Bool = false, _ reports: AttemptReporter.Report...) {
        let key = start(work, at: path, isToolCall: isToolCall)
        for report in reports { idle.reporters[key]?.report(report) }
    }

    /// What an attempt reports.
    func lines(_ work: Work, at path: String = "a", isToolCall: Bool = false) -> [String] {
        _ = hearing.take()
        start(work, at: path, isToolCall: isToolCall)
        return hearing.take()
    }
}

extension Work {
    fileprivate var kind: String {
        switch self {
        case .agent: "agent"
        case .call: "call"
        case .command: "command"
        case .tool: "tool"
        case .program: "program"
        case .hosted: "step"
        }
    }

    fileprivate static func asking(_ prompt: String) -> Work { .agent(.asking(prompt)) }
    fileprivate static let tool = Work.tool(ToolWork(server: "files", tool: "read", arguments: ["path": "a.c"]))
}

@Suite("Recordings")
struct RecordingTests {
    private let file: TemporaryFile

    init() throws { file = try TemporaryFile() }

    private static let answer = ModelAnswer(
        text: "Let me see.", calls: [ModelAnswer.Call(id: "c", tool: "read", input: ["path": "a.c"])],
        usage: ModelUsage(json: ["inputTokens": 3]), state: ["signed": "x"])

    @Test("What was said is said again, piece by piece, whoever is there to say it")
    func again() throws {
        let failure = Failure(kind: "model.interrupted", message: "Cut.", details: ["at": 7])
        let recorded = Studio(recordingTo: file.path)
        recorded.perform(
            .asking("one"), .thinking("Hm."), .text("Let me "), .text("see."), .heartbeat, .answered(Self.answer))
        recorded.perform(.asking("two"), .text("Ha"), .failed(failure))
        recorded.perform(
            .tool, at: "a/tool[read]", .progress(current: 1, total: 2, message: "half"),
            .log(level: .warning, message: "slow"), .succeeded(["text": nil]))
        recorded.perform(.call(handler: "h", input: 1), at: "c", isToolCall: true, .interrupted)
        let command = Work.command(CommandWork(arguments: ["ls"], environment: ["TOKEN": "hidden"], stdin: "{}"))
        recorded.perform(command, at: "d", isToolCall: true, .succeeded(nil))
        #expect(!file.text.contains("hidden"))
        #expect(file.lines.count == 5)

        let played = Studio(replaying: file.path)
        played.idle.readiness = .missingHandler("x")
        #expect(played.lines(command, at: "d", isToolCall: true) == ["output null"])
        #expect(played.lines(.call(handler: "h", input: 1), at: "c", isToolCall: true) == ["interrupted"])
        #expect(
            played.lines(.tool, at: "elsewhere") == [
                "progress 1/2 half", "log warning slow", #"output {"text":null}"#,
            ])
        #expect(played.lines(.asking("two")) == ["text Ha", "failure \(failure.json)"])
        #expect(
            played.lines(.asking("one")) == [
                "thinking Hm.", "text Let me ", "text see.", AttemptReporter.Report.answered(Self.answer).line,
            ])
        #expect(played.idle.reporters.isEmpty)
    }

    @Test("What is equal comes in its order, and no more often than it came")
    func equals() throws {
        let recorded = Studio(recordingTo: file.path)
        for text in ["1", "2"] { recorded.perform(.asking("x"), .answered(ModelAnswer(text: text))) }
        let played = Studio(replaying: file.path)
        #expect(played.lines(.asking("x")) == [#"answer {"text":"1"}"#])
        #expect(played.lines(.asking("x")) == [#"answer {"text":"2"}"#])
        played.start(.asking("x"))
        let failure = try #require(played.hearing.failure())
        #expect(failure.kind == "model.recordingMismatch")
        #expect(failure.message == "The recording has this request no more often than it was made (lines 1, 2).")
    }

    @Test("A line says what is new in a conversation, and the whole is found again")
    func growth() throws {
        let recorded = Studio(recordingTo: file.path)
        let long = String(repeating: "Long. ", count: 1000)
        var works = [AgentWork.asking(long)]
        for number in 1...5 {
            works.append(.asking(long))
            for turn in 1...number {
                let answer = ModelAnswer(text: "\(turn) " + long)
                works[number].conversation.add(AgentTurned(path: "a", attempt: 1, turn: turn, answer: answer))
                works[number].conversation.tell("No.")
            }
        }
        for (number, work) in works.enumerated() {
            recorded.perform(.agent(work), .answered(ModelAnswer(text: "\(number + 1) " + long)))
        }
        // Every answer stands there twice: when it was given, and as what the next one answers to.
        #expect(file.text.utf8.count < 12 * long.utf8.count + 2000)
        let played = Studio(replaying: file.path)
        for (number, work) in works.enumerated().reversed() {
            #expect(played.lines(.agent(work)) == ["answer {\"text\":\"\(number + 1) \(long)\"}"])
        }
    }

    @Test("A request that was not made is told with the nearest one, and where they differ")
    func mismatch() throws {
        let recorded = Studio(recordingTo: file.path)
        var work = AgentWork.asking("x")
        work.system = "Be kind."
        recorded.perform(.asking("far"), .answered(ModelAnswer(text: "")))
        recorded.perform(.agent(work), .answered(ModelAnswer(text: "")))
        recorded.perform(.tool, .succeeded(1))
        let played = Studio(replaying: file.path)
        work.system = "Be curt."
        played.start(.agent(work))
        let failure = try #require(played.hearing.failure())
        #expect(failure.kind == "model.recordingMismatch")
        #expect(!failure.isRetryable)
        #expect(
            failure.message
                == #"The recording has no such request. The nearest, on line 2, differs at "/model/system": there is "Be kind.", and here "Be curt."."#
        )
        #expect(
            failure.details == [
                "line": 2, "pointer": "/model/system", "recorded": "Be kind.", "requested": "Be curt.",
            ])
        _ = played.hearing.take()
        played.start(.tool(ToolWork(server: "files", tool: "read", arguments: [:])))
        let tool = try #require(played.hearing.failure())
        #expect(tool.kind == "tool.recordingMismatch")
        #expect(tool.details?["pointer"] == "/tool/arguments/path")
        #expect(tool.message.contains("here nothing"))
        _ = played.hearing.take()
        played.start(.call(handler: "h", input: nil), isToolCall: true)
        #expect(
            played.hearing.failure()?.message == "The recording has no more requests of the kind \"call\".")
    }

    @Test("What was stopped says no more in a replay either; what the end of the engine cut off was never said")
    func stopped() throws {
        let recorded = Studio(recordingTo: file.path)
        let executor = try #require(recorded.engine.executor(of: "agent"))
        let key = recorded.start(.asking("x"))
        recorded.idle.reporters[key]?.report(.text("Ha"))
        executor.stop(key)
        #expect(recorded.idle.stopped == [key])
        // Late words change nothing.
        recorded.idle.reporters[key]?.report(.answered(ModelAnswer(text: "Ha")))
        #expect(file.lines.count == 1)
        let last = recorded.start(.asking("y"))
        recorded.engine.stop()
        executor.stop(last)
        #expect(file.lines.count == 1)
        #expect(Studio(replaying: file.path).lines(.asking("x")) == ["text Ha"])
    }

    @Test("Handlers and commands that no model calls are performed as ever")
    func others() throws {
        Studio(recordingTo: file.path).perform(.call(handler: "h", input: 1), .succeeded(2))
        #expect(file.lines.isEmpty)
        file.text = ""
        let played = Studio(replaying: file.path)
        played.perform(.call(handler: "h", input: 1), .succeeded(2))
        #expect(played.hearing.take() == ["output 2"])
    }

    @Test("In a replay a tool's handler need not be there, and nobody else's is")
    func readiness() throws {
        let recorded = Studio(recordingTo: file.path)
        recorded.perform(.call(handler: "h", input: 1), isToolCall: true, .succeeded(2))
        let played = Studio(replaying: file.path)
        played.idle.readiness = .missingHandler("?")
        func readiness(_ step: JSONObject, _ kind: String) throws -> Readiness? {
            let document: JSONValue = ["name": "w", "flow": ["START": "a", "a": .object(step)]]
            let parsed = try #require(try Workflow.parse(document).0.flow["a"])
            return played.engine.executor(of: kind)?.readiness(for: parsed.kind)
        }
        #expect(try readiness(["call": "h"], "call") == .ready)
        #expect(try readiness(["call": "other"], "call") == .missingHandler("?"))
        #expect(try readiness(["agent": ["model": "m/x"], "prompt": "x"], "agent") == .ready)
    }

    @Test("A recording goes on where it was, and a line that was cut off by a crash is none")
    func goesOn() throws {
        for text in ["1", "2"] {
            Studio(recordingTo: file.path).perform(.asking("x"), .answered(ModelAnswer(text: text)))
        }
        file.text += "{\"path\":\"a\",\"requ"
        let played = Studio(replaying: file.path)
        #expect(played.lines(.asking("x")) == [#"answer {"text":"1"}"#])
        #expect(played.lines(.asking("x")) == [#"answer {"text":"2"}"#])
    }

    @Test(
        "A recording that is none fails what needs it, and says where",
        arguments: [
            ("{\n", "At line 1"), ("\n{}\n", "At line 2"), (#"{"request":{"model":{}}}"# + "\n", "none of answer"),
            (#"{"request":{"model":{"after":"x"}},"answer":{}}"# + "\n", #"the id "x""#),
            (#"{"request":{"tool":{}},"said":[1],"output":1}"# + "\n", "cannot be read: 1"),
            (#"{"request":{"model":{}},"answer":{"text":1}}"# + "\n", "/text"),
        ])
    func broken(text: String, complaint: String) throws {
        file.text = text
        let played = Studio(replaying: file.path)
        played.start(.asking("x"))
        let failure = try #require(played.hearing.failure())
        #expect(["model.recordingFailed", "model.malformed"].contains(failure.kind))
        #expect(failure.message.contains(complaint), "\(failure.message)")
    }

    @Test("A file that cannot be written fails what would be lost; one that is missing fails its replay")
    func unwritable() throws {
        let recorded = Studio(recordingTo: "/nonexistent/recording")
        recorded.start(.asking("x"))
        #expect(recorded.hearing.failure()?.kind == "model.recordingFailed")
        #expect(recorded.idle.reporters.isEmpty)
        let played = Studio(replaying: "/nonexistent/recording")
        played.start(.asking("x"))
        #expect(played.hearing.failure()?.kind == "model.recordingFailed")
    }
}
