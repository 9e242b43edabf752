import Agents
import JSON
import Synchronization
import Testing
import WorkflowEngine
import WorkflowModel

@Suite("Scripted models")
struct ScriptTests {
    /// An engine whose time passes when a test says so.
    private final class Stage {
        let hearing = Hearing()
        let engine: Engine
        private let clock = Clock()

        private final class Clock: Sendable {
            let milliseconds = Mutex<Int64>(0)
        }

        init() {
            let clock = clock
            engine = Engine(
                mailbox: Mailbox(),
                environment: Environment(
                    now: { Timestamp(milliseconds: clock.milliseconds.withLock { $0 }) }, makeID: { "id" },
                    chance: { 0 }))
        }

        func provider(_ path: String? = nil) -> ScriptedProvider {
            ScriptedProvider(path: path, mailbox: engine.mailbox)
        }

        func pass(_ milliseconds: Int64) {
            clock.milliseconds.withLock { $0 += milliseconds }
            engine.runTurn(within: .zero)
        }
    }

    private let stage = Stage()

    private func lines(_ script: JSONValue, _ request: ModelRequest) throws -> [String] {
        let file = try TemporaryFile(script.serialized())
        stage.provider(file.path).generate(request, reporter: stage.hearing.reporter())
        return stage.hearing.take()
    }

