package import WorkflowEngine
package import WorkflowModel

/// Performs the turns of `agent` steps by the provider their model names.
package final class AgentExecutor: StepExecutor {
    private let providers: [String: any ModelProvider]
    private let catalog: (any ToolCatalog)?
    private let mailbox: Mailbox
    /// The turns that wait for servers to say what their tools are.
    private var inquiries: [AttemptKey: (attempt: Attempt, tools: ToolInquiry, reporter: AttemptReporter)] = [:]

    package init(
        mailbox: Mailbox, providers: [any ModelProvider], catalog: (any ToolCatalog)? = nil
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
        return provider(of: agent.agent.model)?.provider.readiness(for: step) ?? .ready
    }

    package func start(_ attempt: Attempt, reporter: AttemptReporter) {
        guard case .agent(let work) = attempt.work else { return }
        let inquiry = ToolInquiry(work.tools)
        guard let catalog, !inquiry.missing.isEmpty else { return ask(attempt, work, reporter) }
        let key = attempt.key
        inquiries[key] = (attempt, inquiry, reporter)
        for server in inquiry.missing.sorted() {
            if let obstacle = catalog.obstacle(to: server) { return give(up: key, obstacle) }
            let bound = EngineBound(self)
            catalog.list(server) { [mailbox] listed in
                mailbox.post(.call { bound.open(in: $0).take(listed, of: server, for: key) })
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
        guard let (attempt, tools, reporter) = inquiries[key], tools.missing.isEmpty,
            case .agent(var work) = attempt.work
        else { return }
        inquiries[key] = nil
        work.tools = tools.tools
        ask(attempt, work, reporter)
    }

    private func give(up key: AttemptKey, _ failure: Failure) {
        inquiries.removeValue(forKey: key)?.reporter.report(.failed(failure))
    }

    private func ask(_ attempt: Attempt, _ work: AgentWork, _ reporter: AttemptReporter) {
        guard let (provider, model) = provider(of: work.model) else {
            let known = providers.keys.sorted().joined(separator: ", ")
            let message = "The model \"\(work.model)\" has no provider here; known providers are \(known)."
            return reporter.report(
                .failed(Failure(kind: "model.unavailable", message: message, isRetryable: false)))
        }
        provider.generate(ModelRequest(attempt: attempt, work: work, model: model), reporter: reporter)
    }

    /// A name is the provider's, a slash, and the model's, which may have slashes of its own.
    private func provider(of model: String) -> (provider: any ModelProvider, model: String)? {
        guard let slash = model.utf8.firstIndex(of: UInt8(ascii: "/")),
            let provider = providers[String(model[..<slash])]
        else { return nil }
        return (provider, String(model[model.utf8.index(after: slash)...]))
    }
}
