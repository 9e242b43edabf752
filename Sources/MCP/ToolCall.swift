package import JSON
package import WorkflowEngine
import WorkflowModel

/// A call of a server's tool, and who is told what becomes of it.
package struct ToolCall: Sendable {
    package var key: AttemptKey
    package var tool: String
    package var arguments: JSONValue
    package var report: @Sendable (AttemptReporter.Report) -> Void

    package init(
        key: AttemptKey, tool: String, arguments: JSONValue,
        report: @escaping @Sendable (AttemptReporter.Report) -> Void
    ) {
        self.key = key
        self.tool = tool
        self.arguments = arguments
        self.report = report
    }
}

/// A tool as its server describes it.
package struct ListedTool: Sendable, Hashable {
    package var name: String
    package var description: String?
    package var inputSchema: JSONValue

    init?(json: JSONValue) {
        guard let name = json["name"]?.string else { return nil }
        self.name = name
        description = json["description"]?.string
        inputSchema = json["inputSchema"] ?? ["type": "object"]
    }
}

/// What a server answered to a call.
enum ToolAnswer {
    /// `{content, structuredContent?}`, or a failure that says what the tool said.
    static func report(_ result: JSONValue, of tool: String) -> AttemptReporter.Report {
        if result["resultType"]?.string == "input_required" {
            let message = "The tool \"\(tool)\" asks for more than a call can give."
            return .failed(Failure(kind: "tool.inputRequired", message: message, isRetryable: false))
        }
        let content = result["content"]?.array ?? []
        var output: JSONObject = ["content": .array(content)]
        if let structured = result["structuredContent"], !structured.isNull { output["structuredContent"] = structured }
        guard result["isError"]?.bool == true else { return .succeeded(.object(output)) }
        let text = content.compactMap { $0["text"]?.string }.joined(separator: "\n")
        let message = text.isEmpty ? "The tool \"\(tool)\" says that it failed." : text
        return .failed(Failure(kind: "tool.failed", message: message, details: text.isEmpty ? .object(output) : .none))
    }
}

extension Failure {
    static func server(_ name: String, _ kind: String, _ message: String, isRetryable: Bool = true) -> Failure {
        Failure(kind: "tool." + kind, message: "The MCP server \"\(name)\" \(message)", isRetryable: isRetryable)
    }
}
