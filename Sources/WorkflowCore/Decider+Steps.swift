import Expressions
import JSON
import WorkflowModel

extension Decider {
    /// How many steps a run may have.
    static let stepLimit = 1000

    /// Starts whatever the flow has come to, until nothing more can start.
    mutating func advance(_ context: DecisionContext) {
        while !run.isPaused, run.status == .inProgress || run.status == .awaiting {
            guard let active = run.active.first(where: { $0.isDue(at: context.now) && canStart($0.step, context) })
            else { return }
            if active.attempt == 0, run.root.iterations.values.reduce(0, +) > Self.stepLimit {
                let message = "The run has come to more than \(Self.stepLimit) steps."
                return fail(run: Failure(kind: "limit.exceeded", message: message, isRetryable: false), context)
            }
            start(active, context)
        }
    }

    private func canStart(_ step: Step, _ context: DecisionContext) -> Bool {
        switch step.kind {
        case .call, .command, .agent: context.mayStart(step)
        case .approval, .input, .wait, .set, .fail: true
        }
    }

    private mutating func start(_ active: ActiveStep, _ context: DecisionContext) {
        do {
            switch active.step.kind {
            case .call, .command, .agent:
                // A later attempt gets what was recorded. (A bare nil would be JSON's null here.)
                let input = active.attempt == 0 ? try bodyInput(of: active) : JSONValue?.none
                emitStart(active, input: input, context)
            case .approval(let approval): try ask(approval, in: active, context)
            case .input(let input): try ask(input, in: active, context)
            case .wait(let wait): try self.wait(wait, in: active, context)
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
        let current = run.active.first { $0.path == active.path } ?? active
        if !current.isRunning { emitStart(active, input: nil, context) }
        fail(run.active.first { $0.path == active.path } ?? active, failure, context)
    }

    mutating func emitStart(
        _ active: ActiveStep, input: JSONValue?, until: Timestamp? = nil, _ context: DecisionContext
    ) {
        let start = StepStarted(
            path: active.path, step: active.step.name, kind: active.step.kind.name, iteration: active.iteration,
            attempt: active.attempt + 1, input: input, until: until)
        emit(.stepStarted(start), context)
    }

    private func bodyInput(of active: ActiveStep) throws -> JSONValue {
        let bindings = run.bindings(for: active)
        switch active.step.kind {
        case .call(let call): return try call.with?.evaluate(bindings) ?? [:]
        case .command(let command): return try input(of: command, bindings)
        case .agent(let step):
            var input: JSONObject = ["model": .string(step.agent.model)]
            if let system = step.agent.system { input["system"] = .string(try system.evaluate(bindings).plainText) }
            input["prompt"] = .string(try step.prompt.evaluate(bindings).plainText)
            return .object(input)
        case .approval, .input, .wait, .set, .fail: return .null
        }
    }

    private func input(of command: CommandStep, _ bindings: Bindings) throws -> JSONValue {
        var words: [JSONValue] = [.string(command.program)]
        for argument in command.arguments {
            let text = try argument.evaluate(bindings).plainText
            if text.utf8.contains(0) { throw Failure.nullByte }
            words.append(.string(text))
        }
        var input: JSONObject = ["command": .array(words)]
        if let cwd = command.cwd { input["cwd"] = .string(try cwd.evaluate(bindings).plainText) }
        if !command.environment.isEmpty {
            var variables = JSONObject()
            for (name, value) in command.environment {
                variables[name] = .string(try value.evaluate(bindings).plainText)
            }
            input["env"] = .object(variables)
        }
        if let stdin = command.stdin { input["stdin"] = .string(try stdin.evaluate(bindings).plainText) }
        return .object(input)
    }

    private mutating func wait(_ wait: WaitStep, in active: ActiveStep, _ context: DecisionContext) throws {
        let duration = try wait.durationMs.evaluate(run.bindings(for: active))
        guard let milliseconds = duration.int, milliseconds >= 0 else {
            throw Failure(
                kind: "wait.invalid",
                message: "durationMs must be an integer of at least 0, not \(duration.serialized()).",
                isRetryable: false)
        }
        emitStart(active, input: nil, until: context.now + .milliseconds(milliseconds), context)
    }

    // MARK: How a step ends

    mutating func complete(_ active: ActiveStep, output: JSONValue, _ context: DecisionContext) {
        if let violation = active.step.output?.validate(output).first {
            let message = "The output does not fit the step's schema at \"\(violation.instance)\": \(violation.message)"
            return fail(active, Failure(kind: "output.invalid", message: message, details: output), context)
        }
        do {
            let bindings = run.bindings(result: output, iteration: active.iteration)
            let set = try active.step.set?.evaluate(bindings).object
            var after = bindings
            if let set { after = run.bindings(result: output, iteration: active.iteration, changing: set) }
            let decision = try route(active.step, output: output, after)
            var progress = run.progress
            progress.current += 1
            progress.total = max(progress.total, progress.current)
            progress.message = active.step.description ?? active.step.name
            let completion = StepCompleted(
                path: active.path, step: active.step.name, attempt: max(active.attempt, 1), output: output, set: set,
                decision: decision, progress: progress)
            emit(.stepCompleted(completion), context)
            if decision.to == .end { finish(context) }
        } catch let failure as Failure {
            fail(active, failure, context)
        } catch let error as ExpressionError {
            fail(active, Failure(error, in: "the step \"\(active.step.name)\""), context)
        } catch {
            preconditionFailure("Completing a step throws failures and expression errors alone: \(error)")
        }
    }

    private func route(_ step: Step, output: JSONValue, _ bindings: Bindings) throws -> FlowDecision {
        switch step.next {
        case .always(let target):
            if case .approval = step.kind, output["status"]?.string != InteractionResolved.Outcome.approved.rawValue {
                return FlowDecision(
                    from: step.name, to: .end, value: output["status"],
                    reason: "A bare next is followed only when the approval was given.")
            }
            return FlowDecision(from: step.name, to: target, reason: "next")
        case .choose(let choices):
            for choice in choices {
                guard let when = choice.when else {
                    return FlowDecision(from: step.name, to: choice.to, reason: "default")
                }
                if try when.holds(bindings) {
                    return FlowDecision(
                        from: step.name, to: choice.to, condition: when.source, value: .bool(true), reason: "when")
                }
            }
            throw Failure(
                kind: "flow.noRoute",
                message: "No condition of the step \"\(step.name)\" holds, and it has no default.",
                isRetryable: false)
        }
    }

    mutating func fail(_ active: ActiveStep, _ failure: Failure, _ context: DecisionContext) {
        var failed = StepFailed(
            path: active.path, step: active.step.name, attempt: max(active.attempt, 1), failure: failure)
        if failure.isRetryable, active.failures + 1 < active.step.retry.attempts {
            failed.willRetryAt = context.now + active.step.retry.delay(afterFailures: active.failures + 1)
            return emit(.stepFailed(failed), context)
        }
        if let target = active.step.onError {
            failed.decision = FlowDecision(
                from: active.step.name, to: target, value: .string(failure.kind), reason: "onError")
            emit(.stepFailed(failed), context)
            if target == .end { finish(context) }
            return
        }
        emit(.stepFailed(failed), context)
        var failure = failure
        failure.step = active.path
        fail(run: failure, context)
    }

    mutating func interrupt(_ active: ActiveStep, _ context: DecisionContext) {
        let message =
            "Attempt \(active.attempt) of the step \"\(active.step.name)\" was interrupted; its outcome is unknown."
        let failure = Failure(kind: Failure.interruptedKind, message: message, isRetryable: false)
        switch active.step.onInterrupted {
        case .retry:
            let failed = StepFailed(
                path: active.path, step: active.step.name, attempt: active.attempt, failure: failure,
                willRetryAt: context.now)
            emit(.stepFailed(failed), context)
        case .ask:
            var question = Interaction(
                id: context.makeID(), kind: .approval, path: active.path, text: message + " Run it again?",
                createdAt: context.now)
            question.reason = "interrupted"
            emit(.interactionRequested(question), context)
        case .fail: fail(active, failure, context)
        }
    }
}

extension ActiveStep {
    /// Whether the step waits for nothing but to be started.
    fileprivate func isDue(at now: Timestamp) -> Bool {
        switch phase {
        case .entered: true
        case .backingOff(let moment): moment <= now
        case .running, .asking, .waiting: false
        }
    }
}

extension Failure {
    fileprivate static let nullByte = Failure(
        kind: "command.badArgument", message: "An argument of a command cannot hold a NUL character.",
        isRetryable: false)

    init(_ error: ExpressionError, in place: String) {
        self.init(kind: error.kind.name, message: "In \(place), \(error)", isRetryable: false)
    }
}

extension JSONValue {
    /// A string as it is, null as nothing, anything else as its JSON text.
    var plainText: String {
        switch self {
        case .string(let text): text
        case .null: ""
        default: serialized()
        }
    }
}
