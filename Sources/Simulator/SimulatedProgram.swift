import JSON
import Synchronization
import WorkflowEngine
import WorkflowModel

/// A program as a client runs it on one thread: a few branches at once, each a step after the other. What it asks for
/// follows from its input alone, so that it is the same program whenever it is called again.
final class SimulatedProgram {
    private enum Step {
        case hosted(JSONObject)
        case performed(JSONValue)
    }

    /// What is asked and not answered yet.
    private struct Open {
        let branch: Int
        let reply: ProgramReply
        /// Asks the same again.
        let post: () -> Void
    }

    private let attempt: Attempt
    private let reporter: AttemptReporter
    private unowned let process: EngineProcess
    private unowned let simulation: Simulation
    private var branches: [[Step]] = []
    private var positions: [Int] = []
    private var open: [Open] = []
    /// The bodies that would never end.
    private var stuck: [Int] = []
    private var fails = false
    /// Whether it goes on with what its bodies leave before that is recorded.
    private var goesAhead = false

    init(_ attempt: Attempt, _ reporter: AttemptReporter, on process: EngineProcess, in simulation: Simulation) {
        self.attempt = attempt
        self.reporter = reporter
        self.process = process
        self.simulation = simulation
        var seed: UInt64 = 0
        if case .program(_, let input) = attempt.work, let number = input.int { seed = UInt64(number) }
        var random = SeededRandom(seed: seed)
        for _ in 0..<random.number(1...3) {
            branches.append((0..<random.number(1...4)).map { _ in Self.step(&random) })
        }
        fails = random.chance(0.15)
        goesAhead = random.chance(0.5)
        positions = branches.map { _ in 0 }
    }

    private static func step(_ random: inout SeededRandom) -> Step {
        switch random.number(0...11) {
        case 0: return .performed(["approval": ["message": "Go?", "expiresAfterMs": random.json(500...20_000)]])
        case 1: return .performed(["wait": ["durationMs": random.json(0...3000)]])
        case 2: return .performed(["call": "flaky", "retry": ["attempts": 3, "delayMs": random.json(0...300)]])
        case 3: return .performed(["workflow": .string(random.pick(["child", "asking"]))])
        case 4: return .performed(["parallel": ["x": ["call": "work"], "y": ["set": ["z": 1]]]])
        case 5: return .performed(["fail": ["kind": "test.said", "message": "No."]])
        case 6: return .performed(["set": ["n": random.json(0...9)]])
        default:
            var members: JSONObject = ["onInterrupted": .string(random.pick(["retry", "retry", "ask", "fail"]))]
            if random.chance(0.5) { members["retry"] = ["attempts": 3, "delayMs": random.json(0...500)] }
            if random.chance(0.2) { members["timeoutMs"] = random.json(100...2000) }
            return .hosted(members)
        }
    }

    func begin() {
        for branch in branches.indices { ask(branch) }
    }

    private func key(_ branch: Int) -> String { "b\(branch).\(positions[branch])" }

    // MARK: Asking

    private func ask(_ branch: Int) {
        let key = key(branch)
        var request: ProgramRequest?
        switch branches[branch][positions[branch]] {
        case .hosted(let members):
            request = try? ProgramRequest(begin: key, in: attempt.executionID, members, input: .string(key))
        case .performed(let step): request = try? ProgramRequest(perform: step, as: key, in: attempt.executionID)
        }
        request?.attempt = attempt.key.number
        guard let request else { preconditionFailure("A simulated program asks for steps that are some.") }
        post(branch) { engine, reply in
            do throws(EngineError) {
                try engine.take(request) { reply.set($0.map { .told($0) }) }
            } catch {
                reply.set(.failure(error))
            }
        }
    }

    private func complete(_ branch: Int, _ result: Result<JSONValue, Failure>) {
        let (key, executionID, number) = (key(branch), attempt.executionID, attempt.key.number)
        post(branch) { engine, reply in
            reply.set(
                Result { () throws(EngineError) in
                    .completed(try engine.complete(key, of: executionID, attempt: number, result))
                })
        }
    }

