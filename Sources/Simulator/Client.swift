import JSON
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// Who asks for runs, on whichever engine, and does with them what people do: answers, signals, pauses, cancels, retries.
final class Client {
    private struct Planned {
        let request: RunRequest
        var isCreated = false
        /// How often it was asked for without an answer so far.
        var open = 0
    }

    private unowned let simulation: Simulation
    private var planned: [Planned] = []
    /// What children are made of is known before anything goes wrong.
    private var unregistered = Scenario.children
    private var signals = 0

    init(in simulation: Simulation) {
        self.simulation = simulation
    }

    func begin() {
        for number in 1...simulation.options.runs {
            let scenario = simulation.random.pick(Scenario.all)
            planned.append(Planned(request: scenario.request("r\(number)-\(scenario.name)", &simulation.random)))
        }
        act()
    }

    /// Whether each run was created, so that the store knows all there will be.
    var hasAskedForEverything: Bool { planned.allSatisfy(\.isCreated) }

    // MARK: While things go wrong

    private func act() {
        guard simulation.isChaotic else { return }
        defer { simulation.later(20...400) { [self] in act() } }
        guard let process = anyone else { return }
        if let document = unregistered.first { return register(document, at: process) }
        switch simulation.random.number(0...99) {
        case ..<43: create(at: process)
        case ..<72: answerQuestions(at: process)
        case ..<80: signal(at: process)
        case ..<82: fork(at: process)
        case ..<83: move(at: process)
        case ..<88: perform(.pause, at: process) { $0.isUnderWay && !$0.isPaused }
        case ..<93: perform(.resume, at: process) { $0.isPaused }
        case ..<95: perform(.cancel(reason: "enough"), at: process) { $0.isUnderWay }
        case ..<98: retry(at: process)
        default: delete(at: process)
        }
    }

    private var anyone: EngineProcess? {
        let processes = simulation.processes
        return processes.isEmpty ? nil : simulation.random.pick(processes)
    }

    private func register(_ document: JSONValue, at process: EngineProcess) {
        process.listener.ask("register") { engine throws(EngineError) in
            _ = try engine.register(document)
            return Answer()
        } then: { [self] result in
            if case .success = result { unregistered.removeAll { $0 == document } }
        }
    }

    private func create(at process: EngineProcess) {
        let open = planned.indices.filter { !planned[$0].isCreated }
        guard !open.isEmpty else { return }
        let index = simulation.random.pick(open)
        create(index, at: process)
        // The same request elsewhere gives the same run.
        guard simulation.mayFail, simulation.random.chance(0.1), let other = anyone else { return }
        simulation.note(.doubleRequest, on: other)
        create(index, at: other)
    }

    private func create(_ index: Int, at process: EngineProcess) {
        let request = planned[index].request
        planned[index].open += 1
        process.listener.subscribe(request.runID!)
        process.listener.ask("create \(request.runID!)") { engine throws(EngineError) in
            let created = try engine.create(request)
            return Answer(run: created.runID, seq: created.seq)
        } then: { [self] result in
            planned[index].open -= 1
            if case .success = result { planned[index].isCreated = true }
        }
    }

    private func retry(at process: EngineProcess) {
        let id = UUIDv7.text(at: simulation.clock.now, random: (simulation.random.next(), simulation.random.next()))
        perform(.retry(executionID: id), at: process) { $0.status == .failed || $0.status == .cancelled }
    }

    /// A run that begins with what another had done up to somewhere.
    private func fork(at process: EngineProcess) {
        guard let id = anyRun(where: { _ in true }), let seq = simulation.auditor.runs[id]?.seq else { return }
        var request = ForkRequest(source: id, place: .seq(simulation.random.number(1...seq)))
        request.starts = simulation.random.chance(0.8)
        if simulation.random.chance(0.3) { request.state = ["forked": true] }
        let (isAnew, asked) = (simulation.random.chance(0.2), request)
        process.listener.ask("fork \(id)") { engine throws(EngineError) in
            var request = asked
            if isAnew, let path = try engine.firstStep(of: id) { request.place = .step(path) }
            let created = try engine.fork(request)
            return Answer(run: created.runID, seq: created.seq)
        }
    }

    /// A run and its children as a file, which comes back under other names.
    private func move(at process: EngineProcess) {
        guard let id = anyRun(where: { _ in true }) else { return }
        process.listener.ask("move \(id)") { engine throws(EngineError) in
            let bytes = try engine.export(id).bytes
            guard let file = try? RunExport(reading: bytes) else {
                preconditionFailure("What was exported can be read.")
            }
            var request = ImportRequest(file)
            request.runID = engine.environment.makeID()
            let created = try engine.importRun(request)
            return Answer(run: created.runID, seq: created.seq)
        }
    }

