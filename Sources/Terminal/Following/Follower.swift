import Glibc
import JSON
import RPC

/// Follows a run to its end, or to where only somebody else can move it.
final class Follower {
    struct Manner {
        /// Whether questions are asked and answered here; `watch` only looks.
        var answers = true
        var approves = false
        var isJSON = false
    }

    let context: CommandContext
    let client: LocalClient
    let runID: String
    let manner: Manner
    var renderer: RunRenderer
    var lines: LineReader
    /// Open questions, oldest first.
    var questions: [JSONValue] = []
    /// Questions that this person has done with.
    var settled: Set<String> = []
    var isInputOpen: Bool

    var isPaused: Bool

    private var status: String
    /// Attempts whose bodies are under way.
    private var bodies: Set<String> = []
    private var outcome: ExitCode?
    private var isBlockedElsewhere = false

    var screen: Screen { context.screen }

    init(_ context: CommandContext, _ client: LocalClient, run: JSONValue, manner: Manner) {
        self.context = context
        self.client = client
        self.manner = manner
        runID = run["runId"]?.string ?? ""
        status = run["status"]?.string ?? "pending"
        isPaused = run["isPaused"]?.bool ?? false
        renderer = RunRenderer(context.screen, startedAt: Moment(run["startedAt"]?.string))
        lines = LineReader(context.screen.input)
        isInputOpen = context.screen.canAsk && !manner.isJSON
    }

    /// The run's outcome as an exit code. Ctrl-C, and a question that nobody here can answer, leave the run safe.
    func follow() throws -> ExitCode {
        do {
            while true {
                if let outcome { return outcome }
                if manner.answers {
                    if try approveNext() { continue }
                    if isInputOpen, let question = nextQuestion { try ask(question) }
                    if let outcome { return outcome }
                    if isStuck { return leave() }
                }
                try wait()
            }
        } catch is Interrupted {
            screen.clearStatus()
            screen.finishLine()
            if manner.answers {
                screen.error("Interrupted; the run is safe. Go on with: \(context.commandLine("resume", runID))")
            }
            return .interrupted
        }
    }

    /// Takes what comes next.
    private func wait() throws {
        if renderer.hasStatus, !manner.isJSON { renderer.showStatus(now: .now) }
        let isIdle = manner.answers && bodies.isEmpty && !isPaused
        let timeout: Int32 = renderer.hasStatus && screen.isTerminal ? 120 : isIdle ? 1000 : -1
        switch try client.next(timeoutMs: timeout) {
        case .notification(let notification): take(notification)
        case .timeout where isIdle: isBlockedElsewhere = try waitsForOthers()
        case .timeout, .readable: break
        }
    }

    func take(_ notification: LocalClient.Notification) {
        guard notification.params["runId"]?.string == runID else { return }
        if manner.isJSON {
            context.write(json: ["method": .string(notification.method), "params": notification.params])
        } else {
            renderer.show(notification)
        }
        isBlockedElsewhere = false
        note(notification.method, notification.params)
    }

    // MARK: What is known of the run

    private func note(_ method: String, _ params: JSONValue) {
        let path = params["path"]?.string ?? ""
        switch method {
        case "step/started":
            if ["call", "command", "agent", "tool"].contains(params["kind"]?.string) { bodies.insert(path) }
        case "tool/called": if params["attempt"] != nil { bodies.insert(path) }
        // After a turn an agent's tools are at work, and not its model.
        case "step/completed", "step/failed", "agent/turned", "tool/returned": bodies.remove(path)
        case "execution/approvalRequested", "execution/inputRequested":
            questions.append(params)
            if !manner.answers, !manner.isJSON { present(params) }
        case "execution/interactionResolved":
            questions.removeAll { $0["interactionId"] == params["interactionId"] }
        case "run/statusChanged":
            status = params["status"]?.string ?? status
            isPaused = params["isPaused"]?.bool ?? false
        case "run/completed", "run/failed", "run/cancelled": end(method, params)
        default: break
        }
    }

    private func end(_ method: String, _ params: JSONValue) {
        questions = []
        let end = Moment(params["at"]?.string)
        let span = renderer.startedAt.flatMap { start in end.map { " after " + start.duration(to: $0).spoken } } ?? ""
        switch method {
        case "run/completed":
            outcome = .completed
            guard !manner.isJSON else { return }
            screen.line("\n" + screen.styled("completed", .green) + span)
            screen.lines(Phrases.output(params["output"]))
        case "run/failed":
            outcome = .failed
            if !manner.isJSON { screen.line("\n" + screen.styled("failed", .red) + span) }
            screen.error(Phrases.failure(params["error"]).printable)
        default:
            outcome = .cancelled
            guard !manner.isJSON else { return }
            let reason = params["reason"]?.string.map { ": " + $0.printable } ?? ""
            screen.line("\n" + screen.styled("cancelled", .yellow) + span + reason)
        }
    }

    /// Whether the run cannot move while this process waits.
    private var isStuck: Bool {
        if isBlockedElsewhere { return true }
        guard bodies.isEmpty else { return false }
        return isPaused || status == "awaiting" && !questions.isEmpty && (!isInputOpen || nextQuestion == nil)
    }

    /// Whether all that the run waits for is a handler or a permission that this process does not give.
    private func waitsForOthers() throws -> Bool {
        let run = try client.call("run/get", ["runId": .string(runID)])
        let waits = run["waitingFor"]?.array ?? []
        let kinds = Set(waits.compactMap { $0["kind"]?.string })
        guard !kinds.isEmpty, kinds.isSubset(of: ["handler", "permission"]) else { return false }
        for wait in waits {
            let handler = wait["handler"]?.string.map { "It waits for whoever hosts the handler \"\($0)\"." }
            screen.error((handler ?? wait["message"]?.string ?? "It waits for a permission.").printable)
        }
        return true
    }

    /// Says how to go on.
    private func leave() -> ExitCode {
        screen.clearStatus()
        screen.finishLine()
        screen.error(isPaused ? "The run is paused, and safe." : "The run waits, and is safe.")
        for question in questions {
            let kind = question["kind"]?.string ?? "approval"
            let isOnly = questions.count { $0["kind"]?.string == kind } == 1
            let id = isOnly ? runID : question["interactionId"]?.string ?? runID
            screen.error("  ? " + question.questionText.summary(screen.width - 4))
            screen.error(
                kind == "approval"
                    ? "    \(context.commandLine("approve", id))   (or with --reject)"
                    : "    \(context.commandLine("answer", id, "JSON"))")
        }
        screen.error("  Go on with: \(context.commandLine("resume", runID))")
        return .waiting
    }
}

extension Moment {
    static var now: Moment {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Moment(milliseconds: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
    }
}
