import Expressions
import JSON
import WorkflowModel

extension Decider {
    /// Starts whatever the flow has come to, until nothing more can start.
    mutating func advance(_ context: DecisionContext) {
        while run.mayMove, let active = nextDue(context) {
            if asksForModelBudget(at: active, context) { continue }
            guard active.attempt == run.attemptBase, run.stepCount >= run.stepLimit, run.toolCall(of: active) == nil
            else {
                start(active, context)
                continue
            }
            return exceedLimit(at: active, context)
        }
    }

    /// The run has come to one step more than it may.
    mutating func exceedLimit(at active: ActiveStep, _ context: DecisionContext) {
        if let ending = run.ending { return giveUp(ending, context) }
        if let steps = run.options.maximumSteps { return askForBudget(of: steps, at: active, context) }
        let message = "The run has come to more than \(Run.defaultStepLimit) steps."
        fail(run: Failure(kind: "limit.exceeded", message: message, isRetryable: false), context)
    }

    // Inlined, since a call would hand over a copy of the run.
    @inline(__always)
    private func nextDue(_ context: DecisionContext) -> ActiveStep? {
        // A plain loop: to hand each step to a closure would copy it.
        for index in run.active.indices
        where run.active[index].isDue(at: context.now) && run.isOpen(run.active[index].scope)
            && canStart(run.active[index].step, context)
        {
            return run.active[index]
        }
        return nil
    }

    @inline(__always)
    private func canStart(_ step: Step, _ context: DecisionContext) -> Bool {
        !step.kind.hasBody || context.surroundings.mayStart(step)
    }

    mutating func start(_ active: ActiveStep, _ context: DecisionContext) {
        do {
            if let call = run.toolCall(of: active), try asksForApproval(of: call, active, context) { return }
            switch active.step.kind {
            case .call, .command, .agent, .tool:
                // A later attempt gets what was recorded.
                var input: JSONValue?
                if active.recordedInput == nil {
                    input = try active.step.constantInput ?? active.step.kind.bodyInput(run.bindings(for: active))
                }
                emitStart(active, input: input, context)
            case .workflow(let child):
                emitStart(active, input: try childInput(child, active, context), context)
            case .approval(let approval): try ask(approval, in: active, context)
            case .input(let input): try ask(input, in: active, context)
            case .wait(let wait): try self.wait(wait, in: active, context)
            case .parallel, .pattern:
                emitStart(active, input: nil, context)
                settleFlows(of: active.path, context)
            case .forEach(let forEach):
                let input = active.fanOut == nil ? try items(of: forEach, in: active) : JSONValue?.none
                emitStart(active, input: input, context)
                settleFlows(of: active.path, context)
            case .program, .hosted: emitStart(active, input: nil, context)
            case .set:
                emitStart(active, input: nil, context)
                complete(active, output: .null, context)
            case .fail(let step):
                emitStart(active, input: nil, context)
                let bindings = run.bindings(for: active)
                let kind = try step.kind.evaluate(bindings)
                let message = try step.message.evaluate(bindings)
                fail(active, Failure(kind: kind.plainText, message: message.plainText, isRetryable: false), context)
            }
        } catch let failure as Failure {
            failBeforeStart(active, failure, context)
        } catch let error as ExpressionError {
            failBeforeStart(active, Failure(error, in: "the step \"\(active.step.name)\""), context)
        } catch {
            preconditionFailure("Starting a step throws failures and expression errors alone: \(error)")
        }
    }

    /// A step that could not even start has its start recorded, so that its failure has an attempt.
    private mutating func failBeforeStart(_ active: ActiveStep, _ failure: Failure, _ context: DecisionContext) {
        let hasStarted = run.active(at: active.path)?.isRunning ?? false
        if !hasStarted { emitStart(active, input: nil, context) }
        fail(run.active(at: active.path) ?? active, failure, context)
    }

    mutating func emitStart(
        _ active: ActiveStep, input: JSONValue?, until: Timestamp? = nil, _ context: DecisionContext
    ) {
        let isProgramsOwn = run.origin.workflow.program != nil && run.position(of: active.path) == nil
        let start = StepStarted(
            path: active.path, step: active.step.name, kind: active.step.kind.name, iteration: active.iteration,
            attempt: active.attempt + 1, input: input, until: until,
            definition: isProgramsOwn ? StepDefinition(active.step) : nil)
        emit(.stepStarted(start), context)
    }
}

extension Run {
    /// How many steps a run may come to when its options do not say.
    static let defaultStepLimit = 1000

    /// Where no person is asked any more, each step may be undone, and a cleanup has as many as any run.
    var stepLimit: Int {
        if isWindingUp { return 2 * stepsBeforeEnd + Self.defaultStepLimit }
        guard let steps = origin.options.maximumSteps else { return Self.defaultStepLimit }
        let (limit, overflow) = steps.multipliedReportingOverflow(by: 1 + budgetGrants)
        return overflow ? .max : limit
    }

    /// Whether new steps may start at all.
    var mayMove: Bool {
        @inline(__always)
        get { isUnderWay && !isPaused && retryAt == nil && ending?.graceUntil == nil && !isBudgetAsked }
    }
}

extension ActiveStep {
    /// Whether the step waits for nothing but to be started.
    func isDue(at now: Timestamp) -> Bool {
        switch phase {
        case .entered: true
        case .backingOff(let moment): moment <= now
        case .running, .asking, .waiting, .open, .child, .failed: false
        }
    }
}

extension Failure {
    init(_ error: ExpressionError, in place: String) {
        self.init(kind: error.kind.name, message: "In \(place), \(error)", isRetryable: false)
    }
}
