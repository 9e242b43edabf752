import JSON
package import WorkflowModel

/// What servers say of the tools they have: the port to whatever speaks with them.
package protocol ToolCatalog: AnyObject, Sendable {
    /// Why a server cannot be used here; nil when it can.
    func obstacle(to server: String) -> Failure?
    /// Asks a server for its tools, and returns at once; `listener` is called once, from any thread.
    func list(_ server: String, _ listener: @escaping @Sendable (Result<[ModelTool], Failure>) -> Void)
}

/// The tools of one agent, as its servers are asked for what its document does not say of them.
struct ToolInquiry {
    private(set) var tools: [ModelTool]
    /// The servers that have not answered.
    private(set) var missing: Set<String>
    /// As the document has them.
    private let written: [ModelTool]

    init(_ tools: [ModelTool]) {
        self.tools = tools
        written = tools
        missing = Set(tools.filter { !$0.isDescribed }.compactMap(\.origin?.server))
    }

    /// Fails as `tool.unknown` where the server has no such tool.
    mutating func take(_ listed: [ModelTool], of server: String) throws(Failure) {
        missing.remove(server)
        var described: [ModelTool] = []
        for tool in tools {
            guard let origin = tool.origin, origin.server == server, !tool.isDescribed else {
                described.append(tool)
                continue
            }
            described += tool.prefix == nil ? [try Self.described(tool, origin, listed)] : all(listed, of: tool)
        }
        tools = described
    }

    private static func described(
        _ tool: ModelTool, _ origin: ModelTool.Origin, _ listed: [ModelTool]
    ) throws(Failure) -> ModelTool {
        guard let found = listed.first(where: { $0.name == origin.tool }) else {
            let known = listed.map(\.name).joined(separator: ", ")
            let message = "The MCP server \"\(origin.server)\" has no tool \"\(origin.tool)\". It has: \(known)."
            throw Failure(kind: "tool.unknown", message: message, isRetryable: false)
        }
        var tool = tool
        tool.description = tool.description ?? found.description ?? ""
        tool.input = tool.input ?? found.input
        return tool
    }

    /// Those that a model can call by names of this tool's, and no other's.
    private func all(_ listed: [ModelTool], of tool: ModelTool) -> [ModelTool] {
        listed.compactMap { found in
            let name = String(tool.prefix ?? "") + found.name
            guard let owner = written.owner(of: name), owner.tool == tool, let part = owner.part else { return nil }
            var one = ModelTool(name: name, description: found.description ?? "", input: found.input ?? true)
            one.origin = tool.origin
            one.origin?.tool = part
            return one
        }
    }
}
