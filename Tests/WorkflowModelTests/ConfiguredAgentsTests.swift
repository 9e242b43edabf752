import JSON
import Testing
import WorkflowModel

@Suite("Agents of the host")
struct ConfiguredAgentsTests {
    private static let agents: JSONObject = [
        "coder": ["model": "m/x", "verify": ["agent": "critic", "prompt": "Is it good?"]],
        "critic": ["model": "m/y"], "idle": ["model": "m/z"],
    ]

    private func document(_ agents: JSONValue? = .none, _ step: JSONValue = ["agent": "coder", "prompt": "x"])
        -> JSONValue
    {
        var document: JSONObject = [
            "name": "w", "flow": ["START": "all", "all": ["parallel": ["a": step, "b": ["call": "x"]]]],
        ]
        document["agents"] = agents
        return .object(document)
    }

    @Test("A document gets those that it names, and those that they name")
    func declared() throws {
        let agents = try ConfiguredAgents(Self.agents)
        let document = agents.declared(in: document())
        #expect(document["agents"]?.object.map { Set($0.keys) } == ["coder", "critic"])
        #expect(document["agents"]?["coder"] == Self.agents["coder"])
        #expect(try Workflow.parse(document).warnings == [])
        #expect(agents.declared(in: document) == document)
    }

    @Test(
        "A document keeps its own, and one that names none of them stays as it is",
        arguments: [["coder": ["model": "own/x"]], "broken"] as [JSONValue])
    func own(declared: JSONValue) throws {
        let agents = try ConfiguredAgents(Self.agents)
        #expect(agents.declared(in: document(declared)) == document(declared))
        let other = document(.none, ["call": "x"])
        #expect(agents.declared(in: other) == other)
        #expect(agents.declared(in: "x") == "x")
    }

    @Test("A step that stands alone gets its agent in the place of its name, and data is left alone")
    func placed() throws {
        let agents = try ConfiguredAgents(Self.agents)
        let step = agents.placed(in: ["agent": "coder", "prompt": "x"])
        #expect(step["agent"]?["verify"]?["agent"] == ["model": "m/y"])
        #expect(try StepDefinition.performing(step, key: "a").step.kind.name == "agent")
        for other in [["call": "x", "with": ["agent": "coder"]], ["agent": "stranger", "prompt": "x"]] as [JSONValue] {
            #expect(agents.placed(in: other) == other)
        }
    }

    @Test(
        "What is wrong with them is pointed at",
        arguments: [
            (["a": 7], "/agents/a"), (["a": [:]], "/agents/a"),
            (["a": ["model": "m/x", "tols": []]], "/agents/a/tols"),
            (["a": ["model": "m/x", "verify": ["agent": "b", "prompt": "x"]]], "/agents/a/verify/agent"),
        ] as [(JSONObject, String)])
    func wrong(agents: JSONObject, pointer: String) {
        let error = #expect(throws: InvalidWorkflow.self) { try ConfiguredAgents(agents) }
        #expect(error?.problems.first?.pointer.description == pointer)
    }
}
