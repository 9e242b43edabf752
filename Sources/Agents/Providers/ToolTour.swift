import JSON
import WorkflowModel

extension Script.Turn {
    /// Calls each tool that asks for no arguments, and then says what they gave.
    init(touring work: AgentWork) {
        let calls = work.conversation.turns.flatMap(\.calls)
        self.init(saying: calls.map { "## \($0.tool)\n\n\($0.result?.words ?? "")" }.joined(separator: "\n\n"))
        guard work.conversation.turns.isEmpty else { return }
        let tools = work.tools.filter { $0.input?["required"]?.array?.isEmpty ?? true }
        answer.calls = tools.enumerated().map { index, tool in
            ModelAnswer.Call(id: "call-1-\(index + 1)", tool: tool.name, input: [:])
        }
        if tools.isEmpty { self.init(saying: "There is no tool that asks for no arguments.") }
    }
}

extension Conversation.Result {
    /// What a person would read of it: what a command printed, what a server's tool says.
    fileprivate var words: String {
        guard case .returned(let output) = self else { return forModel.text }
        if let printed = output["stdout"]?.string { return printed }
        guard let content = output["content"]?.array else { return forModel.text }
        return content.compactMap { $0["text"]?.string }.joined(separator: "\n")
    }
}
