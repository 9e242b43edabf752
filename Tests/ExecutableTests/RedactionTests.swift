import Glibc
import JSON
import Testing

@Suite("What a workflow redacts is hidden in whatever leaves, and the run goes on with it")
struct RedactionTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private static let document = workflow(
        "login",
        [
            "login": [
                "call": "login", "with": ["password": "${input.password}", "pin": "${input.pin}"], "next": "note",
            ],
            "note": ["set": ["session": "${steps.login.result.token}"], "next": "ask"],
            "ask": ["approval": ["message": "Use ${state.session}?", "show": "${input}"], "next": "print"],
            "print": [
                "command": ["sh", "-c", "printf \"$WORD\" | cut -c1-4; printf \"$WORD\""],
                "env": ["WORD": "${input.password}"], "next": "secretive",
            ],
            "secretive": ["command": ["echo", "never told"], "next": "last"],
            "last": ["call": "last", "with": ["token": "${state.session}"], "onError": "END", "next": "END"],
        ],
        [
            "state": ["session": nil], "output": ["token": "${state.session}", "pin": "${input.pin}", "open": "yes"],
            "redact": [
                "input.password", "input.pin", "input.users.*.name", "state.session", "steps.login.result.token",
                "steps.secretive.result",
            ],
        ])

    private static let input: JSONValue = [
        "password": "correct horse", "pin": 7, "users": [["name": "Ada L.", "id": 1], ["name": "Bo", "id": 2]],
    ]
    private static let hidden = ["correct horse", "tok-123", "Ada L.", "\"Bo\"", "never told\\n", "\"pin\":7"]

    /// What the client was told beside what it must perform.
    private func told(_ client: Client) -> [String] {
        client.transcript.filter { $0["method"] != "step/execute" }.map { $0.serialized() }
    }

    private func leaks(_ texts: [String]) -> [String] {
        texts.filter { text in Self.hidden.contains { text.contains($0) } }
    }

    private func perform(in client: Client) throws {
        let login = try client.execution(of: "login")
        #expect(login.params["input"] == ["password": "correct horse", "pin": 7])
        try login.say("step/textDelta", ["text": "correct"])
        try login.say("step/textDelta", ["text": " horse works"])
        try login.say("step/log", ["message": "with correct horse"])
        try login.say("step/progress", ["current": 1, "total": 2, "message": "correct horse"])
        try login.succeed(["token": "tok-123", "user": "ada"])
        try client.decide(try client.notification("execution/approvalRequested", of: "r"))
        let last = try client.execution(of: "last")
        #expect(last.params["input"] == ["token": "tok-123"])
        try last.fail(code: 1, "tok-123 is no more", data: ["retryable": false, "why": "correct horse"])
    }

    @Test("It is in no answer, notification, export or listing, however it got there")
    func hidden() throws {
        let client = try Client(in: folder)
        try client.initialize(handlers: ["login", "last"], commands: true)
        try client.call("run/create", started("r", Self.document, ["input": Self.input]))
        try perform(in: client)
        #expect(try client.runResult(of: "r")["output"] == ["token": "•••", "pin": "•••", "open": "yes"])
        for method in ["run/get", "run/events", "run/steps", "run/logs", "run/decisions", "run/state", "run/export"] {
            try client.call(method, ["runId": "r"])
        }
        try client.call("run/list")
        try client.call("execution/interactions", ["namespace": "*"])
        #expect(
            try client.call("run/get", ["runId": "r"])["input"] == [
                "password": "•••", "pin": "•••", "users": [["name": "•••", "id": 1], ["name": "•••", "id": 2]],
            ])
        #expect(try client.steps(of: "r")["login"]?["output"] == ["token": "•••", "user": "ada"])
        #expect(try client.steps(of: "r")["secretive"]?["output"] == "•••")
        let deltas = Deltas(of: "r", in: client)
        #expect(deltas.text(of: "login") == "••• works")
        #expect(deltas.text(of: "print") == "corr\n•••")
        #expect(deltas.text(of: "secretive") == nil)
        let shown = try CommandLineRun(["show", "r", "--json"], in: folder)
        #expect(shown.exitCode == 0)
        #expect(leaks(told(client) + [shown.output]) == [])
        // The journal keeps it, for the run must be able to go on.
        #expect(Folder.text(at: folder.store + "-wal")?.contains("correct horse") == true)
    }

    @Test("Whoever comes later is told the same from the journal")
    func later() throws {
        let client = try Client(in: folder)
        try client.initialize(handlers: ["login", "last"], commands: true)
        try client.call("run/create", started("r", Self.document, ["input": Self.input]))
        try client.execution(of: "login").succeed(["token": "tok-123", "user": "ada"])
        _ = try client.notification("execution/approvalRequested", of: "r")
        client.kill(with: SIGKILL)
        try client.waitForExit()
        let second = try Client(in: folder)
        try second.initialize(handlers: ["login", "last"], commands: true)
        try second.call("run/subscribe", ["runId": "r"])
        let asked = try second.notification("execution/approvalRequested", of: "r")
        #expect(asked["message"] == "Use •••?")
        let open = try second.call("execution/interactions")["interactions"]?.array ?? []
        #expect(open.map { $0["message"] } == ["Use •••?"])
        try second.decide(asked)
        let last = try second.execution(of: "last")
        #expect(last.params["input"] == ["token": "tok-123"])
        try last.succeed("done with tok-123")
        #expect(try second.runResult(of: "r")["status"] == "completed")
        #expect(leaks(told(second)) == [])
    }

    @Test(
        "A recording has what is hidden neither in what was asked nor in what was answered, and is replayed all the same"
    )
    func recording() throws {
        let document = workflow(
            "echo", ["say": ["agent": ["model": "scripted/echo"], "prompt": "Say ${input.password} now."]],
            ["output": "${steps.say.result.text}", "redact": ["input.password"]])
        for mode in ["record", "replay"] {
            let client = try Client(in: folder)
            let recording: JSONValue = ["mode": .string(mode), "path": .string(folder["tape.jsonl"])]
            try client.initialize(["config": ["recording": recording]])
            try client.call("run/create", started(mode, document, ["input": ["password": "correct horse"]]))
            #expect(try client.runResult(of: mode)["output"] == "Say ••• now.")
            #expect(Deltas(of: mode, in: client).text(of: "say") == "Say ••• now.")
            #expect(leaks(told(client)) == [])
        }
        let tape = try #require(folder.text(of: "tape.jsonl"))
        #expect(tape.contains("Say ••• now."))
        #expect(!tape.contains("correct horse"))
    }

    @Test("A path that leads nowhere is told")
    func wrongPaths() throws {
        let client = try Client(in: folder)
        try client.initialize()
        let document = workflow(
            "w", ["one": ["set": ["a": 1]]],
            ["redact": ["input", "state.a", "steps.one.output", "result.x", "input..a", "steps.one.result"]])
        let problems = try client.call("workflow/validate", ["document": document])["problems"]?.array ?? []
        #expect(problems.map { $0["pointer"] } == ["/redact/2", "/redact/3", "/redact/4"])
        #expect(problems.allSatisfy { $0["kind"] == "redact.badPath" })
    }
}