    private func delete(at process: EngineProcess) {
        // A request that is still on its way would create it again.
        let settled = Set(planned.filter { $0.isCreated && $0.open == 0 }.map(\.request.runID!))
        guard let id = anyRun(where: { $0.status.isTerminal && settled.contains($0.id) }) else { return }
        process.listener.ask("delete \(id)") { engine throws(EngineError) in
            _ = try engine.delete(id, expectedSeq: nil)
            return Answer()
        }
    }

    private func signal(at process: EngineProcess) {
        guard let id = anyRun(where: { !$0.status.isTerminal }) else { return }
        signal(id, at: process, times: simulation.mayFail && simulation.random.chance(0.1) ? 2 : 1)
    }

    private func perform(_ command: Command, at process: EngineProcess, where isWanted: (Run) -> Bool) {
        guard let id = anyRun(where: isWanted) else { return }
        perform(command, on: id, at: process)
    }

    private func anyRun(where isWanted: (Run) -> Bool) -> RunID? {
        let fitting = simulation.auditor.order.filter { simulation.auditor.runs[$0].map(isWanted) ?? false }
        return fitting.isEmpty ? nil : simulation.random.pick(fitting)
    }

    // MARK: Once nothing goes wrong any more

    /// Does for every run what somebody must do for it to end.
    func tend() {
        for id in simulation.auditor.order {
            guard let run = simulation.auditor.runs[id], !run.status.isTerminal, let process = anyone else { continue }
            if run.status == .pending {
                perform(.start(executionID: "\(id)-started"), on: id, at: process)
            } else if run.isPaused {
                perform(.resume, on: id, at: process)
            } else {
                if run.waitsForSignal { signal(id, at: process, times: 1) }
                process.listener.ask("adopt \(id)") { engine throws(EngineError) in
                    try engine.adopt(id)
                    return Answer()
                }
            }
        }
        if let process = anyone { answerQuestions(at: process) }
    }

    // MARK: Asking

    private func perform(_ command: Command, on id: RunID, at process: EngineProcess) {
        process.listener.ask("\(command.name) \(id)") { engine throws(EngineError) in
            let run = try engine.perform(command, on: id).run
            return Answer(run: id, seq: run.seq)
        }
    }

    private func signal(_ id: RunID, at process: EngineProcess, times: Int) {
        signals += 1
        let signal = Signal(name: "go", payload: .number(JSONNumber(signals)), idempotencyKey: "s\(signals)")
        if times > 1 { simulation.note(.doubleRequest, on: process) }
        for _ in 0..<times { perform(.signal(signal), on: id, at: process) }
    }

    private func answerQuestions(at process: EngineProcess) {
        process.listener.ask("questions") { engine throws(EngineError) in
            Answer(questions: try engine.openInteractions(namespace: nil, runID: nil))
        } then: { [weak self] result in
            guard let self, case .success(let answer) = result else { return }
            for question in answer.questions where !simulation.isChaotic || simulation.random.chance(0.3) {
                respond(to: question)
            }
        }
    }

    private func respond(to question: InteractionRecord) {
        guard let process = anyone, let command = response(to: question) else { return }
        let (id, kind) = (question.id, question.body["kind"]?.string == "input" ? Interaction.Kind.input : .approval)
        let isDouble = simulation.mayFail && simulation.random.chance(0.1)
        if isDouble { simulation.note(.doubleRequest, on: process) }
        for _ in 0..<(isDouble ? 2 : 1) {
            process.listener.ask("answer \(id)") { engine throws(EngineError) in
                let run = try engine.question(interactionID: id, executionID: nil, kind: kind).runID
                return Answer(run: run, seq: try engine.perform(command, on: run).run.seq)
            }
        }
    }

    private func response(to question: InteractionRecord) -> Command? {
        if question.body["kind"]?.string == "input" {
            let value: JSONValue = simulation.mayFail && simulation.random.chance(0.2) ? "seven" : 7
            return .respondInput(.id(question.id), InputAnswer(value: value, by: "ann", client: nil))
        }
        let decision: ApprovalDecision = simulation.random.chance(0.85) ? .approved : .rejected
        let approver = simulation.random.pick(["ann", "bob", "cid"])
        return .respondApproval(
            .id(question.id), ApprovalAnswer(decision: decision, approver: approver, message: nil, client: nil))
    }
}

extension Engine {
    fileprivate func firstStep(of id: RunID) throws(EngineError) -> String? {
        for recorded in try events(of: try load(id).record, afterSeq: 0, limit: .max, maxBytes: .max) {
            if case .stepStarted(let start) = recorded.event { return start.path }
        }
        return nil
    }
}

extension Run {
    fileprivate var waitsForSignal: Bool {
        active.contains { active in
            if case .waiting = active.phase, case .wait(let wait) = active.step.kind {
                return wait.conditions.contains { if case .signal = $0 { true } else { false } }
            }
            return false
        }
    }
}

extension Command {
    fileprivate var name: String {
        switch self {
        case .start: "start"
        case .pause: "pause"
        case .resume: "resume"
        case .cancel: "cancel"
        case .retry: "retry"
        case .signal: "signal"
        default: "perform"
        }
    }
}