    private func post(_ branch: Int, _ body: @escaping @Sendable (Engine, ProgramReply) -> Void) {
        let reply = ProgramReply()
        let process = process
        open.append(
            Open(branch: branch, reply: reply) { process.post(.call { engine in body(engine, reply) }) })
        open.last?.post()
    }

    // MARK: Being told

    /// What was answered in a turn that failed is not so, and is asked again.
    func turnEnded(failed: Bool) {
        for answered in open where answered.reply.result != nil {
            open.removeAll { $0.reply === answered.reply }
            guard let result = answered.reply.take() else { continue }
            if failed {
                simulation.later(1...300) { [weak self] in self?.again(answered) }
            } else {
                hear(result, answered)
            }
        }
    }

    private func again(_ answered: Open) {
        guard !process.isGone else { return }
        open.append(answered)
        answered.post()
    }

    private func hear(_ result: Result<ProgramReply.Word, EngineError>, _ answered: Open) {
        let branch = answered.branch
        switch result {
        case .success(.told(.run)): run(branch)
        case .success(.told(.recorded)), .success(.told(.failed)): goOn(branch)
        case .success(.completed(let end)): if end.retry != nil { ask(branch) } else { goOn(branch) }
        case .failure(.store): simulation.later(1...300) { [weak self] in self?.again(answered) }
        // The execution is over: so is the program.
        case .failure(.executionNotFound): open = []
        case .failure(let error):
            let violation = Violation(
                checker: "SimulatedProgram", sentence: "\(attempt.key.runID)/\(key(branch)) was refused: \(error)")
            simulation.fail(violation)
        }
    }

    private func run(_ branch: Int) {
        if simulation.mayFail, simulation.random.chance(0.05) { return stuck.append(branch) }
        end(branch, in: 1...600)
    }

    /// What would never end, does.
    func endBodies() {
        for branch in stuck { end(branch, in: 1...100) }
        stuck = []
    }

    private func end(_ branch: Int, in delay: ClosedRange<Int64>) {
        simulation.later(delay) { [weak self] in
            guard let self, !process.isGone else { return }
            let isWell = simulation.random.chance(0.75)
            let failure = Failure(kind: "test.failed", message: "It failed.")
            if isWell, goesAhead, !isTimed(branch) { return goAhead(branch) }
            complete(branch, isWell ? .success(.string(key(branch))) : .failure(failure))
        }
    }

    private func isTimed(_ branch: Int) -> Bool {
        guard case .hosted(let members) = branches[branch][positions[branch]] else { return false }
        return members["timeoutMs"] != nil
    }

    private func goAhead(_ branch: Int) {
        let (key, executionID, number) = (key(branch), attempt.executionID, attempt.key.number)
        process.post(
            .call { $0.complete(key, of: executionID, attempt: number, goingOnWith: .string(key)) })
        goOn(branch)
    }

    private func goOn(_ branch: Int) {
        positions[branch] += 1
        guard positions[branch] == branches[branch].count else { return ask(branch) }
        guard branches.indices.allSatisfy({ positions[$0] == branches[$0].count }) else { return }
        let failure = Failure(kind: "test.program", message: "It fails at its end.")
        reporter.report(fails ? .failed(failure) : .succeeded("done"))
        process.wake()
    }
}

/// What an engine says to a program, which comes with a turn.
final class ProgramReply: Sendable {
    enum Word: Sendable {
        case told(ProgramAnswer)
        case completed(ProgramCompletion)
    }

    private let state = Mutex<Result<Word, EngineError>?>(nil)

    var result: Result<Word, EngineError>? { state.withLock { $0 } }

    func set(_ result: Result<Word, EngineError>) {
        state.withLock { $0 = result }
    }

    /// Gives the answer, and waits for another one.
    func take() -> Result<Word, EngineError>? {
        state.withLock { state in
            defer { state = nil }
            return state
        }
    }
}
