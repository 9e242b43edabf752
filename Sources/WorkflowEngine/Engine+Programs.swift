package import JSON
import WorkflowCore
package import WorkflowModel
import WorkflowStore

// Programs: what they ask is answered at the end of a turn, once it is durable.

extension Engine {
    /// How long a program that looks changed may still ask for what it did before: between its steps it may take its
    /// time, and then ask for them in another order.
    package static let replayPatience = Duration.seconds(1)

    /// Whether a program is hosted here. Its runs are made from a document that says no more than that.
    package func hosts(program name: String) -> Bool {
        executors["program"]?.readiness(for: .program(ProgramStep(name: name))) == .ready
    }

    /// Takes what a program asks; `answer` is called once, in this turn or a later one, unless the request is refused now.
    package func take(
        _ request: ProgramRequest, answer: @escaping (Result<ProgramAnswer, EngineError>) -> Void
    ) throws(EngineError) {
        let (live, program) = try program(of: request.executionID, attempt: request.attempt)
        try recordEnds(in: program, of: live)
        guard let record = live.programStep?.record else { throw .executionNotFound(request.executionID) }
        if !request.isHosted, record[request.key] == nil { try checkSteps(of: request.definition.step, in: live) }
        try program.take(request, in: record, answer: answer)
        program.suspicion = nil
        turn.touch(live)
        // What is asked next finds it done.
        goOn(with: program, of: live)
    }

    /// The client does not want an answer any more, and gets none.
    package func withdraw(_ key: String, of executionID: String) {
        guard let (live, program) = try? program(of: executionID, attempt: nil) else { return }
        program.forget(key)
        turn.touch(live)
    }

    /// Records how a body ended that the program was told to run; `attempt` is the program's own, where it is known.
    package func complete(
        _ key: String, of executionID: String, attempt: Int? = nil, _ result: Result<JSONValue, Failure>
    ) throws(EngineError) -> ProgramCompletion {
        let (live, program) = try program(of: executionID, attempt: attempt)
        try recordEnds(in: program, of: live)
        return try record(result, of: key, in: program, of: live)
    }

    /// Records how a body ended whose program goes on already, since nothing else can come of it. What the program says after this is decided
    /// after it, so that both are one commit where they come in one turn; a turn that fails is made up for by itself.
    package func complete(_ key: String, of executionID: String, attempt: Int, goingOnWith output: JSONValue) {
        guard let program = programs[executionID]?.program, program.number == attempt else { return }
        program.ends.append((key, output))
        insist { engine in
            do throws(EngineError) {
                let (live, program) = try engine.program(of: executionID, attempt: attempt)
                try engine.recordEnds(in: program, of: live)
            } catch {
                engine.noteUnavailable(error)
            }
        }
    }

    /// Records what the program knows of its steps and the journal does not.
    private func recordEnds(in program: HostedProgram, of live: LiveRun) throws(EngineError) {
        // What the program says next is mostly in the same turn.
        while let end = program.nextEnd {
            _ = try joining { () throws(EngineError) in
                try record(.success(end.output), of: end.key, in: program, of: live)
            }
            program.endsRecorded += 1
        }
    }

    private func record(
        _ result: Result<JSONValue, Failure>, of key: String, in program: HostedProgram, of live: LiveRun
    ) throws(EngineError) -> ProgramCompletion {
        guard program.replay.isHandedOut(key) else { throw .stepNotBegun(key) }
        program.suspicion = nil
        let wasRunning = live.isRunning(key)
        let number = live.programStep?.record[key]?.attempt ?? 0
        switch result {
        case .success(let output):
            try perform(.attemptSucceeded(path: key, number: number, output: output), on: live)
        case .failure(let failure): try perform(.attemptFailed(path: key, number: number, failure), on: live)
        }
        turn.touch(live)
        var completion = ProgramCompletion(seq: live.seq)
        if let active = live.active(at: key) {
            var wait = Duration.zero
            if case .backingOff(let moment) = active.phase { wait = max(moment - turn.now, .zero) }
            completion.retry = (active.attempt + 1, wait)
        } else if !wasRunning, case .failed(let failure)? = live.programStep?.record[key]?.end?.outcome {
            completion.failure = failure
        }
        program.takeBack(key, forAnotherAttempt: completion.retry != nil)
        return completion
    }

    /// What waits for an answer is refused: the session ends.
    package func refuseProgramRequests(_ error: EngineError) {
        for live in live.all { live.program?.refuseAll(error) }
    }

    private func program(of executionID: String, attempt: Int?) throws(EngineError) -> (LiveRun, HostedProgram) {
        guard let live = programs[executionID] else { throw .executionNotFound(executionID) }
        try refresh(live)
        guard let program = live.program, program.executionID == executionID,
            attempt ?? program.number == program.number, record(of: program, in: live) != nil
        else {
            throw .executionNotFound(executionID)
        }
        return (live, program)
    }

