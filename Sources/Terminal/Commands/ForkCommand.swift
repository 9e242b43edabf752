import JSON

/// `fermata fork ID --from STEP|SEQ`
enum ForkCommand {
    static func perform(_ context: CommandContext) throws -> ExitCode {
        let arguments = context.arguments
        guard let place = arguments["from"] else {
            throw Complaint.usage(
                "fermata fork needs --from: a step's path, or an event's number.",
                hint: "fermata show ID tells the steps of a run.")
        }
        var params = JSONObject()
        if let seq = Int(place) {
            params["fromSeq"] = .number(JSONNumber(seq))
        } else {
            params["fromStep"] = .string(place)
        }
        var changes = JSONObject()
        for name in ["input", "state"] {
            changes[name] = try arguments[name].map { text throws(Complaint) in try File.parse(text, name: "--\(name)")
            }
        }
        if !changes.isEmpty { params["changes"] = .object(changes) }
        params["newRunId"] = arguments["run-id"].map { .string($0) }
        return try context.withClient { client in
            params["runId"] = .string(try RunReference.runID(arguments.operands[0], client))
            let fork = try client.call("run/fork", .object(params))
            guard !arguments.has("json") else {
                context.write(json: fork)
                return .completed
            }
            let id = fork["runId"]?.string ?? ""
            context.screen.line(id)
            context.screen.line("Go on with: \(context.commandLine("resume", id))")
            return .completed
        }
    }
}
