import FermataKit
import FermataTesting
import Testing

private struct Query: Codable { var word: String? }

private let schema: JSON = ["type": "object", "properties": ["word": ["type": "string"]]]

@Suite("Tools of agents")
struct ToolTests {
    private func look(_ printer: Printer) -> Tool {
        Tool("look", "Looks a word up.", input: schema) { (query: Query, context) in
            context.log("looked up")
            printer.print("looked ")
            return query.word ?? "nothing"
        }
    }

    @Test("A model calls a function of the program, and what that gives is in its answer")
    func flows() async throws {
        let looked = Printer()
        let flow = try Flow("research", output: "${steps.ask.result.toolCalls}") {
            Step.agent("ask", ["model": "scripted/tools"], prompt: "About ${input}", tools: [look(looked)])
        }
        let execution = try await flow.run("tea", as: JSON.self, on: TestFermata().fermata).start()
        #expect(try await execution.result == [["tool": "look", "status": "completed"]])
        #expect(looked.text == "looked ")
        #expect(execution.logs == ["looked up"])
    }

    @Test("So does one of a workflow, whose tools know what it knows; crashes included")
    func workflows() async throws {
        let looked = Printer()
        let answer = try await Research(tool: look(looked)).run("tea", on: TestFermata().fermata).start().result
        #expect(looked.text == "looked ")
        #expect(try await TestFermata.crashEverywhere(Research(tool: look(Printer())), "tea") == 3)
        #expect(answer.contains("nothing"))
    }

    @Test("A person is asked before a call, where the tool says so")
    func approvals() async throws {
        let careful = Tool("pay", "Pays.", input: schema, approval: ApprovalPolicy(approvers: ["ann"])) {
            (query: Query, _) in query.word ?? "all"
        }
        let options = RunOptions<String>.answering(approvals: [.approved(by: "ann")])
        let answer = try await Research(tool: careful).run("tea", options: options, on: TestFermata().fermata).start()
        #expect(try await answer.result.contains("all"))
    }

    @Test("What is wrong with tools is told when the flow is made")
    func mistakes() {
        func problems(_ agent: JSON, _ tools: [Tool]) -> [String] {
            let error = #expect(throws: InvalidFlow.self) {
                try Flow("f", agents: ["writer": ["model": "scripted/echo"]]) {
                    Step.agent("ask", agent, prompt: "?", tools: tools)
                }
            }
            return error?.problems.map { "\($0.kind) \($0.pointer)" } ?? []
        }
        #expect(problems("writer", [look(Printer())]).first == "agent.toolsElsewhere /flow/ask/agent")
        #expect(problems(["model": "scripted/echo"], [look(Printer()), look(Printer())]).isEmpty == false)
        #expect(problems(["model": "scripted/echo"], [Tool(document: 7)]).isEmpty == false)
    }
}

private struct Research: Workflow {
    let tool: Tool

    func execute(_ topic: String, in context: Context) async throws -> String {
        let words = try await context.step("count") { topic.count }
        return try await context.agent("scripted/tools", "About \(topic), \(words)", tools: [tool], step: "ask")
    }
}
