import Expressions
import JSON
package import WorkflowModel

/// Decides what becomes fact in a run.
///
/// It holds the run and the events it decided since they were last taken. Every event is applied as it is decided, so a chain of steps
/// without a body is one decision. A refusal comes before the first event: a refused command changes nothing.
package struct Decider: Sendable {
    package private(set) var run: Run
    /// Decided, applied and not yet taken, oldest first; the last one is number `run.seq`.
    package private(set) var events: [RunEvent] = []

    package init(_ run: Run) {
        self.run = run
    }

    /// A new run: its first event is decided.
    package init(
        creating id: String, workflow: Workflow, creation: RunCreated, options: RunOptions, at: Timestamp
    ) {
        run = Run(id: id, workflow: workflow, creation: creation, options: options, at: at)
        events = [.created(creation)]
    }

    /// What now becomes fact, or why not.
    package mutating func decide(_ command: Command, _ context: DecisionContext) throws(Refusal) {
        let context = context.notBefore(run.lastAt)
        switch command {
        case .start(let executionID): try start(executionID, context)
        case .pause: try pause(context)
        case .resume: try resume(context)
        case .cancel(let reason):
            guard !run.status.isTerminal else { throw invalidTransition }
            cancel(reason, context)
        case .respondApproval(let reference, let answer): try respond(reference, answer, context)
        case .respondInput(let reference, let answer): try respond(reference, answer, context)
        case .attemptSucceeded(let path, let number, let output):
            settle(path, number, context) { $0.complete($1, output: output, context) }
        case .attemptFailed(let path, let number, let failure):
            settle(path, number, context) { $0.fail($1, failure, context) }
        case .attemptInterrupted(let path, let number):
            settle(path, number, context) { $0.interrupt($1, context) }
        case .takeOver:
            for active in run.active where active.isRunning { interrupt(active, context) }
        case .advance: passDeadlines(context)
        case .log(let entry): return emit(.logged(entry), context)
        }
        advance(context)
        settleStatus(context)
    }

    /// The events decided since the last call. The first one's number is `run.seq - count + 1`.
    package mutating func takeEvents() -> [RunEvent] {
        defer { events = [] }
        return events
    }

    mutating func emit(_ event: RunEvent, _ context: DecisionContext) {
        run.apply(event, seq: run.seq + 1, at: context.now)
        events.append(event)
    }

    // MARK: The life of a run

    var invalidTransition: Refusal {
        .invalidTransition(status: run.status, isPaused: run.isPaused, allowed: run.allowedMethods)
    }

    private mutating func start(_ executionID: String, _ context: DecisionContext) throws(Refusal) {
        guard run.status == .pending else { throw invalidTransition }
        let change = StatusChanged(
            status: .inProgress, isPaused: false, previous: .pending, executionID: executionID)
        emit(.statusChanged(change), context)
        if run.active.isEmpty { finish(context) }
    }

    private mutating func pause(_ context: DecisionContext) throws(Refusal) {
        guard run.status == .inProgress || run.status == .awaiting, !run.isPaused else { throw invalidTransition }
        emit(.statusChanged(StatusChanged(status: run.status, isPaused: true, previous: run.status)), context)
    }

    private mutating func resume(_ context: DecisionContext) throws(Refusal) {
        guard run.isPaused, !run.status.isTerminal else { throw invalidTransition }
        emit(.statusChanged(StatusChanged(status: run.status, isPaused: false, previous: run.status)), context)
        passDeadlines(context)
    }

    private mutating func end(as status: RunStatus, _ event: RunEvent, _ context: DecisionContext) {
        emit(.statusChanged(StatusChanged(status: status, isPaused: false, previous: run.status)), context)
        emit(event, context)
    }

    mutating func cancel(_ reason: String?, _ context: DecisionContext) {
        end(as: .cancelled, .cancelled(reason: reason), context)
    }

    mutating func fail(run failure: Failure, _ context: DecisionContext) {
        end(as: .failed, .failed(failure), context)
    }

    /// The flow has come to its end: what it leaves is the run's output.
    mutating func finish(_ context: DecisionContext) {
        guard let template = run.workflow.output else {
            return end(as: .completed, .completed(output: run.root.lastResult), context)
        }
        do {
            let output = try template.evaluate(run.bindings(result: run.root.lastResult))
            end(as: .completed, .completed(output: output), context)
        } catch {
            fail(run: Failure(error, in: "the workflow's output"), context)
        }
    }

    /// A run is awaiting when it has nothing to do but wait for a person.
    private mutating func settleStatus(_ context: DecisionContext) {
        guard run.status == .inProgress || run.status == .awaiting else { return }
        let waits = !run.active.isEmpty && run.active.allSatisfy(\.isAsking)
        let status: RunStatus = waits ? .awaiting : .inProgress
        guard status != run.status else { return }
        emit(.statusChanged(StatusChanged(status: status, isPaused: run.isPaused, previous: run.status)), context)
    }

    /// What is decided first wins: a result for an attempt that is no longer under way is logged, not applied.
    private mutating func settle(
        _ path: String, _ number: Int, _ context: DecisionContext, _ body: (inout Decider, ActiveStep) -> Void
    ) {
        if let active = run.active.first(where: { $0.path == path }), active.attempt == number, active.isRunning {
            return body(&self, active)
        }
        let message = "The outcome of attempt \(number) came too late and was not applied."
        emit(.logged(LogEntry(level: .warning, message: message, step: path)), context)
    }
}

extension DecisionContext {
    /// Time never falls within a run, whatever the clock does.
    fileprivate func notBefore(_ moment: Timestamp) -> DecisionContext {
        var context = self
        context.now = max(now, moment)
        return context
    }
}

extension Run {
    /// The methods that the table of transitions allows now.
    package var allowedMethods: [String] {
        switch status {
        case .pending: ["run/start", "run/cancel", "run/delete"]
        case .inProgress, .awaiting: [isPaused ? "run/resume" : "run/pause", "run/cancel"]
        case .completed, .failed, .cancelled: ["run/delete"]
        }
    }
}

extension ActiveStep {
    package var isRunning: Bool {
        if case .running = phase { true } else { false }
    }

    package var isAsking: Bool {
        if case .asking = phase { true } else { false }
    }
}
