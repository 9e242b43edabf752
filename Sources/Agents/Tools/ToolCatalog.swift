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

    init(_ tools: [ModelTool]) {
        self.tools = tools
        missing = Set(tools.filter { !$0.isDescribed }.compactMap(\.origin?.server))
    }

    /// Fails as `tool.unknown` where the server has no such tool.
    mutating func take(_ listed: [ModelTool], of server: String) throws(Failure) {
        missing.remove(server)
        for index in tools.indices {
            guard let origin = tools[index].origin, origin.server == server, !tools[index].isDescribed else { continue }
            guard let found = listed.first(where: { $0.name == origin.tool }) else {
                let known = listed.map(\.name).joined(separator: ", ")
                let message = "The MCP server \"\(server)\" has no tool \"\(origin.tool)\". It has: \(known)."
                throw Failure(kind: "tool.unknown", message: message, isRetryable: false)
            }
            tools[index].description = tools[index].description ?? found.description ?? ""
            tools[index].input = tools[index].input ?? found.input
        }
    }
}
