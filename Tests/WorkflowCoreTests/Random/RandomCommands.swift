import JSON
import WorkflowCore
import WorkflowModel

// What befalls a made-up run: first anything at all, then nothing but good.

extension RandomRun {
    private static let failure = Failure(kind: "test.failed", message: "It failed.")

    mutating func drive() throws {
        if world.random.happens(20) { try misfortune() }
        if run.status == .pending { try decide(.start(executionID: newExecution())) }
        for _ in 0..<world.random.number(5..<50) { try misfortune() }
        try comeToAnEnd()
        for _ in 0..<world.random.number(0..<3) where run.status != .completed {
            try decide(.retry(executionID: newExecution()))
            for _ in 0..<world.random.number(0..<20) { try misfortune() }
            try comeToAnEnd()
        }
        try replay()
        guard world.random.happens(40) else { return }
        try fork()
        try driveFork()
    }

    private mutating func driveFork() throws {
        if world.random.happens(20) { try misfortune() }
        if run.status == .pending { try decide(.start(executionID: newExecution())) }
        for _ in 0..<world.random.number(0..<20) { try misfortune() }
        try comeToAnEnd()
        try replay()
    }

    private mutating func misfortune() throws {
        if run.workflow.program != nil, world.random.happens(50) { return try askForAnything() }
        switch world.random.number(0..<100) {
        case 0..<30:
            if let body = anyBody { try decide(outcome(of: body, isGood: false)) }
        case 30..<38: if let body = anyBody { try decide(.attemptFailed(body.path, body.attempt, anyFailure)) }
        case 38..<42: if let body = anyBody { try decide(.attemptInterrupted(path: body.path, number: body.attempt)) }
        case 42..<44:
            if let step = run.active.randomElement(using: &world.random) {
                let number = step.attempt + world.random.number(-1..<2)
                let isOdd = number != step.attempt || !step.isPerformed
                if isOdd { try decide(.attemptSucceeded(step.path, number, 1)) }
            }
        case 44..<45: try decide(.attemptFailed("nowhere", 1, Self.failure))
        case 45..<48: try decide(.takeOver)
        case 48..<51: try decide(.pause)
        case 51..<55: try decide(.resume)
        case 55..<57: try decide(.cancel(reason: "enough"))
        case 57..<59: try decide(.retry(executionID: newExecution()))
        case 59..<64: try decide(.signal(anySignal))
        case 64..<74: try answerAnything()
        case 74..<80: try endAnyChild()
        case 80..<83:
            if let child = run.children.randomElement(using: &world.random) {
                world.children[child] = world.random.one(of: [.awaiting, .inProgress])
                try decide(.advance)
            }
        case 83..<86:
            world.mayStart.toggle()
            try decide(.advance)
        case 86..<87: try decide(.log(LogEntry(level: .info, message: "Hello.", step: nil)))
        case 87..<88: pass(-50)
        case 88..<94: try passToDeadline()
        default:
            pass(world.random.one(of: [0, 1, 10, 100, 1000]))
            try advance()
        }
    }

    /// The program asks for a step that is not over, or turns out to be another one.
    private mutating func askForAnything() throws {
        guard let program = run.active(at: Run.programPath), let record = program.program else { return }
        let key = "k\(world.random.number(0..<12))"
        if world.random.happens(5) {
            let change = ProgramChange(expected: key, found: world.random.one(of: [nil, "other"]))
            try decide(.programChanged(number: program.attempt, change))
        }
        guard run.mayOpenStep, record[key]?.end == nil else { return }
        var maker = RandomDocument(seed: world.random.number(0..<100_000))
        let hosted = try StepDefinition.hosting(maker.hosted(), key: key)
        let performed = try? StepDefinition.performing(maker.alone(depth: 2), key: key)
        let definition = world.random.happens(50) ? hosted : performed ?? hosted
        let isHosted = (run.active(at: key)?.step ?? definition.step).kind.name == StepKind.hosted.name
        guard run.mayBegin(key, isHosted: isHosted, at: max(now, run.lastAt)) else { return }
        try decide(.beginStep(definition, input: world.random.one(of: [.none, .null, 7])))
        let ended = run.programRecord?[key] != nil || !run.isUnderWay || !run.interactions.isEmpty
        guard ended else { throw Violation("The step \(key) was begun and is not there.") }
    }

