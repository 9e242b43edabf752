import JSON
import Synchronization
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// One call of a workflow's function: what it has asked for, and the bodies it runs.
///
/// The function of a run that is about to be created is called at once: what it asks waits until the engine has its attempt, and so
/// the run's creation and its first step are one commit.
final class ProgramExecution: Sendable {
    private struct State {
        /// Nil until the engine has it, and where it never will.
        var hosting: (attempt: Attempt, reporter: AttemptReporter)?
        /// What was asked and said before; nil once that is settled.
        var early: [Posting]?
        var task: Task<Void, Never>?
        var isCancelled = false
        /// Who hears what the bodies under way say, by the keys of their steps.
        var reporters: [String: AttemptReporter] = [:]
        var bodies: [String: Task<JSONValue, any Error>] = [:]
        /// How often each name was given by the library itself.
        var names: [String: Int] = [:]
        var values: [String: JSONValue] = [:]
        /// How many things the function does at once, as far as the library knows.
        var strands = 1
        /// How many of them wait for the engine.
        var asks = 0

        var busy: Int { max(strands - asks, 0) }

        mutating func nextEarly() -> Posting? {
            guard early?.isEmpty == false else {
                early = nil
                return nil
            }
            return early?.removeFirst()
        }
    }

    let runID: String
    private let link: EngineLink
    private let registry: WorkflowRegistry
    private let state: Mutex<State>

    /// One of a run that is there; with `isEarly` of one that is about to be created.
    init(of run: String, _ link: EngineLink, _ registry: WorkflowRegistry, isEarly: Bool = false) {
        runID = run
        state = Mutex(State(early: isEarly ? [] : nil))
        self.link = link
        self.registry = registry
    }

    // MARK: The function

    /// Calls the function; its task lives as long as the engine wants it. On this thread, where `isImmediate`, until it first waits.
    func begin(_ workflow: HostedWorkflow, _ input: JSONValue, isImmediate: Bool = false) {
        link.activity.begin()
        let function: @Sendable () async -> Void = { [self] in
            defer { link.activity.end() }
            do {
                report(.succeeded(try await workflow.body(input, Context(self))))
            } catch {
                report(.failed(Failure(error, kind: "workflow.failed")))
            }
        }
        let task = isImmediate ? Task.immediateDetached(operation: function) : Task.detached(operation: function)
        let isLate = state.withLock { state in
            state.task = task
            return state.isCancelled
        }
        if isLate { task.cancel() }
    }

    /// The engine performs it. What it has asked and said before is settled with `catchUp`.
    func host(_ attempt: Attempt, _ reporter: AttemptReporter) {
        state.withLock { $0.hosting = (attempt, reporter) }
    }

    /// Tells the engine what it has asked and said so far; from then on it posts.
    func catchUp(on engine: Engine) {
        while let next = state.withLock({ $0.nextEarly() }) { next.perform(engine) }
    }

    /// No run has come of it, unless the engine performs it already.
    func drop() {
        guard attempt == nil else { return }
        cancel()
        while let next = state.withLock({ $0.nextEarly() }) { next.refuse() }
    }

    /// Nil until the engine performs it.
    var attempt: Attempt? { state.withLock { $0.hosting?.attempt } }

    private func post(_ posting: Posting) {
        let isEarly = state.withLock { state in
            state.early?.append(posting)
            return state.early != nil
        }
        if !isEarly { link.post(posting) }
    }

    /// The function says something, and none of its steps.
    func report(_ report: AttemptReporter.Report) {
        let reporter = state.withLock { state in
            guard state.early != nil else { return state.hosting?.reporter }
            let posting = Posting { [self] engine in
                guard let reporter = self.state.withLock({ $0.hosting?.reporter }) else { return }
                engine.take(report, from: reporter)
            }
            state.early?.append(posting)
            return nil
        }
        reporter?.report(report)
    }

    func cancel() {
        let task = state.withLock { state in
            state.isCancelled = true
            return state.task
        }
        task?.cancel()
    }

    /// Lets the engine run a workflow that this one is about to start.
    func host(_ workflow: HostedWorkflow) throws {
        try workflow.checkName(in: registry)
        guard !registry.hosts(workflow.name) else { return }
        registry.add(workflow)
        link.mailbox.post(.call { $0.adoptMore() })
    }

    // MARK: Steps

    func stepBegan(_ attempt: Attempt, _ reporter: AttemptReporter) {
        state.withLock { $0.reporters[attempt.key.path] = reporter }
    }

    /// Its body is not wanted any more.
    func stepEnded(_ key: String) {
        let body = state.withLock { state in
            state.reporters[key] = nil
            return state.bodies[key]
        }
        body?.cancel()
    }

