package import WorkflowEngine
package import WorkflowModel

/// Performs `tool` steps by MCP servers, where the host allows commands: a server is one.
package final class ToolExecutor: StepExecutor, Sendable {
    private let isAllowed: Bool
    package let pool: ServerPool

    package init(isAllowed: Bool, pool: ServerPool) {
        self.isAllowed = isAllowed
        self.pool = pool
    }

    package func readiness(for step: StepKind) -> Readiness {
        guard case .tool(let tool) = step else { return .notPermitted("MCP servers perform tool steps alone.") }
        return obstacle(to: tool.server).map { .notPermitted($0.message) } ?? .ready
    }

    package func start(_ attempt: Attempt, reporter: AttemptReporter) {
        guard case .tool(let work) = attempt.work else { return }
        if let obstacle = obstacle(to: work.server) { return reporter.report(.failed(obstacle)) }
        let call = ToolCall(key: attempt.key, tool: work.tool, arguments: work.arguments) { reporter.report($0) }
        pool.call(call, of: work.server)
    }

    package func stop(_ key: AttemptKey) { pool.cancel(key) }

    /// Why a server cannot be used here.
    package func obstacle(to server: String) -> Failure? {
        guard isAllowed else {
            let message =
                "MCP servers are commands, and this host does not allow them: "
                + "it does with capabilities.commands or --allow-commands"
            return Failure(kind: "command.notAllowed", message: message, isRetryable: false)
        }
        if pool.servers.contains(server) { return nil }
        return .server(
            server, "serverMissing", "is not configured here: it is in initialize, under config.mcpServers.",
            isRetryable: false)
    }
}