    @Test("echo says the prompt, and loses nothing of it")
    func echo() {
        stage.provider().generate(.turn("echo", .asking(" Grüße,  dear\nreader ")), reporter: stage.hearing.reporter())
        #expect(
            stage.hearing.take() == [
                "text  Grüße,  dear\nreader ",
                #"answer {"text":" Grüße,  dear\nreader "}"#,
            ])
    }

    @Test("A model that is none is refused, and told which there are")
    func unknown() throws {
        let lines = try lines(["coder": []], .turn("writer", .asking("x")))
        #expect(lines.count == 1)
        #expect(lines.first?.contains("model.badRequest") == true)
        #expect(lines.first?.contains("scripted/coder, scripted/echo") == true)
    }

    private static let conversation: JSONValue = [
        "coder": [
            [
                "prompt": "tests fail",
                "turns": [
                    [
                        "chunks": ["Let me ", "see."], "toolCalls": [["tool": "read", "input": ["path": "a.c"]]],
                        "usage": ["outputTokens": 5],
                    ],
                    ["text": "It is mended."],
                ],
            ],
            ["turns": [["text": "Nothing to do."]]],
        ]
    ]

    @Test("A conversation goes by the first scene that fits its prompt, turn by turn")
    func scenes() throws {
        let work = AgentWork.asking("The tests fail: 3")
        #expect(
            try lines(Self.conversation, .turn("coder", work)) == [
                "text Let me see.",
                #"answer {"text":"Let me see.","toolCalls":[{"callId":"call-1-1","tool":"read","input":{"path":"a.c"}}],"usage":{"outputTokens":5}}"#,
            ])
        let next = work.after((text: "Let me see.", told: "Go on."))
        #expect(
            try lines(Self.conversation, .turn("coder", next)) == [
                "text It is mended.", #"answer {"text":"It is mended."}"#,
            ])
        #expect(
            try lines(Self.conversation, .turn("coder", .asking("Hello"))).last == #"answer {"text":"Nothing to do."}"#)
        let late = try lines(Self.conversation, .turn("coder", next.after((text: "It is mended.", told: "No."))))
        #expect(late.first?.contains("is asked for turn 3, and its scene has 2") == true)
    }

    @Test("What is thought comes before what is said")
    func thoughts() throws {
        let script: JSONValue = ["m": [["turns": [["thinking": "Hm, hm.", "text": "Yes."]]]]]
        #expect(
            try lines(script, .turn("m", .asking("x"))) == [
                "thinking Hm, hm.", "text Yes.", #"answer {"text":"Yes."}"#,
            ])
    }

    @Test("Timed answers come when they are due, and no more of one that is stopped")
    func timing() throws {
        let script: JSONValue = [
            "slow": [["turns": [["chunks": ["a", "b", "c"], "delayMs": 100, "chunkMs": 10]]]]
        ]
        let file = try TemporaryFile(script.serialized())
        let provider = stage.provider(file.path)
        provider.generate(.turn("slow", .asking("x")), reporter: stage.hearing.reporter())
        stage.pass(0)
        #expect(stage.hearing.take() == [])
        stage.pass(99)
        #expect(stage.hearing.take() == [])
        stage.pass(1)
        #expect(stage.hearing.take() == ["text a"])
        stage.pass(10)
        stage.pass(10)
        #expect(stage.hearing.take() == ["text b", "text c"])
        stage.pass(10)
        #expect(stage.hearing.take() == [#"answer {"text":"abc"}"#])

        provider.generate(.turn("slow", .asking("x")), reporter: stage.hearing.reporter())
        stage.pass(0)
        stage.pass(100)
        provider.stop(Hearing.key)
        stage.pass(100)
        #expect(stage.hearing.take() == ["text a"])
    }

    @Test("An answer that is cut off says its text first; an attempt that is late enough has it whole")
    func errors() throws {
        let error: JSONValue = ["kind": "model.interrupted", "message": "Cut.", "beforeAttempt": 2]
        let script: JSONValue = ["flaky": [["turns": [["text": "Half", "error": error]]]]]
        #expect(
            try lines(script, .turn("flaky", .asking("x"))) == [
                "text Half", #"failure {"kind":"model.interrupted","message":"Cut.","retryable":true}"#,
            ])
        #expect(
            try lines(script, .turn("flaky", .asking("x"), number: 2)) == ["text Half", #"answer {"text":"Half"}"#])
    }

    @Test(
        "A script that is none says where",
        arguments: [
            ("[]", "\"\""), ("{\"m\": 1}", "\"/m\""), ("{\"m\": [{\"turns\": 1}]}", "\"/m/0/turns\""),
            ("{\"m\": [{\"turns\": [], \"promt\": \"x\"}]}", "\"/m/0/promt\""),
            ("{\"m\": [{\"turns\": [], \"prompt\": 1}]}", "\"/m/0/prompt\""),
            ("{\"m\": [{\"turns\": [{\"txt\": \"\"}]}]}", "\"/m/0/turns/0/txt\""),
            ("{\"m\": [{\"turns\": [{\"text\": 1}]}]}", "/m/0/turns/0"),
            ("{\"m\": [{\"turns\": [{\"chunks\": [1]}]}]}", "\"/m/0/turns/0/chunks\""),
            ("{\"m\": [{\"turns\": [{\"chunks\": [\"a\"], \"text\": \"b\"}]}]}", "\"/m/0/turns/0/text\""),
            ("{\"m\": [{\"turns\": [{\"delayMs\": -1}]}]}", "\"/m/0/turns/0/delayMs\""),
            ("{\"m\": [{\"turns\": [{\"toolCalls\": [{}]}]}]}", "/toolCalls/0/tool"),
            ("{\"m\": [{\"turns\": [{\"error\": {}}]}]}", "\"/m/0/turns/0/error\""), ("{", "no JSON"),
        ])
    func malformed(script: String, place: String) throws {
        let file = try TemporaryFile(script)
        stage.provider(file.path).generate(.turn("m", .asking("x")), reporter: stage.hearing.reporter())
        let failure = try #require(stage.hearing.failure())
        #expect(failure.kind == "model.unavailable")
        #expect(!failure.isRetryable)
        #expect(failure.message.contains(place), "\(failure.message)")
    }

    @Test("A script that cannot be read fails its models, and is named")
    func missing() {
        stage.provider("/nonexistent/script").generate(
            .turn("m", .asking("x")), reporter: stage.hearing.reporter())
        #expect(stage.hearing.failure()?.message == "The script /nonexistent/script cannot be read.")
    }
}