    private mutating func passToDeadline() throws {
        if let deadline = run.nextDeadline(after: max(now, run.lastAt)) { now = max(now, deadline) }
        try advance()
    }

    // MARK: What anybody says

    private var anyBody: ActiveStep? {
        // A program is not over at once.
        let isLasting = run.workflow.program != nil && world.random.happens(80)
        return run.active.filter { $0.isPerformed && !(isLasting && $0.path == Run.programPath) }
            .randomElement(using: &world.random)
    }

    private var anyFailure: Failure {
        world.random.one(of: [
            Self.failure, Failure(kind: "test.final", message: "No.", isRetryable: false, details: ["a": 1]),
            Failure(kind: Failure.interruptedKind, message: "Said by a handler."),
        ])
    }

    private var anySignal: Signal {
        let key = world.random.one(of: [nil, nil, "k1", "k2"])
        return Signal(
            name: world.random.one(of: ["go", "stop", "other"]), payload: world.random.one(of: [.none, .null, 1]),
            idempotencyKey: key)
    }

    private func outcome(of body: ActiveStep, isGood: Bool) -> Command {
        guard case .agent = body.step.kind else {
            return .attemptSucceeded(body.path, body.attempt, isGood ? goodOutput(of: body) : anyOutput(of: body))
        }
        return .modelAnswered(path: body.path, number: body.attempt, anyAnswer(of: body, isGood: isGood))
    }

    private func anyAnswer(of body: ActiveStep, isGood: Bool) -> ModelAnswer {
        var usage = ModelUsage()
        (usage.inputTokens, usage.outputTokens) = (3, 2)
        var text = "{}"
        if body.step.role != nil { text = goodOutput(of: body).serialized() }
        var calls: [ModelAnswer.Call] = []
        if !isGood {
            text = world.random.one(of: [text, "bad", "{}", "a long text"])
            for number in 0..<world.random.number(0..<4) {
                let tool = world.random.one(of: ["look", "write", "look", "none at all"])
                let input: JSONValue = world.random.one(of: [["n": 1], ["m": 1], 3])
                calls.append(ModelAnswer.Call(id: "c\(number)", tool: tool, input: input))
            }
        }
        return ModelAnswer(text: text, calls: calls, usage: usage)
    }

    private func anyOutput(of body: ActiveStep) -> JSONValue {
        if world.random.happens(70) { return goodOutput(of: body) }
        return world.random.one(of: [
            .null, true, 5, "text", [], [1, 2], ["a": 1], ["score": 0.2], ["steps": [["id": "a", "worker": "x"]]],
            ["steps": [["id": "a", "worker": "a", "dependsOn": ["a"]]]],
        ])
    }

    private func goodOutput(of body: ActiveStep) -> JSONValue {
        switch body.step.role {
        case .classify: return world.random.one(of: ["a", "b"])
        case .plan:
            return [
                "goal": "g",
                "steps": [
                    ["id": "x", "worker": "a", "dependsOn": ["z"]], ["id": "y", "worker": "b"],
                    ["id": "z", "worker": "b", "dependsOn": ["y"]], ["id": "w", "worker": "a"],
                ],
            ]
        case .split: return [1, ["id": "two"], 3]
        case .evaluate: return world.random.one(of: [["score": 0.4], ["score": 0.9, "passed": true]])
        case .draft, nil: return world.random.one(of: [.null, 5, "text", ["path": "/", "n": 3]])
        }
    }

