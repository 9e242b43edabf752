import JSON

/// `fermata pause ID` and `fermata cancel ID`: also for a run that another process has under way.
enum ControlCommands {
    static func pause(_ context: CommandContext) throws -> ExitCode {
        try control(context, "run/pause", [:])
    }

    static func cancel(_ context: CommandContext) throws -> ExitCode {
        var params = JSONObject()
        params["reason"] = context.arguments["reason"].map { .string($0) }
        return try control(context, "run/cancel", params)
    }

    private static func control(_ context: CommandContext, _ method: String, _ params: JSONObject) throws -> ExitCode {
        try context.withClient { client in
            var params = params
            let id = try RunReference.runID(context.arguments.operands[0], client)
            params["runId"] = .string(id)
            let run = try client.call(method, .object(params))
            guard !context.arguments.has("json") else {
                context.write(json: run)
                return .completed
            }
            let (status, style) = Phrases.status(of: run)
            context.screen.line("\(id)  \(context.screen.styled(status, style))")
            if method == "run/pause" { context.screen.line("Go on with: \(context.commandLine("resume", id))") }
            return .completed
        }
    }
}
