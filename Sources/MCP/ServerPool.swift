package import Commands
package import JSON
import Threads
package import WorkflowEngine
package import WorkflowModel

/// The MCP servers of a host, on a thread of their own that starts with the first use and ends with the pool. A server
/// starts at its first use, serves all runs, and is started again when it has died.
package final class ServerPool: Sendable {
    /// What all servers share.
    package struct Surroundings: Sendable {
        package var servers: [String: ServerConfiguration]
        /// Where servers run that are not told where.
        package var directory: String
        /// Who we say we are: `{name, version}`.
        package var client: JSONValue
        package var limits = ServerLimits()
        package var environment: CommandEnvironment
        /// What servers say to people, on stderr and otherwise.
        package var log: @Sendable (LogLevel, String) -> Void

        package init(
            servers: [ServerConfiguration], directory: String, version: String,
            variable: @escaping @Sendable (String) -> String? = CommandEnvironment.ownVariable,
            log: @escaping @Sendable (LogLevel, String) -> Void = { _, _ in }
        ) {
            self.servers = Dictionary(servers.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
            self.directory = directory
            client = ["name": "fermata", "version": .string(version)]
            environment = CommandEnvironment(variable: variable)
            self.log = log
        }
    }

    private let inbox = Inbox<ServerRequest>()
    private let isThreadStarted = Monitor(false)
    private let surroundings: Surroundings

    package init(_ surroundings: Surroundings) {
        self.surroundings = surroundings
    }

    deinit {
        inbox.post(.close)
    }

    /// The names of those that are configured.
    package var servers: [String] { surroundings.servers.keys.sorted() }

    /// Calls a tool, and returns at once. `report` is called on the servers' thread: `.progress` as the server tells it, then
    /// once `.succeeded` with `{content, structuredContent?}`, or `.failed`: `tool.failed` (the tool says so),
    /// `tool.serverMissing`, `tool.serverFailed` (it does not begin), `tool.serverIncompatible`, `tool.serverTimedOut`,
    /// `tool.serverDied` (in the midst of the call), `tool.inputRequired` or `payload.tooLarge`.
    package func call(_ call: ToolCall, of server: String) {
        post(.ask(server: server, .call(call)))
    }

    /// What a server offers, as it says now. `listener` is called once, on the servers' thread.
    package func list(_ server: String, _ listener: @escaping @Sendable (Result<[ListedTool], Failure>) -> Void) {
        post(.ask(server: server, .list(listener)))
    }

    /// The call is no longer wanted: the server is told so, and nothing is reported any more. An unknown key is ignored.
    package func cancel(_ key: AttemptKey) {
        guard isThreadStarted.withLock({ $0 }) else { return }
        inbox.post(.cancel(key))
    }

    /// Ends every server: its stdin is closed now, SIGTERM comes after half of `grace` and SIGKILL after all of it. Returns when
    /// all have ended, or have been sent it.
    package func endAll(within grace: Duration = .seconds(1)) {
        guard isThreadStarted.withLock({ $0 }) else { return }
        let ended = Monitor(false)
        inbox.post(.endAll(grace: grace, ended: ended))
        ended.wait { $0 }
    }

    private func post(_ request: ServerRequest) {
        isThreadStarted.withLock { isStarted in
            if !isStarted {
                let hasThread = startThread { [inbox, surroundings] in
                    ServerLoop(inbox: inbox, surroundings: surroundings).run()
                }
                precondition(hasThread, "The system gives no thread.")
            }
            isStarted = true
        }
        inbox.post(request)
    }
}