    private mutating func answerAnything() throws {
        guard let question = run.interactions.randomElement(using: &world.random) else { return }
        var reference = InteractionReference.id(question.id)
        if world.random.happens(20) { reference = .onlyOne(executionID: "e\(world.random.number(1..<3))") }
        if world.random.happens(5) { reference = .id("none") }
        let who = world.random.one(of: ["ann", "bob", "eve"])
        if (question.kind == .approval) != world.random.happens(5) {
            let decision = world.random.one(of: [ApprovalDecision.approved, .approved, .rejected])
            let answer = ApprovalAnswer(decision: decision, approver: who, message: "m", client: "c")
            try decide(.respondApproval(reference, answer))
        } else {
            let value: JSONValue = world.random.one(of: [1, 2, "no integer"])
            try decide(.respondInput(reference, InputAnswer(value: value, by: who, client: nil)))
        }
    }

    private mutating func endAnyChild() throws {
        guard let step = run.active.filter({ $0.childID != nil }).randomElement(using: &world.random),
            let id = step.childID
        else { return }
        let isRight = world.random.happens(90)
        let outcome: ChildOutcome = world.random.weighted([
            (3, .completed(output: ["n": 1])), (1, .failed(Self.failure)), (1, .cancelled(reason: nil)),
            (1, .completed(output: true)),
        ])
        if isRight { world.children[id] = .completed }
        try decide(.childEnded(path: step.path, runID: isRight ? id : "none", outcome))
    }

    // MARK: Nothing but good

    /// Everybody does their part: then the run ends.
    private mutating func comeToAnEnd() throws {
        world.mayStart = true
        for id in world.children.keys { world.children[id] = .inProgress }
        if run.status == .pending { try decide(.start(executionID: newExecution())) }
        var (turns, grants) = (0, 0)
        while !run.status.isTerminal {
            turns += 1
            if turns > 20_000 { throw Violation("The run does not come to an end.") }
            if run.isPaused { try decide(.resume) }
            try advance()
            let events = run.seq
            if let body = anyBody {
                try decide(outcome(of: body, isGood: true))
            } else if let question = run.interactions.first {
                grants += question.reason == Interaction.budgetReason ? 1 : 0
                try answer(question, decision: grants > 5 ? .rejected : .approved)
            } else if let step = run.active.first(where: { $0.childID != nil }), let id = step.childID {
                world.children[id] = .completed
                try decide(.childEnded(path: step.path, runID: id, .completed(output: ["n": 1])))
            } else if let deadline = run.nextDeadline(after: max(now, run.lastAt)) {
                now = max(now, deadline)
            } else if run.isUnderWay {
                for name in ["go", "stop"] where run.isUnderWay {
                    try decide(.signal(Signal(name: name, payload: nil, idempotencyKey: nil)))
                }
                if run.isUnderWay, !run.isPaused, run.seq <= events + 2, !run.active.contains(where: \.isBusy) {
                    throw Violation("The run stands still.")
                }
            }
        }
    }

    private mutating func answer(_ question: Interaction, decision: ApprovalDecision) throws {
        if let deadline = question.expiresAt, deadline <= max(now, run.lastAt) { return }
        switch question.kind {
        case .input: try decide(.respondInput(.id(question.id), InputAnswer(value: 1, by: nil, client: nil)))
        case .approval:
            let people = question.approvers ?? ["p1", "p2", "p3"]
            guard let who = people.first(where: { name in !question.votes.contains { $0.approver == name } }) else {
                throw Violation("Everybody has voted and nothing came of it: \(question)")
            }
            let answer = ApprovalAnswer(decision: decision, approver: who, message: nil, client: nil)
            try decide(.respondApproval(.id(question.id), answer))
        }
    }
}

extension Command {
    fileprivate static func attemptSucceeded(_ path: String, _ number: Int, _ output: JSONValue) -> Command {
        .attemptSucceeded(path: path, number: number, output: output)
    }

    fileprivate static func attemptFailed(_ path: String, _ number: Int, _ failure: Failure) -> Command {
        .attemptFailed(path: path, number: number, failure)
    }
}

extension ActiveStep {
    fileprivate var childID: String? {
        if case .child(let id, _) = phase { id } else { nil }
    }

    /// Whether something outside may move it.
    fileprivate var isBusy: Bool {
        switch phase {
        case .running, .asking, .waiting, .child: true
        case .entered, .backingOff, .open, .failed: false
        }
    }
}
