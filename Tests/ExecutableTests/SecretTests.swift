import Glibc
import HTTP
import JSON
import LoopbackServer
import Testing

@Suite("A key is found nowhere", .enabled(if: HTTPClient.obstacle == nil, "there is no libcurl here"))
struct SecretTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private static let key = "sk-live-9f\"2c\\81d04e"
    private static let token = "ghp_A1b2C3d4E5"
    /// The token as a header has it, behind `user:`, without what its neighbours share.
    private static let tokenInBase64 = "naHBfQTFiMkMzZDRFN"

    /// Ends with the folder's files: each that holds a secret, as it is or as JSON writes it.
    private func leaks(_ place: String = "") -> [String] {
        let path = folder[place]
        let names = Folder.names(in: path)
        if names.isEmpty, let text = Folder.text(at: path) { return Self.isTold(text) ? [place] : [] }
        return names.flatMap { leaks(place.isEmpty ? $0 : place + "/" + $0) }
    }

    private static func isTold(_ text: String) -> Bool {
        // Its parts stand between what JSON writes otherwise, once or twice.
        text.contains("sk-live-9f") || text.contains("81d04e") || text.contains(token) || text.contains(tokenInBase64)
    }

    /// Says the key in pieces and asks for a tool, then refuses with the key in the sentence, then ends.
    private func makeServer() -> LoopbackServer {
        LoopbackServer { exchange in
            let key = exchange.request.split(separator: "\r\n").first { $0.lowercased().hasPrefix("authorization:") }
            let said = String(key?.dropFirst("authorization: Bearer ".count) ?? "")
            func stream(_ chunks: [JSONValue]) {
                exchange.begin(200, ["Content-Type: text/event-stream"])
                for chunk in chunks { exchange.send("data: \(chunk.serialized())\n\n") }
                exchange.send("data: [DONE]\n\n")
            }
            func text(_ text: String) -> JSONValue { ["choices": [["delta": ["content": .string(text)]]]] }
            if exchange.request.contains("refuse me") {
                exchange.begin(400)
                let message: JSONValue = ["error": ["message": .string("No such key: \(said)")]]
                exchange.send(message.serialized())
            } else if exchange.request.contains("\"role\":\"tool\"") {
                stream([text("Done."), ["choices": [["delta": [:], "finish_reason": "stop"]]]])
            } else {
                let call: JSONValue = [
                    "index": 0, "id": .string("c1-" + said),
                    "function": [
                        "name": "look", "arguments": .string((["key": .string(said)] as JSONValue).serialized()),
                    ],
                ]
                let unknown: JSONValue = [
                    "index": 1, "id": "c2", "function": ["name": .string(said), "arguments": "{}"],
                ]
                stream(
                    said.map { text(String($0)) } + [
                        text(" is the key."),
                        ["choices": [["delta": ["tool_calls": [call, unknown]], "finish_reason": "tool_calls"]]],
                    ])
            }
        }
    }

    private func makeClient(_ server: LoopbackServer) throws -> Client {
        let user: JSONValue = [
            "providers": ["mine": ["kind": "openai", "baseURL": .string(server.url + "/v1"), "apiKeyEnv": "MY_KEY"]],
            "secrets": ["names": ["MY_TOKEN"]],
            "recording": ["mode": "record", "path": .string(folder["tape.jsonl"])],
        ]
        mkdir(folder[".config"], 0o700)
        mkdir(folder[".config/fermata"], 0o700)
        try folder.write(user.serialized(), to: ".config/fermata/config.json")
        return try Client(
            in: folder, extra: ["--log", folder["service.log"], "--log-level", "debug"],
            after: "MY_KEY='\(Self.key)' MY_TOKEN='\(Self.token)'; export MY_KEY MY_TOKEN")
    }

    private static let document = workflow(
        "leaky",
        [
            "ask": [
                "agent": [
                    "model": "mine/m",
                    "tools": [["name": "look", "description": "Looks.", "input": true, "call": "look"]],
                ],
                "prompt": "The token is ${input.token}.", "next": "work",
            ],
            "work": ["call": "work", "with": ["token": "${input.token}"], "onError": "print", "next": "print"],
            "print": [
                "command": ["sh", "-c", "printf 'ghp_A1b2'; printf 'C3d4E5\\n'; printf 'ghp_A1b2C3%s\\n' d4E5 >&2"],
                "next": "refused",
            ],
            "refused": ["agent": ["model": "mine/m"], "prompt": "refuse me", "onError": "END", "next": "END"],
        ])

    /// Performs the handlers, each of which says all it can of the secrets, until the run is over.
    private func perform(in client: Client) throws {
        let look = try client.execution(of: "look")
        #expect(look.params["input"]?["key"] == "•••")
        try look.say("step/log", ["message": .string("I look with \(Self.key)")])
        try look.say("step/textDelta", ["text": .string("gh")])
        try look.say("step/textDelta", ["text": .string("p_A1b2C3d4E5 and gh")])
        let header = "Basic dXNlcjp\(Self.tokenInBase64)Q=="
        try look.succeed(["found": .string("<\(Self.key)>"), "token": .string(Self.token), "header": .string(header)])
        let work = try client.execution(of: "work")
        #expect(work.params["input"]?["token"] == "•••")
        let data: JSONValue = ["tried": .string(Self.token)]
        try work.fail(
            code: 1, "It is not \(Self.key)",
            data: ["kind": .string("its.\(Self.token)"), "retryable": false, "tried": data])
    }

    @Test("It is in no file, no answer and no notification, whoever says it and however it is cut")
    func nowhere() throws {
        let server = makeServer()
        let client = try makeClient(server)
        try client.initialize(handlers: ["look", "work"], commands: true)
        try client.call(
            "run/create",
            started(
                "r", Self.document,
                ["input": ["token": .string(Self.token)], "labels": ["by": .string("user of \(Self.token)")]]))
        try perform(in: client)
        #expect(try client.runResult(of: "r")["status"] == "completed")
        #expect(server.requests.contains { $0.contains("authorization: Bearer \(Self.key)") })
        for method in ["run/get", "run/events", "run/steps", "run/logs", "run/decisions", "run/state", "run/export"] {
            try client.call(method, ["runId": "r"])
        }
        try client.call("run/export", ["runId": "r", "path": .string(folder["run.export"])])
        for method in ["run/list", "config/get", "stats/get"] { try client.call(method) }
        let error = try client.refusal("run/get", ["runId": .string("no \(Self.token)")])
        #expect(error["message"]?.string?.contains("•••") == true)
        let deltas = Deltas(of: "r", in: client)
        #expect(deltas.text(of: "ask/tool[look]") == "••• and gh")
        #expect(deltas.text(of: "ask") == "••• is the key.Done.")
        let backup = try CommandLineRun(["backup", folder["copy.db"]], in: folder)
        #expect(backup.exitCode == 0)
        let shown = try CommandLineRun(["show", "r", "--json"], in: folder)
        client.closeInput()
        try client.waitForExit()
        #expect(client.transcript.filter { Self.isTold($0.serialized()) } == [])
        #expect(!Self.isTold(shown.output))
        #expect(leaks() == [])
        // It did look at files that are there.
        for name in ["store/fermata.db", "tape.jsonl", "run.export", "service.log", "copy.db"] {
            #expect(folder.text(of: name)?.isEmpty == false, "\(name) is empty")
        }
        #expect(folder.text(of: "tape.jsonl")?.contains("•••") == true)
    }

    @Test("What was kept before anybody said that it is secret is covered where it would leave")
    func later() throws {
        let before = try Client(in: folder)
        try before.initialize(handlers: ["work"])
        let document = workflow(
            "later", ["note": ["set": ["said": "${input}"], "next": "ask"], "ask": ["approval": ["message": "Go?"]]])
        let old = JSONValue.string("old \(Self.token)")
        try before.call("run/create", started("r", document, ["input": old, "labels": ["by": old]]))
        _ = try before.notification("execution/approvalRequested", of: "r")
        before.closeInput()
        try before.waitForExit()
        let client = try Client(in: folder, after: "MY_TOKEN='\(Self.token)'; export MY_TOKEN")
        try client.initialize(["config": ["secrets": ["names": ["MY_TOKEN"]]]], handlers: ["work"])
        #expect(try client.call("run/get", ["runId": "r"])["input"] == "old •••")
        try client.call("run/subscribe", ["runId": "r"])
        #expect(try client.notification("run/created", of: "r")["input"] == "old •••")
        #expect(try client.notification("run/stateChanged", of: "r")["changes"] == ["said": "old •••"])
        let export = try client.call("run/export", ["runId": "r"])["document"]?.string ?? ""
        #expect(export.contains("old •••"))
        #expect(!client.transcript.contains { Self.isTold($0.serialized()) })
        // The file is whole: it can be imported.
        try client.call("run/import", ["document": .string(export), "runId": "copy"])
        #expect(try client.call("run/get", ["runId": "copy"])["input"] == "old •••")
        #expect(try client.call("run/get", ["runId": "copy"])["labels"] == ["by": "old •••"])
    }

    @Test("A command is given a secret that the user declared, by its name, and what it prints of it is covered")
    func given() throws {
        let client = try Client(in: folder, after: "MY_TOKEN='\(Self.token)'; export MY_TOKEN")
        try client.initialize(["config": ["secrets": ["names": ["MY_TOKEN", "NOT_SET"]]]], commands: true)
        func document(_ secret: String) -> JSONValue {
            let size = "echo \"$T\"; printf %s \"$T\" | wc -c"
            return workflow(
                "w", ["one": ["command": ["sh", "-c", .string(size)], "env": ["T": ["secret": .string(secret)]]]])
        }
        try client.call("run/create", started("r", document("MY_TOKEN")))
        #expect(try client.runResult(of: "r")["output"]?["stdout"]?.string == "•••\n\(Self.token.utf8.count)\n")
        #expect(try client.steps(of: "r")["one"]?["input"]?["env"] == ["T": ["secret": "MY_TOKEN"]])
        for (secret, kind) in [("HOME", "secret.notDeclared"), ("NOT_SET", "secret.notSet")] {
            try client.call("run/create", started(secret, document(secret)))
            #expect(try client.runResult(of: secret)["error"]?["kind"]?.string == kind)
        }
        let wrong = workflow("w", ["one": ["command": ["true"], "env": ["T": ["secret": "${input}"]]]])
        let problems = try client.call("workflow/validate", ["document": wrong])["problems"]?.array
        #expect(problems?.map { $0["kind"] } == ["command.badSecret"])
        #expect(leaks() == [])
    }

    @Test("A key where its name belongs is refused, and not repeated")
    func misplaced() throws {
        for config in [
            ["providers": ["openai": ["apiKeyEnv": .string(Self.token + "-x")]]],
            ["secrets": ["names": [.string(Self.token + "-x")]]],
        ] as [JSONObject] {
            let error = try Client(in: folder).refusal("initialize", ["config": .object(config)])
            #expect(error["code"] == -32602)
            #expect(!Self.isTold(error.serialized()))
        }
    }
}
