import JSON

/// `fermata export ID` and `fermata import FILE`
enum ExportCommands {
    static func export(_ context: CommandContext) throws -> ExitCode {
        let arguments = context.arguments
        return try context.withClient { client in
            var params: JSONObject = ["runId": .string(try RunReference.runID(arguments.operands[0], client))]
            params["path"] = arguments["output"].map { .string($0) }
            let answer = try client.call("run/export", .object(params))
            if let document = answer["document"]?.string {
                context.screen.write(document)
            } else if arguments.has("json") {
                context.write(json: answer)
            } else {
                let runs = answer["runs"]?.int ?? 1
                let what = runs == 1 ? "the run" : "\(runs) runs"
                context.screen.line("Wrote \(what) to \(arguments["output"] ?? "").")
            }
            return .completed
        }
    }

    static func importRun(_ context: CommandContext) throws -> ExitCode {
        let arguments = context.arguments
        let file = arguments.operands[0]
        var params: JSONObject =
            file == "-" ? ["document": .string(try File.text(file))] : ["path": .string(file)]
        params["runId"] = arguments["run-id"].map { .string($0) }
        params["namespace"] = arguments["namespace"].map { .string($0) }
        return try context.withClient { client in
            let run = try client.call("run/import", .object(params))
            guard !arguments.has("json") else {
                context.write(json: run)
                return .completed
            }
            let id = run["runId"]?.string ?? ""
            let (status, style) = Phrases.status(of: run)
            context.screen.line("\(id)  \(context.screen.styled(status, style))")
            if ExitCode(ended: run) == nil { context.screen.line("Go on with: \(context.commandLine("resume", id))") }
            return .completed
        }
    }
}
