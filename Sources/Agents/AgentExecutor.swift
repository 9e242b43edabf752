package import WorkflowEngine
package import WorkflowModel

/// Performs the turns of `agent` steps by the provider their model names.
package final class AgentExecutor: StepExecutor {
    /// Each with the beginning of its models' names: its own, and a slash.
    private let providers: [(prefix: String, provider: any ModelProvider)]
    private let catalog: (any ToolCatalog)?
    private let mailbox: Mailbox
    /// The way that was asked for last: before each start of a step, and mostly the same.
    private var newest: Route?
    /// The turns that wait for servers to say what their tools are.
    private var inquiries: [AttemptKey: (attempt: Attempt, tools: ToolInquiry, reporter: AttemptReporter)] = [:]

    package init(
        mailbox: Mailbox, providers: [any ModelProvider], catalog: (any ToolCatalog)? = nil
    ) {
        self.mailbox = mailbox
        self.catalog = catalog
        self.providers = providers.map { ($0.name + "/", $0) }
    }

    package func readiness(for step: StepKind) -> Readiness {
        guard case .agent(let agent) = step else { return .notPermitted("Models perform agent steps alone.") }
        if !agent.agent.tools.isEmpty {
            for server in ToolInquiry(agent.agent.tools.map(\.offer)).missing.sorted() {
                if let obstacle = catalog?.obstacle(to: server) { return .notPermitted(obstacle.message) }
            }
        }
        return route(of: agent.agent.model)?.provider.readiness(for: step) ?? .ready
    }

    package func start(_ attempt: Attempt, reporter: AttemptReporter) {
        guard case .agent(let work) = attempt.work else { return }
        guard let catalog, !work.tools.isEmpty else { return ask(attempt, work, reporter) }
        let inquiry = ToolInquiry(work.tools)
        guard !inquiry.missing.isEmpty else { return ask(attempt, work, reporter) }
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
        for (_, provider) in providers { provider.stop(key) }
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
        guard let route = route(of: work.model) else {
            let known = providers.map(\.provider.name).sorted().joined(separator: ", ")
            let message = "The model \"\(work.model)\" has no provider here; known providers are \(known)."
            return reporter.report(
                .failed(Failure(kind: "model.unavailable", message: message, isRetryable: false)))
        }
        route.provider.generate(ModelRequest(attempt: attempt, work: work, model: route.model), reporter: reporter)
    }

    /// A name is the provider's, a slash, and the model's, which may have slashes of its own.
    private func route(of name: String) -> Route? {
        if let newest, newest.name == name { return newest }
        for (prefix, provider) in providers where name.hasPrefix(prefix) {
            newest = Route(name: name, provider: provider, model: String(name.dropFirst(prefix.count)))
            return newest
        }
        return nil
    }

    private final class Route {
        let name: String
        let provider: any ModelProvider
        /// The model's name without its provider.
        let model: String

        init(name: String, provider: any ModelProvider, model: String) {
            self.name = name
            self.provider = provider
            self.model = model
        }
    }
}
