import JSON

/// `fermata list`
enum ListCommand {
    static func perform(_ context: CommandContext) throws -> ExitCode {
        let arguments = context.arguments
        guard let limit = Int(arguments["limit"] ?? "20"), limit > 0 else {
            throw Complaint.usage("--limit takes a positive number.")
        }
        var filter = JSONObject()
        let statuses = arguments.all("status")
        if !statuses.isEmpty { filter["status"] = .array(statuses.map { .string($0) }) }
        filter["workflow"] = arguments["workflow"].map { .string($0) }
        var params: JSONObject = ["filter": .object(filter), "limit": .number(JSONNumber(limit))]
        if arguments.has("all") { params["namespace"] = "*" }
        return try context.withClient { client in
            let runs = try client.call("run/list", .object(params))["runs"]?.array ?? []
            if arguments.has("json") {
                context.write(json: .array(runs))
            } else if runs.isEmpty {
                context.screen.error("There are no such runs.")
            } else {
                context.screen.lines(table(of: runs, now: .now).lines(isColored: context.screen.isColored))
            }
            return .completed
        }
    }

    static func table(of runs: [JSONValue], now: Moment) -> Table {
        let ids = runs.compactMap { $0["runId"]?.string }
        let length = RunReference.shortLength(of: ids)
        var table = Table(rows: [["RUN", "WORKFLOW", "STATUS", "STEPS", "CREATED", "TOOK"].map { Cell($0, .dim) }])
        for run in runs {
            let (status, style) = Phrases.status(of: run)
            let created = Moment(run["createdAt"]?.string).map { $0.duration(to: now).spoken + " ago" } ?? ""
            let (start, end) = (Moment(run["startedAt"]?.string), Moment(run["endedAt"]?.string))
            let took = start.flatMap { start in end.map { start.duration(to: $0).spoken } } ?? ""
            table.rows.append([
                Cell(String((run["runId"]?.string ?? "").prefix(length))),
                Cell((run["workflow"]?["name"]?.string ?? "").printable), Cell(status, style),
                Cell(String(run["progress"]?["current"]?.int ?? 0)), Cell(created, .dim), Cell(took, .dim),
            ])
        }
        return table
    }
}
