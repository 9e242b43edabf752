import JSON

/// `fermata approve ID` and `fermata answer ID JSON`
enum AnswerCommands {
    static func approve(_ context: CommandContext) throws -> ExitCode {
        let arguments = context.arguments
        let decision = arguments.has("reject") ? "rejected" : "approved"
        var params: JSONObject = [
            "decision": .string(decision), "approver": .string(arguments["as"] ?? context.user),
        ]
        params["message"] = arguments["message"].map { .string($0) }
        return try respond(context, "execution/respondApproval", kind: "approval", params, told: decision)
    }

    static func answer(_ context: CommandContext) throws -> ExitCode {
        let arguments = context.arguments
        let text = arguments.operands[1]
        let value: JSONValue
        do { value = try File.parse(text, name: "The answer") } catch {
            var complaint = error
            complaint.hint = "A text stands in quotes: '\(JSONValue.string(text).serialized())'"
            throw complaint
        }
        let params: JSONObject = ["value": value, "by": .string(arguments["as"] ?? context.user)]
        return try respond(context, "execution/respondInput", kind: "input", params, told: "answered")
    }

    private static func respond(
        _ context: CommandContext, _ method: String, kind: String, _ params: JSONObject, told: String
    ) throws -> ExitCode {
        try context.withClient { client in
            let question = try RunReference.question(context.arguments.operands[0], kind: kind, client)
            var params = params
            params["interactionId"] = question["interactionId"]
            let answer = try client.call(method, .object(params))
            guard !context.arguments.has("json") else {
                context.write(json: answer)
                return .completed
            }
            context.screen.line("\(told): \(question.questionText.summary(context.screen.width - told.count - 2))")
            let run = try client.call("run/get", ["runId": question["runId"] ?? .null])
            context.screen.line(outlook(of: run, isResolved: answer["resolved"]?.bool ?? true, context))
            return .completed
        }
    }

    /// What is left to do.
    private static func outlook(of run: JSONValue, isResolved: Bool, _ context: CommandContext) -> String {
        let id = run["runId"]?.string ?? ""
        if ExitCode(ended: run) != nil { return "The run has \(Phrases.ending(of: run))." }
        return isResolved
            ? "Unless it is under way elsewhere, go on with: \(context.commandLine("resume", id))"
            : "Others must still decide; see: \(context.commandLine("show", id))"
    }
}