    func reporter(of step: String) -> AttemptReporter? {
        state.withLock { $0.reporters[step] }
    }

    /// A name for a step that the workflow has not named: the second of its kind has a number.
    func name(like name: String) -> String {
        let count = state.withLock { state in
            state.names[name, default: 0] += 1
            return state.names[name] ?? 1
        }
        return count == 1 ? name : "\(name)#\(count)"
    }

    /// What the workflow has set its state to.
    func value(of name: String) -> JSONValue? {
        state.withLock { $0.values[name] }
    }

    func keep(_ value: JSONValue, as name: String) {
        state.withLock { $0.values[name] = value }
    }

    /// Whether a step is recorded that has succeeded, and none whose name begins with its name and a dot.
    nonisolated(nonsending) func hasRecorded(_ key: String) async throws -> Bool {
        let run = runID
        return try await ask { engine throws(EngineError) in
            guard let record = try engine.load(run).run.programRecord,
                case .succeeded? = record[key]?.end?.outcome
            else { return false }
            return !record.entries.contains { $0.key.hasPrefix(key + ".") }
        }
    }

    /// A step whose body runs here: as often as its policy says.
    nonisolated(nonsending) func run(
        _ key: String, _ policy: JSONObject, _ body: @escaping @Sendable () async throws -> JSONValue
    ) async throws -> JSONValue {
        let isTimed = policy["timeoutMs"] != nil
        while true {
            switch try await ask(
                for: key,
                { id throws(EngineError) in try ProgramRequest(begin: key, in: id, policy, input: nil) })
            {
            case .recorded(let output): return output
            case .failed(let failure): throw WorkflowFailure(failure)
            case .run(let attempt, let idempotencyKey):
                await link.probe?(.beginning(key))
                let step = RunningStep(name: key, attempt: attempt, idempotencyKey: idempotencyKey)
                let result = await perform(body, step, isTimed: isTimed)
                await link.probe?(.working(key))
                if !isTimed, case .success(let output) = result {
                    goOn(with: output, of: key)
                    await link.probe?(.done(key))
                    return output
                }
                let completion = try await complete(key, result.mapError { Failure($0, kind: "step.failed") })
                if let failure = completion.failure { throw WorkflowFailure(failure) }
                if completion.retry != nil { continue }
                await link.probe?(.done(key))
                return try result.mapError { WorkflowFailure(Failure($0, kind: "step.failed")) }.get()
            }
        }
    }

    /// A step that the engine performs.
    nonisolated(nonsending) func perform(_ step: JSONValue, as key: String) async throws -> JSONValue {
        switch try await ask(
            for: key, { id throws(EngineError) in try ProgramRequest(perform: step, as: key, in: id) })
        {
        case .recorded(let output): return output
        case .failed(let failure): throw WorkflowFailure(failure)
        case .run: preconditionFailure("A step that the engine performs is never handed out.")
        }
    }

    private nonisolated(nonsending) func perform(
        _ body: @escaping @Sendable () async throws -> JSONValue, _ step: RunningStep, isTimed: Bool
    ) async -> Result<JSONValue, any Error> {
        link.activity.begin()
        defer { link.activity.end() }
        let result = await RunningStep.$current.withValue(step) {
            isTimed ? await performTimed(body, of: step.name) : await Result.of(body)
        }
        await step.close()
        return result
    }

    /// A body whose time may run out is a task of its own, which can be cancelled while the workflow goes on.
    private nonisolated(nonsending) func performTimed(
        _ body: @escaping @Sendable () async throws -> JSONValue, of key: String
    ) async -> Result<JSONValue, any Error> {
        let task = Task { try await body() }
        let isCancelled = state.withLock { state in
            state.bodies[key] = task
            return state.isCancelled || state.reporters[key] == nil
        }
        if isCancelled { task.cancel() }
        defer { state.withLock { $0.bodies[key] = nil } }
        return await withTaskCancellationHandler {
            await task.result
        } onCancel: {
            task.cancel()
        }
    }

    // MARK: Asking

