import JSON
import WorkflowModel

extension Decider {
    /// A program has come to a step. Whether it may is for whoever asks to know: `Run.mayOpenStep`, and the replay.
    mutating func begin(_ definition: StepDefinition, input: JSONValue?, _ context: DecisionContext) {
        let (step, key) = (definition.step, definition.step.name)
        guard run.mayOpenStep, run.programRecord?[key]?.end == nil else { return }
        if let active = run.active(at: key) {
            // A later attempt gets what was recorded. (A bare nil would be JSON's null here.)
            let isFirst = active.recordedInput == nil
            if active.isDue(at: context.now) {
                emitStart(active, input: isFirst ? input : JSONValue?.none, context)
            }
            return
        }
        let attempt = run.attemptBefore(key)
        let active = ActiveStep(path: key, step: step, iteration: 1, scope: key, attempt: attempt)
        if attempt == run.attemptBase, run.stepCount >= run.stepLimit { return exceedLimit(at: active, context) }
        if case .hosted = step.kind { return emitStart(active, input: input, context) }
        start(active, context)
    }

    /// The program's attempt ends here, and what it stands on stays for a host that has the right one.
    mutating func hold(_ active: ActiveStep, for change: ProgramChange, _ context: DecisionContext) {
        let failed = StepFailed(
            path: active.path, step: active.step.name, attempt: active.attempt, failure: change.failure,
            willRetryAt: context.now)
        emit(.stepFailed(failed), context)
        interruptHostedSteps(context)
    }

    /// Nobody runs the bodies any more that the program ran.
    mutating func interruptHostedSteps(_ context: DecisionContext) {
        for path in run.active.map(\.path) {
            guard let active = run.active(at: path), case .hosted = active.step.kind, active.isRunning else { continue }
            interrupt(active, context)
        }
    }
}
