package import WorkflowEngine
package import WorkflowModel

/// Performs the turns of `agent` steps by the provider their model names.
package final class AgentExecutor: StepExecutor {
    private let providers: [String: any ModelProvider]
    private let catalog: (any ToolCatalog)?
    private let mailbox: Mailbox
    /// The turns that wait for servers to say what their tools are.
    private var inquiries: [AttemptKey: (work: AgentWork, tools: ToolInquiry, reporter: AttemptReporter)] = [:]

    package init(
        mailbox: Mailbox, providers: [any ModelProvider] = [ScriptedProvider()], catalog: (any ToolCatalog)? = nil
    ) {
        self.mailbox = mailbox
        self.catalog = catalog
        self.providers = Dictionary(uniqueKeysWithValues: providers.map { ($0.name, $0) })
    }

    package func readiness(for step: StepKind) -> Readiness {
        guard case .agent(let agent) = step else { return .notPermitted("Models perform agent steps alone.") }
        for server in ToolInquiry(agent.agent.tools.map(\.offer)).missing.sorted() {
            if let obstacle = catalog?.obstacle(to: server) { return .notPermitted(obstacle.message) }
        }
        return .ready
    }

    package func start(_ attempt: Attempt, reporter: AttemptReporter) {
        guard case .agent(let work) = attempt.work else { return }
        let inquiry = ToolInquiry(work.tools)
        guard let catalog, !inquiry.missing.isEmpty else { return ask(work, reporter) }
        let key = attempt.key
        inquiries[key] = (work, inquiry, reporter)
        for server in inquiry.missing.sorted() {
            if let obstacle = catalog.obstacle(to: server) { return give(up: key, obstacle) }
            catalog.list(server) { [mailbox] listed in
                mailbox.post(
                    .call { engine in
                        (engine.executor(of: "agent") as? AgentExecutor)?.take(listed, of: server, for: key)
                    })
            }
        }
    }

    package func stop(_ key: AttemptKey) {
        inquiries[key] = nil
        for provider in providers.values { provider.stop(key) }
    }

    /// A server has answered, or not.
    private func take(_ listed: Result<[ModelTool], Failure>, of server: String, for key: AttemptKey) {
        guard inquiries[key] != nil else { return }
        do throws(Failure) {
            try inquiries[key]?.tools.take(try listed.get(), of: server)
        } catch {
            return give(up: key, error)
        }
        guard let (work, tools, reporter) = inquiries[key], tools.missing.isEmpty else { return }
        inquiries[key] = nil
        var described = work
        described.tools = tools.tools
        ask(described, reporter)
    }

    private func give(up key: AttemptKey, _ failure: Failure) {
        inquiries.removeValue(forKey: key)?.reporter.report(.failed(failure))
    }

    private func ask(_ work: AgentWork, _ reporter: AttemptReporter) {
        let parts = work.model.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1).map { String(Substring($0)) }
        guard parts.count == 2, let provider = providers[parts[0]] else {
            let known = providers.keys.sorted().joined(separator: ", ")
            let message = "The model \"\(work.model)\" has no provider here; known providers are \(known)."
            return reporter.report(
                .failed(Failure(kind: "model.unavailable", message: message, isRetryable: false)))
        }
        provider.generate(work, model: parts[1], reporter: reporter)
    }
}
