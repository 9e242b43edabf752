import JSON
import WorkflowEngine
import WorkflowModel

/// Step bodies as a client hosts them, scripted: what each does is drawn when it starts.
final class Bodies: StepExecutor {
    private struct Body {
        let attempt: Attempt
        let reporter: AttemptReporter
        /// What was said before, in turns of the same attempt that are recorded.
        let said: Int
        var pieces = 0
        /// Whether it has a plan for its end.
        var ends = true
    }

    private let handlers: Set<String>
    private unowned let process: EngineProcess
    private let simulation: Simulation
    private var underWay: [AttemptKey: Body] = [:]
    /// The attempts under way, in the order they began.
    private var order: [AttemptKey] = []
    private var programs: [AttemptKey: SimulatedProgram] = [:]
    private var isHostPresent = true
    /// How many bodies may still begin before the process is killed.
    private var startsUntilCrash: Int?

    init(_ handlers: Set<String>, of process: EngineProcess, in simulation: Simulation) {
        self.handlers = handlers
        self.process = process
        self.simulation = simulation
    }

    func readiness(for step: StepKind) -> Readiness {
        switch step {
        case .agent where isHostPresent: return .ready
        case .call(let call):
            return isHostPresent && handlers.contains(call.handler) ? .ready : .missingHandler(call.handler)
        case .program(let program): return isHostPresent ? .ready : .missingHandler(program.name)
        default: return .notPermitted("The client performs call steps and programs alone.")
        }
    }

    func start(_ attempt: Attempt, reporter: AttemptReporter) {
        guard !process.isGone else { return }
        if let left = startsUntilCrash {
            startsUntilCrash = left - 1
            if left == 0 {
                simulation.note(.crashInEffects, on: process)
                return simulation.kill(process)
            }
        }
        guard isHostPresent else {
            reporter.report(.interrupted)
            return process.wake()
        }
        simulation.observe(
            attempt.key.turn == 0
                ? .bodyStarted(attempt.key, by: process.name)
                : .turnStarted(attempt.key.ofAttempt, turn: attempt.key.turn, by: process.name))
        underWay[attempt.key] = Body(attempt: attempt, reporter: reporter, said: attempt.piecesSaid)
        order.append(attempt.key)
        switch attempt.work {
        case .program:
            let program = SimulatedProgram(attempt, reporter, on: process, in: simulation)
            programs[attempt.key] = program
            program.begin()
        // The program runs it.
        case .hosted: break
        case .call, .command, .agent, .tool: plan(attempt.key)
        }
    }

    func stop(_ key: AttemptKey) {
        remove(key)
    }

    // MARK: Faults

    func crashAfterStarts(_ count: Int) {
        startsUntilCrash = count
    }

    func disarm() {
        startsUntilCrash = nil
    }

    /// Nobody answers for what is under way.
    func hostLeaves() {
        isHostPresent = false
        for key in order where underWay[key]?.attempt.work != .hosted { underWay[key]?.reporter.report(.interrupted) }
        underWay = [:]
        programs = [:]
        order = []
    }

    /// What was never going to be answered is answered now.
    func answerEverything() {
        for key in order where underWay[key]?.ends == false { end(key, in: 1...100) }
        for key in order { programs[key]?.endBodies() }
    }

    /// What programs asked in the turn is answered now, or was forgotten.
    func turnEnded(failed: Bool) {
        for key in order { programs[key]?.turnEnded(failed: failed) }
    }

    // MARK: What a body does

    private func plan(_ key: AttemptKey) {
        speak(key)
        guard simulation.mayFail else { return end(key, in: 1...300) }
        let draw = simulation.random.fraction()
        switch draw {
        case ..<0.05:
            simulation.note(.noAnswer, on: process)
            underWay[key]?.ends = false
        case ..<0.09: end(key, in: 1...200, times: 2)
        case ..<0.13: answerLate(key)
        case ..<0.25: end(key, in: 1000...12000)
        default: end(key, in: 1...400)
        }
    }

    /// Says something now and then, which is a sign of life too.
    private func speak(_ key: AttemptKey) {
        let count = simulation.random.number(0...3)
        for _ in 0..<count {
            simulation.later(0...300) { [weak self] in self?.say(key) }
        }
    }