    /// Asks for a step, until the store can be written; to cancel the task takes that back.
    private nonisolated(nonsending) func ask(
        for key: String, _ request: @escaping @Sendable (String) throws(EngineError) -> ProgramRequest
    ) async throws -> ProgramAnswer {
        try checkNotInside(key)
        while true {
            let asked = AskedStep()
            let result = await withTaskCancellationHandler {
                await ask { [self] engine, reply in
                    guard asked.await(reply) else { return reply.send(.failure(.executionNotFound(runID))) }
                    do throws(EngineError) {
                        guard let attempt else { throw .executionNotFound(runID) }
                        var request = try request(attempt.executionID)
                        request.attempt = attempt.key.number
                        try engine.take(request) { asked.end()?.send($0, atEndOfTurnOf: engine) }
                    } catch {
                        asked.end()?.send(.failure(error), atEndOfTurnOf: engine)
                    }
                }
            } onCancel: {
                link.mailbox.post(
                    .call { [self] engine in
                        guard let reply = asked.end() else { return }
                        if let attempt { engine.withdraw(key, of: attempt.executionID) }
                        reply.send(.failure(.executionNotFound(runID)))
                    })
            }
            if let answer = try settle(result) { return answer }
            await link.pause(Self.pause)
        }
    }

    /// What the workflow does with what a body left is seen by nobody until the next body runs, or the workflow ends, and then
    /// this is durable: the engine takes it with what is asked next. A step that may be over by its timeout is no such step.
    private func goOn(with output: JSONValue, of key: String) {
        link.mailbox.postAhead(
            .call { [self] engine in
                guard !engine.isStopped, let attempt else { return }
                engine.complete(
                    key, of: attempt.executionID, attempt: attempt.key.number, goingOnWith: output)
            })
    }

    private nonisolated(nonsending) func complete(
        _ key: String, _ result: Result<JSONValue, Failure>
    ) async throws -> ProgramCompletion {
        try await ask { [self] engine throws(EngineError) in
            guard let attempt else { throw .executionNotFound(runID) }
            return try engine.complete(key, of: attempt.executionID, attempt: attempt.key.number, result)
        }
    }

    /// Asks what the engine answers within the turn, until the store can be written.
    private nonisolated(nonsending) func ask<Answer: Sendable>(
        _ body: @escaping @Sendable (Engine) throws(EngineError) -> Answer
    ) async throws -> Answer {
        while true {
            let result: Result<Answer, EngineError> = await ask { engine, reply in
                reply.send(Result { () throws(EngineError) in try body(engine) }, atEndOfTurnOf: engine)
            }
            if let answer = try settle(result) { return answer }
            await link.pause(Self.pause)
        }
    }

    private nonisolated(nonsending) func ask<Answer: Sendable>(
        _ body: @escaping @Sendable (Engine, Reply<Answer>) -> Void
    ) async -> Result<Answer, EngineError> {
        note { $0.asks += 1 }
        return await link.ask(by: post, answered: { [self] in note { $0.asks -= 1 } }, body)
    }

    /// How long a store that cannot be written is left alone.
    private static let pause = Duration.milliseconds(200)

    /// Nil where it is to be asked once more. What is not under way any more was cancelled.
    private func settle<Answer>(_ result: Result<Answer, EngineError>) throws -> Answer? {
        switch result {
        case .success(let answer): return answer
        case .failure(.executionNotFound), .failure(.shuttingDown): throw CancellationError()
        case .failure(.store(let error)) where error.isTransient: return nil
        case .failure(let error): throw WorkflowFailure(error)
        }
    }

    // MARK: What it is doing

    /// The function does one thing more beside the others; or one less.
    func note(strands count: Int) {
        note { $0.strands += count }
    }

    private func note(_ change: (inout State) -> Void) {
        let difference = state.withLock { state in
            let before = state.busy
            change(&state)
            return state.busy - before
        }
        if difference != 0 { link.activity.change(by: difference) }
    }

    private func checkNotInside(_ key: String) throws {
        guard let outer = RunningStep.current else { return }
        throw WorkflowFailure.misuse(
            "step.nested",
            "The step \"\(key)\" was asked for inside the step \"\(outer.name)\". "
                + "A step's body is one unit of work: let the workflow ask for the one after the other.")
    }
}

/// A step that is asked for, until it is answered or withdrawn, even before the engine has heard of it.
private final class AskedStep: Sendable {
    private enum State {
        case unheard
        case awaited(Reply<ProgramAnswer>)
        case over
    }

    private let state = Mutex(State.unheard)

    /// False where it was withdrawn before.
    func await(_ reply: Reply<ProgramAnswer>) -> Bool {
        state.withLock { state in
            guard case .unheard = state else { return false }
            state = .awaited(reply)
            return true
        }
    }

    /// Who is to be answered now, if anybody.
    func end() -> Reply<ProgramAnswer>? {
        state.withLock { state in
            defer { state = .over }
            if case .awaited(let reply) = state { return reply }
            return nil
        }
    }
}

extension StoreError {
    /// Whether the store may take later what it cannot take now.
    var isTransient: Bool {
        if case .unavailable = self { true } else { false }
    }
}
