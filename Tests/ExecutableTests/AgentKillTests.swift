import Glibc
import JSON
import Testing

@Suite("kill -9 in the middle of an agent's ten turns")
struct AgentKillTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private static let document = workflow(
        "digs", ["dig": ["agent": "digger", "prompt": "Dig."]],
        [
            "agents": [
                "digger": [
                    "model": "client/m", "maxTurns": 20,
                    "tools": [["name": "dig", "description": "Digs.", "input": true, "call": "dig"]],
                ]
            ]
        ])

    private func session() throws -> Client {
        let client = try Client(in: folder)
        try client.initialize(models: ["m"], handlers: ["dig"])
        return client
    }

    /// Answers a turn, which calls the tool, and performs the call.
    private func turn(_ number: Int, in client: Client) throws {
        let turn = try client.generation()
        #expect(Self.turns(in: turn) == number - 1)
        try turn.answer([
            "text": .string("Turn \(number). "), "toolCalls": [["tool": "dig", "input": ["n": JSONValue(number)]]],
        ])
        let call = try client.execution()
        #expect(call.params["input"] == ["n": JSONValue(number)])
        try call.succeed(["depth": JSONValue(number)])
    }

    /// How many turns the model is told that it has answered.
    private static func turns(in generation: Generation) -> Int {
        (generation.params["messages"]?.array ?? []).count { $0["role"] == "assistant" }
    }

    @Test("In turn seven: turns one to six are not asked again, and no tool that returned is called again")
    func inTurn() throws {
        let client = try session()
        try client.call("run/create", started("r", Self.document))
        for number in 1...6 { try turn(number, in: client) }
        let seventh = try client.generation()
        try seventh.say("Half a ")
        _ = try client.notification("execution/textDelta") { $0["text"]?.string?.contains("Half") == true }
        client.kill(with: SIGKILL)

        let next = try session()
        for number in 7...9 { try turn(number, in: next) }
        try next.generation().answer(["text": "Done."])
        let result = try next.runResult(of: "r")
        #expect(result["status"] == "completed")
        #expect(result["output"]?["text"] == "Done.")
        #expect(result["output"]?["usage"]?["modelTurns"] == 10)
        #expect(try next.events(of: "r").count { $0["type"] == "agent/turned" } == 10)
        #expect(try next.events(of: "r").count { $0["type"] == "tool/returned" } == 9)
    }

    @Test("In a tool of turn seven: the turn is not asked again, and the call is made again with its key")
    func inTool() throws {
        let client = try session()
        try client.call("run/create", started("r", Self.document))
        for number in 1...6 { try turn(number, in: client) }
        try client.generation().answer(["toolCalls": [["tool": "dig", "input": ["n": 7]]]])
        let cut = try client.execution()
        client.kill(with: SIGKILL)

        let next = try session()
        let again = try next.execution()
        #expect(again.params["input"] == ["n": 7])
        #expect(again.params["idempotencyKey"] == cut.params["idempotencyKey"])
        #expect(again.params["attempt"] == 2)
        try again.succeed(["depth": 7])
        let eighth = try next.generation()
        #expect(Self.turns(in: eighth) == 7)
        try eighth.answer(["text": "Done."])
        #expect(try next.runResult(of: "r")["status"] == "completed")
        #expect(try next.events(of: "r").count { $0["type"] == "agent/turned" } == 8)
    }
}
