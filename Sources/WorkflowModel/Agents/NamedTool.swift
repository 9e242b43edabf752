import JSON

/// A tool by the name that a model calls it, or all tools of a server: their name has a `*` where each one's own is.
package protocol NamedTool {
    var name: String { get }
    /// Where it is from; nil where no server has it.
    var origin: ModelTool.Origin? { get }
}

extension NamedTool {
    /// What the names of all tools of a server begin with; nil of one tool.
    package var prefix: Substring? { origin?.tool == ToolStep.all ? name.dropLast() : nil }
}

extension Sequence where Element: NamedTool {
    /// Who answers to a name, and which tool of its server that is, where it stands for all of them. Somebody's own name
    /// comes first, then the longest prefix. What is named alone is not to be had by its server's name as well, since
    /// a person may be asked before it.
    package func owner(of name: String) -> (tool: Element, part: String?)? {
        if let tool = first(where: { $0.name == name && $0.prefix == nil }) { return (tool, nil) }
        guard WorkflowParser.isStepName(name) else { return nil }
        let all = filter { $0.prefix.map { name.hasPrefix($0) && name.utf8.count > $0.utf8.count } ?? false }
        guard let tool = all.max(by: { $0.name.utf8.count < $1.name.utf8.count }), var origin = tool.origin else {
            return nil
        }
        origin.tool = String(Substring(name.utf8.dropFirst(tool.name.utf8.count - 1)))
        return contains { $0.origin == origin } ? nil : (tool, origin.tool)
    }
}

extension ModelTool: NamedTool {}

extension AgentTool: NamedTool {
    package var origin: ModelTool.Origin? {
        guard case .tool(let tool) = step.kind else { return nil }
        return ModelTool.Origin(server: tool.server, tool: tool.tool)
    }

    /// One of all the tools of a server.
    func one(_ part: String, called name: String) -> AgentTool {
        guard case .tool(var body) = step.kind else { return self }
        body.tool = part
        // As a document would have it that names this tool alone.
        var source: JSONObject = ["tool": .string("\(body.server)/\(part)")]
        for member in ["timeoutMs", "retry", "onInterrupted"] { source[member] = step.source[member] }
        var tool = self
        tool.name = name
        tool.step = Step(
            name: name, description: nil, kind: .tool(body), set: nil, output: nil, timeout: step.timeout,
            heartbeatTimeout: nil, retry: step.retry, onError: nil, onInterrupted: step.onInterrupted, next: step.next,
            source: source)
        return tool
    }
}
