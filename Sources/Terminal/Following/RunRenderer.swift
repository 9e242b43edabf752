import JSON

/// Shows what happens in a run, a notification at a time.
struct RunRenderer {
    private let screen: Screen
    /// A status that goes again at once only flickers.
    private static let patience = Duration.milliseconds(150)

    /// What is under way. A question is shown as such, and not as something that takes its time.
    private var active: [(path: String, since: Moment, isQuestion: Bool)] = []
    /// Whose text is being written, and what of it so far.
    private var speaker: String?
    private var spoken = ""
    private var isIndented = false
    private var progress = ""
    private var tick = 0
    private(set) var startedAt: Moment?

    init(_ screen: Screen, startedAt: Moment? = nil) {
        self.screen = screen
        self.startedAt = startedAt
    }

    mutating func show(_ notification: LocalClient.Notification) {
        let params = notification.params
        let at = Moment(params["at"]?.string)
        let path = params["path"]?.string ?? ""
        switch notification.method {
        case "run/created": startedAt = at
        // A program is the run itself.
        case "step/started" where path.isEmpty, "step/completed" where path.isEmpty: break
        case "step/started":
            let isQuestion = ["approval", "input"].contains(params["kind"]?.string)
            active.append((path, at ?? .now, isQuestion))
        case "execution/textDelta", "execution/thinkingDelta": speak(params["text"]?.string ?? "", path: path)
        case "step/completed": finish(path, at, mark: screen.styled("✓", .green), params)
        case "step/failed": fail(path, at, params)
        case "tool/called": called(path, at, params)
        case "tool/returned":
            if params["error"] == nil {
                finish(path, at, mark: screen.styled("✓", .green), params)
            } else {
                fail(path, at, params)
            }
        case "agent/told": note(params["text"]?.string ?? "", .yellow)
        case "execution/interactionResolved": resolved(params)
        case "execution/voteRecorded": voted(params)
        case "execution/log": log(params)
        case "run/progress":
            let (current, total) = (params["current"]?.int ?? 0, params["total"]?.int ?? 0)
            progress = total > 0 ? "\(current) of \(total)" : ""
        case "run/statusChanged": statusChanged(params)
        case "run/timedOut": note("The run's time is up.", .yellow)
        default: break
        }
    }

    /// A line that says what is under way; it is overwritten by whatever comes next.
    mutating func showStatus(now: Moment) {
        let working = active.filter { !$0.isQuestion }
        guard let newest = working.last, newest.since.duration(to: now) >= Self.patience else { return }
        tick += 1
        let wheel = Array("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
        var parts = [newest.path.printable, newest.since.duration(to: now).spoken]
        if working.count > 1 { parts.append("and \(working.count - 1) more") }
        if !progress.isEmpty { parts.append(progress) }
        let text = "\(wheel[tick % wheel.count]) " + parts.joined(separator: "  ")
        screen.showStatus(screen.styled(text.summary(screen.width - 1), .dim))
    }

    var hasStatus: Bool { active.contains { !$0.isQuestion } }

    /// Whether this was the last text that a step wrote, so that it stands on the screen already.
    func hasJustSaid(_ text: String) -> Bool { !text.isEmpty && spoken.hasSuffix(text) }

    // MARK: Steps

    private mutating func speak(_ text: String, path: String) {
        if speaker != path {
            endSpeech()
            screen.line(screen.styled("▸ \(path.printable)", .dim))
            speaker = path
            spoken = ""
        }
        spoken += text
        var indented = ""
        for character in text.printable {
            if !isIndented, character != "\n" { indented += "    " }
            indented.append(character)
            isIndented = character != "\n"
        }
        screen.write(indented)
    }

    private mutating func endSpeech() {
        screen.finishLine()
        speaker = nil
        isIndented = false
    }

    /// What a model wants of a tool.
    private mutating func called(_ path: String, _ at: Moment?, _ params: JSONValue) {
        endSpeech()
        let input = params["input"]?.serialized() ?? ""
        let words = "▸ \(path.printable)  \(input.printable)"
        screen.line(screen.styled(words.summary(screen.width - 1), .dim))
        if params["attempt"] != nil { active.append((path, at ?? .now, false)) }
    }

    private mutating func finish(_ path: String, _ at: Moment?, mark: String, _ params: JSONValue) {
        endSpeech()
        let duration = takeActive(path).flatMap { since in at.map { since.duration(to: $0).spoken } } ?? ""
        let name = path.printable
        let padding = String(repeating: " ", count: max(1, 24 - name.count))
        screen.line(duration.isEmpty ? "\(mark) \(name)" : "\(mark) \(name)\(padding)\(screen.styled(duration, .dim))")
        if let decision = params["decision"] { decided(decision) }
    }

    private mutating func fail(_ path: String, _ at: Moment?, _ params: JSONValue) {
        let retryAt = Moment(params["willRetryAt"]?.string)
        finish(path, at, mark: retryAt == nil ? screen.styled("✗", .red) : screen.styled("↻", .yellow), params)
        if let message = params["error"]?["message"]?.string {
            for line in message.printable.split(separator: "\n") {
                screen.line("    " + screen.styled(String(line), .red))
            }
        }
        if let retryAt, let at {
            let attempt = params["attempt"]?.int ?? 1
            note("attempt \(attempt + 1) in \(at.duration(to: retryAt).spoken)", .dim)
        }
    }

    private mutating func takeActive(_ path: String) -> Moment? {
        guard let index = active.lastIndex(where: { $0.path == path }) else { return nil }
        return active.remove(at: index).since
    }

    /// Only where there was a choice.
    private func decided(_ decision: JSONValue) {
        if let line = Phrases.decision(decision) { note(line, .dim) }
    }

    // MARK: People, logs, the run

    private func resolved(_ params: JSONValue) {
        var words = params["status"]?.string ?? "resolved"
        if let who = (params["approver"] ?? params["by"])?.string { words += " by \(who)" }
        if let message = params["message"]?.string { words += ": \(message)" }
        note(words.summary(screen.width - 4), .cyan)
    }

    private func voted(_ params: JSONValue) {
        let vote = params["vote"]
        note("\(vote?["approver"]?.string ?? "somebody") has \(vote?["decision"]?.string ?? "voted")", .cyan)
    }

    private func log(_ params: JSONValue) {
        let level = params["level"]?.string ?? "info"
        let style: Style = ["error": .red, "warning": .yellow][level] ?? .dim
        note("\(level): \(params["message"]?.string ?? "")", style)
    }

    private func statusChanged(_ params: JSONValue) {
        if params["isPaused"]?.bool == true { note("paused", .yellow) }
    }

    private func note(_ text: String, _ style: Style) {
        screen.line("    " + screen.styled(text.printable, style))
    }
}
