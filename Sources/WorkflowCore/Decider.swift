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

    /// A run that begins with the past of another, which is handed in under the new one's id; `fact` tells how it came here.
    package init(continuing past: Run, with fact: RunEvent, at moment: Timestamp) {
        run = past
        run.apply(fact, seq: past.seq + 1, at: max(moment, past.lastAt))
        events = [fact]
    }

    /// What now becomes fact, or why not.
    package mutating func decide(_ command: Command, _ context: DecisionContext) throws(Refusal) {
        let context = context.notBefore(run.lastAt)
        switch command {
        case .start(let executionID): try start(executionID, context)
        case .pause: try pause(context)
        case .resume: try resume(context)
        case .cancel(let reason): try cancel(reason, context)
        case .retry(let executionID): try retry(executionID, context)
        case .signal(let signal): try receive(signal, context)
        case .respondApproval(let reference, let answer): try respond(reference, answer, context)
        case .respondInput(let reference, let answer): try respond(reference, answer, context)
        case .attemptSucceeded(let path, let number, let output):
            settle(path, number, context) { $0.complete($1, output: output, context) }
        case .modelAnswered(let path, let number, let answer):
            settle(path, number, context) { $0.take(answer, of: $1, context) }
        case .attemptFailed(let path, let number, let failure):
            settle(path, number, context) { $0.fail($1, failure, context) }
        case .attemptInterrupted(let path, let number):
            settle(path, number, context) { $0.interrupt($1, context) }
        case .childEnded(let path, let runID, let outcome): settle(path, child: runID, outcome, context)
        case .takeOver:
            for path in run.active.performedPaths {
                // What happens to one step may take others with it.
                if let active = run.active(at: path), active.isPerformed { interrupt(active, context) }
            }
        case .beginStep(let definition, let input): begin(definition, input: input, context)
        case .programChanged(let number, let change):
            settle(Run.programPath, number, context) { $0.hold($1, for: change, context) }
        case .advance: passDeadlines(context)
        case .log(let entry): return emit(.logged(entry), context)
        }
        repeat { advance(context) } while settleEnding(context)
        settleStatus(context)
    }

    /// The events decided since the last call. The first one's number is `run.seq - count + 1`.
    package mutating func takeEvents() -> [RunEvent] {
        defer { events = [] }
        return events
    }

    mutating func emit(_ event: RunEvent, _ context: DecisionContext) {
        run.apply(event, seq: run.seq + 1, at: context.now)
        if events.isEmpty { events.reserveCapacity(4) }
        events.append(event)
    }

    // MARK: The life of a run

    var invalidTransition: Refusal {
        .invalidTransition(status: run.status, isPaused: run.isPaused, allowed: run.allowedMethods)
    }

    private mutating func start(_ executionID: String, _ context: DecisionContext) throws(Refusal) {
        guard run.status == .pending else { throw invalidTransition }
        begin(executionID, from: run.hasBegun ? .checkpoint : nil, context)
    }

    private mutating func retry(_ executionID: String, _ context: DecisionContext) throws(Refusal) {
        guard run.status == .failed || run.status == .cancelled else { throw invalidTransition }
        begin(executionID, from: run.hasBegun ? .checkpoint : .start, context)
    }

    mutating func begin(_ executionID: String, from origin: RetryOrigin?, _ context: DecisionContext) {
        let change = StatusChanged(
            status: .inProgress, isPaused: false, previous: run.status, executionID: executionID, from: origin)
        emit(.statusChanged(change), context)
        if run.active.isEmpty { finish(context) }
    }

    private mutating func pause(_ context: DecisionContext) throws(Refusal) {
        guard run.isUnderWay, run.ending == nil, !run.isPaused else { throw invalidTransition }
        emit(.statusChanged(StatusChanged(status: run.status, isPaused: true, previous: run.status)), context)
    }

    private mutating func resume(_ context: DecisionContext) throws(Refusal) {
        guard run.isPaused, !run.status.isTerminal else { throw invalidTransition }
        emit(.statusChanged(StatusChanged(status: run.status, isPaused: false, previous: run.status)), context)
        passDeadlines(context)
    }

    mutating func end(as status: RunStatus, _ event: RunEvent, _ context: DecisionContext) {
        emit(.statusChanged(StatusChanged(status: status, isPaused: false, previous: run.status)), context)
        emit(event, context)
    }

    /// The flow has come to its end: what it leaves is the run's output.
    mutating func finish(_ context: DecisionContext) {
        // A run that is being cancelled stays so, even when its last step finishes meanwhile.
        guard run.ending == nil else { return }
        guard let template = run.origin.workflow.output else {
            return end(as: .completed, .completed(output: run.root.lastResult), context)
        }
        do {
            let output = try template.evaluate(run.bindings(in: run.root, result: run.root.lastResult))
            end(as: .completed, .completed(output: output), context)
        } catch {
            fail(run: Failure(error, in: "the workflow's output"), context)
        }
    }

    /// A run is awaiting when it has nothing to do but wait for a person.
    private mutating func settleStatus(_ context: DecisionContext) {
        guard run.isUnderWay else { return }
        let status: RunStatus = run.awaitsPerson(context) ? .awaiting : .inProgress
        guard status != run.status else { return }
        emit(.statusChanged(StatusChanged(status: status, isPaused: run.isPaused, previous: run.status)), context)
    }

    /// What is decided first wins: a result for an attempt that is no longer under way is logged, not applied.
    private mutating func settle(
        _ path: String, _ number: Int, _ context: DecisionContext, _ body: (inout Decider, ActiveStep) -> Void
    ) {
        if let active = run.active(at: path), active.attempt == number, active.isRunning {
            return body(&self, active)
        }
        let message = "The outcome of attempt \(number) came too late and was not applied."
        emit(.logged(LogEntry(level: .warning, message: message, step: path)), context)
    }

    private mutating func settle(
        _ path: String, child: String, _ outcome: ChildOutcome, _ context: DecisionContext
    ) {
        guard let active = run.active(at: path), case .child(child, _) = active.phase else { return }
        switch outcome {
        case .completed(let output): complete(active, output: output, context)
        case .failed(let failure): fail(active, failure, context)
        case .cancelled(let reason):
            let because = reason.map { ": \($0)" } ?? "."
            let message = "The run \(child) of the step \"\(active.step.name)\" was cancelled\(because)"
            fail(active, Failure(kind: "workflow.cancelled", message: message, isRetryable: false), context)
        }
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
        case .inProgress, .awaiting:
            ending == nil ? [isPaused ? "run/resume" : "run/pause", "run/cancel"] : ["run/cancel"]
        case .completed: ["run/delete"]
        case .failed, .cancelled: ["run/retry", "run/delete"]
        }
    }

    /// Whether it was ever started, be it by the run whose past it has.
    var hasBegun: Bool { !executions.isEmpty }

    /// Whether it was started and has not ended.
    package var isUnderWay: Bool {
        // Inlined, like what else is asked of a run between two steps: a call would hand over a copy of it.
        @inline(__always)
        get { status == .inProgress || status == .awaiting }
    }

    /// Whether everything that could move is a question, here or in a child.
    fileprivate func awaitsPerson(_ context: DecisionContext) -> Bool {
        let isHeld = isBudgetAsked
        var waits = isHeld
        for index in active.indices {
            switch active[index].phase {
            case .asking: waits = true
            case .child(let id, _):
                guard context.surroundings.status(ofRun: id) == .awaiting else { return false }
                waits = true
            case .entered, .backingOff: guard isHeld || !isOpen(active[index].scope) else { return false }
            // A program that does nothing but run its steps waits as they do.
            case .running where active[index].step === origin.workflow.program: continue
            case .running, .waiting: return false
            case .open, .failed: continue
            }
        }
        return waits
    }

    /// Whether a person is asked if the run may go on at all.
    var isBudgetAsked: Bool {
        @inline(__always)
        get { interactions.contains { $0.reason == Interaction.budgetReason } }
    }
}

// Here and elsewhere steps are visited by their places: a loop over the elements would copy each.
extension [ActiveStep] {
    /// Whether the attempt of a body is under way.
    package var isPerformed: Bool {
        for index in indices where self[index].isPerformed { return true }
        return false
    }

    /// The paths of those whose bodies are performed.
    fileprivate var performedPaths: [String] {
        var paths: [String] = []
        for index in indices where self[index].isPerformed { paths.append(self[index].path) }
        return paths
    }
}

extension ActiveStep {
    // Inlined, since a call would copy the step.

    package var isRunning: Bool {
        @inline(__always)
        get { if case .running = phase { true } else { false } }
    }

    /// Whether an attempt of a body is under way outside of the core.
    package var isPerformed: Bool {
        @inline(__always)
        get { isRunning && step.kind.hasBody }
    }

    /// Whether somebody works for it: a body, or a child run.
    var isAtWork: Bool {
        switch phase {
        case .child: true
        // What a program does between its steps is not kept, and its steps are at work themselves.
        case .running: if case .program = step.kind { false } else { isPerformed }
        default: false
        }
    }
}
