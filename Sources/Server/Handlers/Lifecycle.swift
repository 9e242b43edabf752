import JSON
import RPC
import RPCTransport
import ServiceProtocol
import WorkflowEngine
import WorkflowModel
import WorkflowStore

extension Session {
    func initialize(_ request: InitializeRequest) throws -> JSONValue {
        guard phase == .new else { throw RPCError.invalidRequest("The session is initialized already.") }
        let settings = composition.options.settings(for: request, configuration)
        try checkRunOptions(settings.runOptions.value)
        let agents = try configured(agents: request.agents)
        let mask = composition.mask(settings)
        composition.options.log.hide(mask)
        engine.mask = mask
        let store = try composition.openStore(settings.store.value)
        engine.configuration.namespace = settings.namespace.value
        engine.configuration.performs = composition.options.performs && !store.journal.isReadOnly
        engine.configuration.recovers = composition.options.recovers
        engine.configuration.agents = agents
        engine.open(store.journal, store.registry)
        let handlers = HandlerExecutor(
            session: self, handlers: request.handlers, programs: request.programs, models: request.models,
            maximumConcurrent: request.maximumConcurrentSteps)
        self.handlers = handlers
        self.settings = settings
        client = request
        optOut = OptOut(request.optOut)
        phase = .ready
        if let processID = request.processID { composition.watchProcess(processID) }
        let stranded = try engine.strandedRuns()
        composition.options.log.write(
            .info,
            "A session begins: \(request.clientInfo?.name ?? "a client") in the namespace \(settings.namespace.value), on \(settings.store.value), with \(stranded) runs that nobody performs."
        )
        return [
            "protocolVersion": .string(Schema.version),
            "serverInfo": ["name": "fermata", "version": .string(composition.version)],
            "capabilities": [
                "steps": ["kinds": .array(StepKind.names.map { .string($0) })],
                "commands": .bool(settings.allowsCommands.value),
                "methods": .array(routes.requests.keys.sorted().map { .string($0) }),
            ],
            "limits": [
                "maxMessageBytes": .number(JSONNumber(connection.configuration.maxMessageBytes)),
                "maxPayloadBytes": .number(JSONNumber(connection.configuration.maxMessageBytes)),
                "maxBatch": .number(JSONNumber(connection.configuration.maxBatch)),
            ],
            "schemaHash": .string(Schema.hash),
            "recovered": ["runs": .number(JSONNumber(stranded))],
        ]
    }

    func shutdown() -> JSONValue {
        phase = .shuttingDown
        answerAllWaiters()
        engine.quiesce()
        return .null
    }

    func health() throws -> JSONValue {
        _ = try storeAnswers()
        return ["status": "ok"]
    }

    func stats() throws -> JSONValue {
        var runs = JSONObject()
        let counts = try storeAnswers()
        for status in RunStatus.allCases { runs[status.rawValue] = .number(JSONNumber(counts[status] ?? 0)) }
        return [
            "runs": .object(runs), "attempts": .number(JSONNumber(engine.attemptsUnderWay)),
            "subscriptions": .number(JSONNumber(subscriptions.count)),
            "uptimeMs": .number(JSONNumber(Int((engine.now - startedAt).milliseconds))),
        ]
    }

    private func storeAnswers() throws -> [RunStatus: Int] {
        do {
            return try engine.journal.counts()
        } catch {
            throw EngineError.store(error)
        }
    }
}
