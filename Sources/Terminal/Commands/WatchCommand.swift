import JSON

/// `fermata watch ID`
enum WatchCommand {
    static func perform(_ context: CommandContext) throws -> ExitCode {
        let manner = Follower.Manner(answers: false, isJSON: context.arguments.has("json"))
        return try context.withClient { client in
            let id = try RunReference.runID(context.arguments.operands[0], client)
            let run = try client.call("run/get", ["runId": .string(id)])
            let follower = Follower(context, client, run: run, manner: manner)
            _ = try client.call("run/subscribe", ["runId": .string(id), "afterSeq": 0])
            return try follower.follow()
        }
    }
}
