import JSON
import WorkflowCore
import WorkflowModel

extension Engine {
    func startAttempt(_ path: String, _ number: Int, of live: LiveRun, _ run: Run) {
        guard let active = run.active(at: path),
            let executor = executors[active.step.kind.name]
        else { return }
        let key = AttemptKey(runID: live.id, path: path, number: number)
        let reporter = AttemptReporter(key: key, mailbox: mailbox)
        live.attempts.append(
            AttemptUnderWay(
                path: path, number: number, executor: executor, heartbeatTimeout: active.step.heartbeatTimeout,
                lastBeat: turn.now))
        guard var work = Work(active.step.kind, input: active.input) else {
            let message = "The recorded input of the step \"\(active.step.name)\" cannot be read back."
            return reporter.report(.failed(Failure(kind: "store.corrupt", message: message, isRetryable: false)))
        }
        if case .agent(var turn) = work, let conversation = run.conversations[path] {
            turn.conversation = conversation
            work = .agent(turn)
        }
        var deadline: Timestamp?
        if case .running(let since) = active.phase { deadline = active.step.timeout.map { since + $0 } }
        let attempt = Attempt(
            key: key, executionID: run.executionID ?? "", step: active.step.name,
            idempotencyKey: run.idempotencyKey(of: active), work: work, cwd: run.creation.cwd,
            deadline: deadline, isToolCall: run.isToolCall(active))
        executor.start(attempt, reporter: reporter)
    }

    func stopAttempt(_ key: AttemptKey, of live: LiveRun) {
        guard let index = live.index(of: key) else { return }
        live.attempts.remove(at: index).executor.stop(key)
    }

    /// Takes what an attempt says within this turn: for who hears it on the engine's thread, where nothing that is
    /// asked later may overtake it.
    package func take(_ report: AttemptReporter.Report, from reporter: AttemptReporter) {
        turn.inputs += 1
        take(reporter.input(report))
    }

    func take(_ report: AttemptReporter.Report, of key: AttemptKey) {
        guard let live = live[key.runID], let index = live.index(of: key) else { return settleLate(report, of: key) }
        switch report {
        case .text(let text):
            beat(index, in: live)
            hear(text, ofAttemptAt: index, in: live)
        case .heartbeat: beat(index, in: live)
        case .progress(let current, let total, let message):
            beat(index, in: live)
            observer?.progressed(current: current, total: total, message: message, in: live)
        case .log(let level, let message):
            beat(index, in: live)
            decide(.log(LogEntry(level: level, message: message, step: key.path)), for: .report(key, report), of: key)
        case .succeeded(let output):
            let command = Command.attemptSucceeded(path: key.path, number: key.number, output: output)
            decide(command, for: .report(key, report), of: key)
        case .answered(let answer):
            live.attempts[index].hasAnswered = true
            let command = Command.modelAnswered(path: key.path, number: key.number, answer)
            decide(command, for: .report(key, report), of: key)
        case .failed(let failure):
            let command = Command.attemptFailed(path: key.path, number: key.number, failure)
            decide(command, for: .report(key, report), of: key)
        case .interrupted:
            let command = Command.attemptInterrupted(path: key.path, number: key.number)
            decide(command, for: .report(key, report), of: key)
        }
    }

    private func hear(_ text: String, ofAttemptAt index: Int, in live: LiveRun) {
        guard !text.isEmpty else { return }
        let said: AttemptText
        if let known = live.attempts[index].text {
            said = known
        } else {
            let attempt = live.attempts[index]
            let step = live.run.active.first { $0.path == attempt.path }?.step.name ?? attempt.path
            said = AttemptText(path: attempt.path, step: step, attempt: attempt.number)
            // What it said in the turns that are recorded came before.
            for turn in live.run.conversations[attempt.path]?.turns ?? [] where turn.attempt == attempt.number {
                _ = said.append(turn.text)
            }
            live.attempts[index].text = said
        }
        let offset = said.append(text)
        observer?.said(said, offset: offset, in: live)
    }

    private func beat(_ index: Int, in live: LiveRun) {
        guard live.attempts[index].heartbeatTimeout != nil else { return }
        live.attempts[index].lastBeat = turn.now
        if live.scheduled.map({ $0 <= turn.now }) ?? true { schedule(live, live.run) }
    }

    /// The attempt stays under way until the commit: should that fail, the report is taken once more.
    private func decide(_ command: Command, for input: EngineInput, of key: AttemptKey) {
        turn.unrepeatable.append(input)
        _ = try? perform(command, on: key.runID)
    }

    /// What an attempt says after it was given up: only that it had an outcome is worth a line.
    private func settleLate(_ report: AttemptReporter.Report, of key: AttemptKey) {
        guard case .succeeded(let output) = report else { return }
        let command = Command.attemptSucceeded(path: key.path, number: key.number, output: output)
        decide(command, for: .report(key, report), of: key)
    }
}
