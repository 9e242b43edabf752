import JSON

/// `fermata prune`
enum PruneCommand {
    private static let usualAge = "30d"

    static func perform(_ context: CommandContext) throws -> ExitCode {
        let arguments = context.arguments
        let isDry = arguments.has("dry-run")
        var params: JSONObject = [
            "olderThanMs": .number(JSONNumber(try milliseconds(arguments["older-than"] ?? usualAge))),
            "dryRun": .bool(isDry), "limit": 1000,
        ]
        let statuses = arguments.all("status")
        if !statuses.isEmpty { params["status"] = .array(statuses.map { .string($0) }) }
        if arguments.has("all") { params["namespace"] = "*" }
        var runs: [JSONValue] = []
        var workflows = 0
        try context.withClient { client in
            repeat {
                let page = try client.call("run/prune", .object(params))
                runs += page["runs"]?.array ?? []
                workflows += page["workflows"]?.int ?? 0
                params["cursor"] = page["nextCursor"]
            } while params["cursor"]?.string != nil
        }
        if arguments.has("json") {
            context.write(json: ["runs": .array(runs), "workflows": .number(JSONNumber(workflows))])
            return .completed
        }
        if isDry { context.screen.lines(table(of: runs).lines(isColored: context.screen.isColored)) }
        let children = runs.reduce(0) { $0 + ($1["children"]?.int ?? 0) }
        let what = "\(Phrases.count(runs.count, "run")) and \(Phrases.count(children, "child", "children"))"
        let more = workflows == 0 ? "" : ", and \(Phrases.count(workflows, "workflow version")) that no run has"
        context.screen.line("\(isDry ? "Would remove" : "Removed") \(what)\(more).")
        return .completed
    }

    private static func table(of runs: [JSONValue]) -> Table {
        Table(
            rows: runs.map { run in
                [
                    Cell((run["runId"]?.string ?? "").printable), Cell((run["workflow"]?.string ?? "").printable),
                    Cell(run["status"]?.string ?? ""), Cell(run["endedAt"]?.string ?? "", .dim),
                ]
            })
    }

    /// Such as `30d`, `12h`, `90m` or `10s`.
    private static func milliseconds(_ text: String) throws(Complaint) -> Int {
        let units: [Character: Int] = ["d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000]
        if let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()), (0...100_000).contains(count)
        {
            return count * unit
        }
        throw .usage("--older-than takes an age such as 30d, 12h or 90m, not \"\(text)\".")
    }
}