    private func say(_ key: AttemptKey) {
        guard !process.isGone, let body = underWay[key] else { return }
        switch simulation.random.number(0...9) {
        case 0: body.reporter.report(.log(level: .info, message: "piece \(body.pieces)"))
        case 1: body.reporter.report(.progress(current: body.pieces, total: 3, message: nil))
        case 2: body.reporter.report(.heartbeat)
        default:
            body.reporter.report(.text(SpokenText.piece(body.said + body.pieces)))
            underWay[key]?.pieces += 1
        }
        process.wake()
    }

    private func end(_ key: AttemptKey, in delay: ClosedRange<Int64>, times: Int = 1) {
        underWay[key]?.ends = true
        simulation.later(delay) { [weak self] in
            guard let self, !process.isGone, let body = underWay[key] else { return }
            remove(key)
            let report = outcome(of: body)
            for _ in 0..<times { body.reporter.report(report) }
            if times > 1 { simulation.note(.doubleAnswer, on: process) }
            process.wake()
        }
    }

    /// It answers also when it was stopped meanwhile.
    private func answerLate(_ key: AttemptKey) {
        guard let body = underWay[key] else { return }
        simulation.later(5000...20000) { [weak self] in
            guard let self, !process.isGone, isHostPresent else { return }
            if underWay[key] == nil { simulation.note(.lateAnswer, on: process) }
            remove(key)
            body.reporter.report(outcome(of: body))
            process.wake()
        }
    }

    private func remove(_ key: AttemptKey) {
        programs[key] = nil
        guard underWay.removeValue(forKey: key) != nil else { return }
        order.removeAll { $0 == key }
    }

    private func outcome(of body: Body) -> AttemptReporter.Report {
        let attempt = body.attempt
        if case .agent(let work) = attempt.work, !(simulation.mayFail && simulation.random.chance(0.1)) {
            return .answered(answer(to: work, of: body))
        }
        guard case .call(let handler, _) = attempt.work else {
            return .failed(Failure(kind: "model.unavailable", message: "It does not answer."))
        }
        let probability = handler == "flaky" ? 0.6 : handler == "broken" ? 1 : simulation.mayFail ? 0.1 : 0
        guard simulation.random.chance(probability) else { return .succeeded(output(of: attempt)) }
        let isRetryable = simulation.random.chance(0.85)
        return .failed(Failure(kind: "test.failed", message: "It failed.", isRetryable: isRetryable))
    }

    /// A model that calls tools in its first turns, and is not believed at once.
    private func answer(to work: AgentWork, of body: Body) -> ModelAnswer {
        let text = (0..<body.pieces).map { SpokenText.piece(body.said + $0) }.joined()
        var answer = ModelAnswer(text: text)
        (answer.usage.inputTokens, answer.usage.outputTokens) = (3, 2)
        guard work.conversation.turns.count < 3 else { return answer }
        for number in 0..<simulation.random.number(0...2) {
            let tool = simulation.random.pick(["look", "write", "none"])
            answer.calls.append(ModelAnswer.Call(id: "c\(number)", tool: tool, input: [:]))
        }
        return answer
    }

    private func output(of attempt: Attempt) -> JSONValue {
        guard case .call(let handler, _) = attempt.work else { return .null }
        let number = JSONValue.number(JSONNumber(attempt.key.number))
        let place = JSONValue.string("\(attempt.key.runID)/\(attempt.key.path)")
        switch handler {
        case "route": return ["route": .string(simulation.random.pick(["a", "b", "none"]))]
        case "plan": return plan
        case "split": return [1, 2, 3]
        case "evaluate":
            return ["score": .number(JSONNumber(simulation.random.number(0...10))), "of": place, "attempt": number]
        default: return ["of": place, "attempt": number]
        }
    }

    private var plan: JSONValue {
        [
            "goal": "g",
            "steps": [
                ["id": "1", "description": "d", "worker": "w", "dependsOn": []],
                ["id": "2", "description": "d", "worker": "v", "dependsOn": []],
                ["id": "3", "description": "d", "worker": "w", "dependsOn": ["1", "2"]],
            ],
        ]
    }
}

extension Attempt {
    /// How many pieces were said in turns of this attempt that are recorded.
    fileprivate var piecesSaid: Int {
        guard case .agent(let work) = work else { return 0 }
        let texts = work.conversation.turns.filter { $0.attempt == key.number }.map(\.text)
        return texts.joined().utf8.count { $0 == UInt8(ascii: ";") }
    }
}

extension AttemptKey {
    /// The attempt that a turn of a model belongs to.
    fileprivate var ofAttempt: AttemptKey { AttemptKey(runID: runID, path: path, number: number) }
}
