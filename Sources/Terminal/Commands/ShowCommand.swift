import JSON

/// `fermata show ID`
enum ShowCommand {
    /// All that is known of a run.
    struct Facts {
        var run: JSONValue
        var steps: [JSONValue]
        var decisions: [JSONValue]
        var interactions: [JSONValue]

        init(of id: String, _ client: LocalClient) throws {
            let params: JSONValue = ["runId": .string(id)]
            run = try client.call("run/get", params)
            steps = try client.call("run/steps", params)["steps"]?.array ?? []
            decisions = try client.call("run/decisions", params)["decisions"]?.array ?? []
            let open = try client.call("execution/interactions", ["runId": .string(id), "namespace": "*"])
            interactions = open["interactions"]?.array ?? []
        }

        var json: JSONValue {
            ["run": run, "steps": .array(steps), "decisions": .array(decisions), "interactions": .array(interactions)]
        }
    }

    static func perform(_ context: CommandContext) throws -> ExitCode {
        let facts = try context.withClient { client in
            try Facts(of: RunReference.runID(context.arguments.operands[0], client), client)
        }
        if context.arguments.has("json") {
            context.write(json: facts.json)
        } else {
            show(facts, context)
        }
        return .completed
    }

    private static func show(_ facts: Facts, _ context: CommandContext) {
        let (run, screen) = (facts.run, context.screen)
        let (status, style) = Phrases.status(of: run)
        let (start, end) = (Moment(run["startedAt"]?.string), Moment(run["endedAt"]?.string))
        let took = start.map { " after " + $0.duration(to: end ?? .now).spoken } ?? ""
        let name = run["workflow"]?["name"]?.string?.printable ?? ""
        screen.line("\(screen.styled(name, .bold))  \(screen.styled(run["runId"]?.string ?? "", .dim))")
        screen.line("\(screen.styled(status, style))\(took), created \(run["createdAt"]?.string ?? "")")
        if let labels = run["labels"]?.object, !labels.isEmpty {
            screen.line(
                labels.map { "\($0.key)=\($0.value.string ?? $0.value.serialized())" }.joined(separator: " ").printable)
        }
        section("Steps", steps(facts.steps, width: screen.width).lines(indent: 2, isColored: screen.isColored), screen)
        section("Decisions", decisions(facts.decisions).lines(indent: 2, isColored: screen.isColored), screen)
        section("Asks", facts.interactions.flatMap { question($0, context) }, screen)
        section("Waits for", (run["waitingFor"]?.array ?? []).compactMap(wait), screen)
        if run["error"] != nil { section("Error", ["  " + Phrases.failure(run["error"]).printable], screen) }
        section("Output", Phrases.output(run["output"]).map { "  " + $0 }, screen)
    }

    private static func section(_ title: String, _ lines: [String], _ screen: Screen) {
        guard !lines.isEmpty else { return }
        screen.line()
        screen.line(screen.styled(title, .bold))
        screen.lines(lines)
    }

    static func steps(_ steps: [JSONValue], width: Int) -> Table {
        Table(
            rows: steps.map { step in
                let status = step["status"]?.string ?? ""
                let mark: Cell =
                    switch status {
                    case "completed": Cell("✓", .green)
                    case "failed": Cell("✗", .red)
                    case "retrying": Cell("↻", .yellow)
                    default: Cell("·", .dim)
                    }
                let attempt = step["attempt"]?.int ?? 1
                let took = step["durationMs"]?.int.map { Duration.milliseconds($0).spoken } ?? status
                let remark = [
                    attempt > 1 ? "attempt \(attempt)" : nil, step["error"]?["message"]?.string?.summary(width / 2),
                ]
                return [
                    mark, Cell((step["path"]?.string ?? "").printable), Cell(step["kind"]?.string ?? "", .dim),
                    Cell(took, .dim), Cell(remark.compactMap(\.self).joined(separator: ": ")),
                ]
            })
    }

    static func decisions(_ decisions: [JSONValue]) -> Table {
        Table(
            rows: decisions.compactMap { decision in
                Phrases.decision(decision).map {
                    [Cell((decision["from"]?.string ?? "").printable), Cell($0.printable)]
                }
            })
    }

    private static func question(_ question: JSONValue, _ context: CommandContext) -> [String] {
        let id = question["interactionId"]?.string ?? ""
        let isApproval = question["kind"]?.string == "approval"
        let answer = isApproval ? context.commandLine("approve", id) : context.commandLine("answer", id, "JSON")
        var lines = ["  ? " + question.questionText.summary(context.screen.width - 4)]
        if let approvers = question["approvers"]?.array?.compactMap(\.string) {
            lines.append("    asked of \(approvers.joined(separator: ", "))".printable)
        }
        return lines + ["    \(answer)"]
    }

    private static func wait(_ wait: JSONValue) -> String? {
        let path = wait["path"]?.string ?? ""
        let what: String? =
            switch wait["kind"]?.string {
            case "timer": "until \(wait["until"]?.string ?? "later")"
            case "handler": "whoever hosts the handler \(wait["handler"]?.string ?? "")"
            case "signal": "the signal \(wait["signal"]?.string ?? "")"
            case "permission": wait["message"]?.string ?? "a permission"
            default: nil
            }
        return what.map { "  \(path)  \($0)".printable }
    }
}