    /// What is recorded of a program, while it is under way here.
    private func record(of program: HostedProgram, in live: LiveRun) -> ProgramRecord? {
        guard !live.isDeleted, live.record.owner == registry.engineID, let step = live.programStep,
            step.attempt == program.number
        else { return nil }
        return step.record
    }

    // MARK: Under way

    /// Begins the program of a run that this turn has created, before that is durable: what it asks is decided in this turn, and answered
    /// after the commit. For programs that nobody sees at work before they are answered.
    package func beginProgram(of id: RunID) {
        guard effectsMayBegin, turn.failure == nil, let live = live[id] else { return }
        // Its row may wait for its first step.
        settle(live)
        guard live.record.owner == registry.engineID, live.attempts.isEmpty, let program = live.programStep else {
            return
        }
        startAttempt(Run.programPath, program.attempt, of: live, live.run)
    }

    func programStarted(_ number: Int, _ executionID: String, of live: LiveRun) {
        live.program = HostedProgram(executionID: executionID, number: number)
        programs[executionID] = live
    }

    func programStopped(of live: LiveRun) {
        guard let program = live.program else { return }
        program.refuseAll(.executionNotFound(program.executionID))
        programs[program.executionID] = nil
        live.program = nil
    }

    /// Answers what can be answered now, and begins what may begin.
    func goOnWithPrograms() {
        var index = 0
        while index < turn.touched.count, turn.failure == nil {
            let live = turn.touched[index]
            if let program = live.program { goOn(with: program, of: live) }
            index += 1
        }
    }

    private func goOn(with program: HostedProgram, of live: LiveRun) {
        var seq = -1
        while seq != live.seq, program.isWaiting, turn.failure == nil {
            guard let record = record(of: program, in: live) else {
                return program.refuseAll(.executionNotFound(program.executionID))
            }
            seq = live.seq
            for (key, verdict) in program.replay.due(in: record) {
                switch verdict {
                case .ended(.succeeded(let output)): program.answer(key, .recorded(output))
                case .ended(.failed(let failure)): program.answer(key, .failed(failure))
                case .begins, .isUnderWay: begin(key, of: program, in: live)
                }
            }
        }
        suspect(program, of: live)
    }

    private func begin(_ key: String, of program: HostedProgram, in live: LiveRun) {
        guard let request = program.asks[key]?.request else { return }
        if live.run.mayBegin(key, isHosted: request.isHosted, at: turn.now) {
            do throws(EngineError) {
                try perform(.beginStep(request.definition, input: request.input), on: live)
            } catch {
                return noteUnavailable(error)
            }
        }
        guard request.isHosted, let active = live.active(at: key), active.isRunning else { return }
        let idempotencyKey = Run.idempotencyKey(run: live.id, renewal: live.decider.run.renewal, path: key)
        program.answer(key, .run(attempt: active.attempt, idempotencyKey: idempotencyKey))
    }

    // MARK: Changed programs

    private func suspect(_ program: HostedProgram, of live: LiveRun) {
        guard turn.failure == nil, program.isWaiting, let record = live.programStep?.record,
            let change = program.replay.change(in: record)
        else { return program.suspicion = nil }
        guard !program.wasAnswered, program.suspicion?.change == change, let since = program.suspicion?.since else {
            return program.suspicion = (change, nil)
        }
        let waited = turn.now - since
        if waited >= Self.replayPatience * 2 {
            // The service slept, and what the program has asked since may not have come through yet.
            program.suspicion = (change, nil)
        } else if waited >= Self.replayPatience {
            giveUp(program, of: live, for: change)
            _ = try? perform(.programChanged(number: program.number, change), on: live.id)
        }
    }

    /// Answers have left, or are forgotten. The patience begins now: a commit may have taken its time.
    func programTurnEnded(of live: LiveRun, failed: Bool) {
        guard let program = live.program else { return }
        program.turnEnded(failed: failed)
        guard program.suspicion != nil, program.suspicion?.since == nil else { return }
        let now = environment.now()
        program.suspicion?.since = now
        let id = live.id
        alarm(at: now + Self.replayPatience) { engine in
            engine.insist { engine in
                if let live = engine.live[id] { engine.turn.touch(live) }
            }
        }
    }

    /// It is not begun again here, until somebody resumes the run: another host may have the right one.
    private func giveUp(_ program: HostedProgram, of live: LiveRun, for change: ProgramChange) {
        program.refuseAll(.programChanged(change))
        changedPrograms.insert(live.id)
    }

    /// What the end of a program's attempt is decided by: a program that left out recorded steps has not ended.
    func commandForEnd(of key: AttemptKey, output: JSONValue, in live: LiveRun) -> Command {
        if key.path == Run.programPath, let program = live.program, let record = live.programStep?.record,
            let change = program.replay.changeAtEnd(in: record)
        {
            giveUp(program, of: live, for: change)
            return .programChanged(number: key.number, change)
        }
        return .attemptSucceeded(path: key.path, number: key.number, output: output)
    }
}
