import JSON
import Secrets
import WorkflowCore
import WorkflowModel

extension Engine {
    func startAttempt(_ path: String, _ number: Int, of live: LiveRun, _ run: Run) {
        guard let active = run.active(at: path),
            let executor = executors[active.step.kind.name]
        else { return }
        var turn = 0
        if case .agent = active.step.kind { turn = (run.conversations[path]?.turns.count ?? 0) + 1 }
        let key = AttemptKey(runID: live.id, path: path, number: number, turn: turn)
        let veil = live.veil
        let reporter = AttemptReporter(
            key: key, mailbox: mailbox, cover: .make(mask, veil, step: active.step.name))
        live.attempts.append(
            AttemptUnderWay(
                path: path, step: active.step.name, number: number, turn: turn, executor: executor,
                heartbeatTimeout: active.step.heartbeatTimeout, lastBeat: self.turn.now))
        let isProgram = path == Run.programPath
        if isProgram { programStarted(number, run.executionID ?? "", of: live) }
        let input = isProgram ? run.creation.input ?? .null : active.input
        guard var work = active.step.work(for: input) else {
            let message = "The recorded input of the step \"\(active.step.name)\" cannot be read back."
            return reporter.report(.failed(Failure(kind: "store.corrupt", message: message, isRetryable: false)))
        }
        if let conversation = run.conversations[path], case .agent(var turn) = work {
            turn.conversation = conversation
            work = .agent(turn)
        }
        var deadline: Timestamp?
        if isProgram {
            deadline = run.timeoutDeadline
        } else if case .running(let since) = active.phase {
            deadline = active.step.timeout.map { since + $0 }
        }
        let attempt = Attempt(
            key: key, executionID: run.executionID ?? "", step: active.step.name,
            renewal: run.renewal, work: work, cwd: run.origin.creation.cwd,
            deadline: deadline, isToolCall: run.isToolCall(active), redacted: veil?.mask)
        executor.start(attempt, reporter: reporter)
    }

    func stopAttempt(_ path: String, _ number: Int, of live: LiveRun) {
        guard let index = live.attempts.firstIndex(where: { $0.number == number && $0.path == path }) else { return }
        if path == Run.programPath { programStopped(of: live) }
        let attempt = live.attempts.remove(at: index)
        attempt.executor.stop(AttemptKey(runID: live.id, path: path, number: number, turn: attempt.turn))
    }

    /// Takes what an attempt says within this turn: for who hears it on the engine's thread, where nothing that is
    /// asked later may overtake it.
    package func take(_ report: AttemptReporter.Report, from reporter: AttemptReporter) {
        turn.inputs += 1
        for input in reporter.inputs(report) { take(input) }
    }

    func take(_ report: AttemptReporter.Report, of key: AttemptKey) {
        guard let live = live[key.runID], let index = live.index(of: key) else { return settleLate(report, of: key) }
        // A model that has answered has nothing more to say in its turn.
        if live.attempts[index].hasAnswered { return }
        switch report {
        case .text(let text):
            beat(index, in: live)
            hear(text, ofAttemptAt: index, in: live)
        case .thinking(let text):
            beat(index, in: live)
            hear(thought: text, ofAttemptAt: index, in: live)
        case .heartbeat: beat(index, in: live)
        case .progress(let current, let total, let message):
            beat(index, in: live)
            observer?.progressed(current: current, total: total, message: message, in: live)
        case .log(let level, let message):
            beat(index, in: live)
            let step = key.path == Run.programPath ? nil : key.path
            decide(.log(LogEntry(level: level, message: message, step: step)), for: .report(key, report), in: live)
        case .succeeded(let output):
            decide(commandForEnd(of: key, output: output, in: live), for: .report(key, report), in: live)
        case .answered where isRecorded(key, in: live):
            // Should this turn fail too, nobody would say it again.
            turn.unrepeatable.append(.report(key, report))
            live.attempts[index].hasAnswered = true
            turn.touch(live)
        case .answered(var answer):
            answer.thoughtBytes = live.attempts[index].thoughts?.bytes.count ?? 0
            let command = Command.modelAnswered(path: key.path, number: key.number, answer)
            let isDecided = decide(command, for: .report(key, report), in: live)
            live.attempts[index].hasAnswered = isDecided
        case .failed(let failure):
            let command = Command.attemptFailed(path: key.path, number: key.number, failure)
            decide(command, for: .report(key, report), in: live)
        case .interrupted:
            let command = Command.attemptInterrupted(path: key.path, number: key.number)
            decide(command, for: .report(key, report), in: live)
        }
    }

    /// Whether the journal has this turn of a model: a commit that was reported as failed may have happened.
    private func isRecorded(_ key: AttemptKey, in live: LiveRun) -> Bool {
        guard (try? openTurn(for: live)) != nil else { return false }
        return live.run.conversations[key.path]?.turns.count ?? 0 >= key.turn
    }

    private func hear(_ text: String, ofAttemptAt index: Int, in live: LiveRun) {
        guard !text.isEmpty else { return }
        let said: AttemptText
        if let known = live.attempts[index].text {
            said = known
        } else {
            let attempt = live.attempts[index]
            said = AttemptText(
                path: attempt.path, step: attempt.step, attempt: attempt.number)
            // What it said in the turns that are recorded came before.
            if attempt.turn > 1 {
                for turn in live.run.conversations[attempt.path]?.turns ?? [] where turn.attempt == attempt.number {
                    _ = said.append(live.veil?.mask?.hide(turn.text) ?? turn.text)
                }
            }
            live.attempts[index].text = said
        }
        let offset = said.append(text)
        observer?.said(said, offset: offset, in: live)
    }

    private func hear(thought text: String, ofAttemptAt index: Int, in live: LiveRun) {
        guard !text.isEmpty else { return }
        let attempt = live.attempts[index]
        let thoughts: AttemptText
        if let known = attempt.thoughts {
            thoughts = known
        } else {
            let turns = live.run.conversations[attempt.path]?.turns ?? []
            let earlier = turns.lazy.filter { $0.attempt == attempt.number }.map(\.thoughtBytes)
            thoughts = AttemptText(
                path: attempt.path, step: attempt.step, attempt: attempt.number, isThought: true,
                base: earlier.reduce(0, +))
            live.attempts[index].thoughts = thoughts
        }
        let offset = thoughts.append(text)
        observer?.said(thoughts, offset: offset, in: live)
    }

    private func beat(_ index: Int, in live: LiveRun) {
        guard live.attempts[index].heartbeatTimeout != nil else { return }
        live.attempts[index].lastBeat = turn.now
        if live.scheduled.map({ $0 <= turn.now }) ?? true { schedule(live, live.run) }
    }

    /// The attempt stays under way until the commit: should that fail, the report is taken once more.
    @discardableResult
    private func decide(_ command: Command, for input: EngineInput, in live: LiveRun) -> Bool {
        turn.unrepeatable.append(input)
        return (try? perform(command, on: live)) != nil
    }

    /// What an attempt says after it was given up: only that it had an outcome is worth a line.
    private func settleLate(_ report: AttemptReporter.Report, of key: AttemptKey) {
        guard case .succeeded(let output) = report else { return }
        let command = Command.attemptSucceeded(path: key.path, number: key.number, output: output)
        turn.unrepeatable.append(.report(key, report))
        _ = try? perform(command, on: key.runID)
    }
}
