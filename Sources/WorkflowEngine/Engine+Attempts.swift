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
        live.underWay[path] = number
        if active.step.heartbeatTimeout != nil { live.heartbeats[path] = turn.now }
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
            deadline: deadline)
        executor.start(attempt, reporter: reporter)
    }

    func stopAttempt(_ key: AttemptKey, of live: LiveRun) {
        live.underWay[key.path] = nil
        live.texts[key.path] = nil
        live.heartbeats[key.path] = nil
        for executor in executors.values { executor.stop(key) }
    }

    /// Takes what an attempt says within this turn: for who hears it on the engine's thread, where nothing that is
    /// asked later may overtake it.
    package func take(_ report: AttemptReporter.Report, from reporter: AttemptReporter) {
        turn.inputs += 1
        take(.report(reporter.key, report))
    }

    func take(_ report: AttemptReporter.Report, of key: AttemptKey) {
        guard let live = live[key.runID], live.underWay[key.path] == key.number else {
            return settleLate(report, of: key)
        }
        switch report {
        case .text(let text): hear(text, of: key, in: live)
        case .heartbeat: beat(key, in: live)
        case .progress(let current, let total, let message):
            beat(key, in: live)
            observer?.progressed(current: current, total: total, message: message, in: live)
        case .log(let level, let message):
            beat(key, in: live)
            decide(.log(LogEntry(level: level, message: message, step: key.path)), for: .report(key, report), of: key)
        case .succeeded(let output):
            let command = Command.attemptSucceeded(path: key.path, number: key.number, output: output)
            decide(command, for: .report(key, report), of: key)
        case .answered(let answer):
            live.answered.insert(key.path)
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

    /// A turn of a model that was recorded is over, though its attempt goes on.
    func endAnsweredTurns(of live: LiveRun) {
        for path in live.answered { live.underWay[path] = nil }
        live.answered = []
    }

    /// What attempts said whose end was recorded when none of their bodies was under way.
    func forgetTexts(of live: LiveRun, _ run: Run) {
        for text in live.texts.values where run.active(at: text.path)?.attempt != text.attempt {
            live.texts[text.path] = nil
        }
    }

    private func hear(_ text: String, of key: AttemptKey, in live: LiveRun) {
        beat(key, in: live)
        guard !text.isEmpty else { return }
        let said: AttemptText
        if let known = live.texts[key.path], known.attempt == key.number {
            said = known
        } else {
            let step = live.run.active.first { $0.path == key.path }?.step.name ?? key.path
            said = AttemptText(path: key.path, step: step, attempt: key.number)
            live.texts[key.path] = said
        }
        let offset = said.append(text)
        observer?.said(said, offset: offset, in: live)
    }

    private func beat(_ key: AttemptKey, in live: LiveRun) {
        guard !live.heartbeats.isEmpty, live.heartbeats[key.path] != nil else { return }
        live.heartbeats[key.path] = turn.now
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
