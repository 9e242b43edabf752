import JSON
import Testing

@Suite("Errors of the domain say their kind, whether to try again, and how to mend it")
struct ErrorKindTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize(handlers: ["work"])
    }

    private static let invalid = workflow("bad", ["one": ["set": [:], "next": "two"]])

    static let refused: [(String, JSONValue, String)] = [
        ("workflow/get", ["name": "none"], "workflow.notFound"),
        ("workflow/diagram", ["workflow": "none"], "workflow.notFound"),
        ("workflow/diagram", ["workflow": invalid], "workflow.invalid"),
        ("workflow/diagram", ["runId": "none"], "run.notFound"),
        ("workflow/unregister", ["name": "none"], "workflow.notFound"),
        ("run/create", ["workflow": "none"], "workflow.notFound"),
        ("workflow/register", ["document": invalid], "workflow.invalid"),
        ("workflow/register", ["document": 7], "workflow.invalid"),
        ("run/create", ["workflow": invalid], "workflow.invalid"),
        ("run/get", ["runId": "none"], "run.notFound"),
        ("execution/interactions", ["runId": "none"], "run.notFound"),
        ("execution/respondInput", ["interactionId": "none", "value": 1], "interaction.notFound"),
        ("run/create", ["workflow": workflow("c", ["one": ["call": "unknown"]])], "step.handlerMissing"),
        ("expression/evaluate", ["expression": "1 +"], "expression.syntax"),
        ("expression/evaluate", ["expression": "1 / 0"], "expression.evaluation"),
        ("expression/evaluate", ["expression": "nobody"], "expression.evaluation"),
    ]

    @Test("Each refusal has its kind", arguments: refused)
    func kinds(method: String, params: JSONValue, kind: String) throws {
        let error = try client.refusal(method, params)
        #expect(error["code"] == -32000)
        #expect(error["data"]?["kind"]?.string == kind)
        #expect(error["data"]?["retryable"] == false)
        #expect(error["message"]?.string?.isEmpty == false)
    }

    @Test("An invalid document in run/create tells the same problems as workflow/validate")
    func problems() throws {
        let told = try client.call("workflow/validate", ["document": Self.invalid])["problems"]
        #expect(told?.array?.isEmpty == false)
        for (method, params) in [
            ("run/create", ["workflow": Self.invalid]), ("workflow/register", ["document": Self.invalid]),
        ] as [(String, JSONValue)] {
            #expect(try client.refusal(method, params)["data"]?["problems"] == told)
        }
    }

    @Test("A command where the host allows none fails the run as command.notAllowed")
    func commandNotAllowed() throws {
        try client.call("run/create", started("r", workflow("runs", ["one": ["command": ["touch", "made"]]])))
        #expect(try client.runResult(of: "r")["error"]?["kind"] == "command.notAllowed")
        #expect(folder.text(of: "made") == nil)
    }

    @Test("A command that exits with another code fails as command.exited, its result kept")
    func commandExited() throws {
        let client = try Client(in: folder)
        try client.initialize(commands: true)
        let document = workflow("exits", ["one": ["command": ["sh", "-c", "echo out; echo err >&2; exit 3"]]])
        try client.call("run/create", started("r", document))
        let error = try client.runResult(of: "r")["error"]
        #expect(error?["kind"] == "command.exited")
        let result = error?["details"]
        #expect(result?["exitCode"] == 3)
        #expect(result?["stdout"] == "out\n")
        #expect(result?["stderr"] == "err\n")
    }

    @Test("No condition that holds, and no default, is flow.noRoute")
    func noRoute() throws {
        let document = workflow("lost", ["one": ["set": ["a": 1], "next": [["when": "state.a == 2", "to": "END"]]]])
        try client.call("run/create", started("r", document))
        #expect(try client.runResult(of: "r")["error"]?["kind"] == "flow.noRoute")
    }

    @Test("A store that cannot be opened is store.unavailable, and initialize can be tried again")
    func storeUnavailable() throws {
        try folder.write("", to: "file")
        let client = try Client(in: folder, arguments: [])
        let error = try client.refusal("initialize", ["store": .string(folder["file/below/fermata.db"])])
        #expect(error["data"]?["kind"] == "store.unavailable")
        #expect(error["data"]?["retryable"] == true)
        #expect(try client.call("initialize", ["store": .string(folder.store)])["serverInfo"]?["name"] == "fermata")
    }

    @Test("A file that is no database is store.corrupt or store.unavailable, never a crash")
    func storeCorrupt() throws {
        try folder.write(String(repeating: "This is no database. ", count: 500), to: "bad.db")
        let client = try Client(in: folder, arguments: ["--store", folder["bad.db"]])
        let error = try client.refusal("initialize", [:])
        #expect(["store.corrupt", "store.unavailable"].contains(error["data"]?["kind"]?.string))
        client.closeInput()
        #expect(try client.waitForExit() == .code(0))
    }
}
