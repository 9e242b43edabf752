import JSON
import RPC

/// `fermata resume ID`
enum ResumeCommand {
    static func perform(_ context: CommandContext) throws -> ExitCode {
        let arguments = context.arguments
        let manner = Follower.Manner(approves: arguments.has("approve"), isJSON: arguments.has("json"))
        return try context.withClient(performs: true, allowsCommands: !arguments.has("no-commands")) { client in
            let id = JSONValue.string(try RunReference.runID(arguments.operands[0], client))
            let run = try client.call("run/get", ["runId": id])
            if let outcome = ExitCode(ended: run) {
                throw Complaint(
                    exitCode: outcome == .completed ? .usage : outcome,
                    message: "The run has \(Phrases.ending(of: run)); there is nothing to resume.",
                    hint: "See: \(context.commandLine("show", id.string ?? ""))")
            }
            if !manner.isJSON { head(run, on: context.screen) }
            let follower = Follower(context, client, run: run, manner: manner)
            _ = try client.call("run/subscribe", ["runId": id, "afterSeq": run["seq"] ?? 0])
            let open = try client.call("execution/interactions", ["runId": id, "namespace": "*"])
            follower.questions = open["interactions"]?.array ?? []
            if run["status"]?.string == "pending" { _ = try client.call("run/start", ["runId": id]) }
            if run["isPaused"]?.bool == true {
                _ = try client.call("run/resume", ["runId": id])
                follower.isPaused = false
            }
            return try follower.follow()
        }
    }

    private static func head(_ run: JSONValue, on screen: Screen) {
        let name = run["workflow"]?["name"]?.string?.printable ?? ""
        let (status, style) = Phrases.status(of: run)
        let steps = run["progress"]?["current"]?.int ?? 0
        let done = "\(steps) \(steps == 1 ? "step" : "steps") done"
        screen.line(
            "\(screen.styled(name, .bold))  \(screen.styled(run["runId"]?.string ?? "", .dim))  "
                + "\(screen.styled(status, style)), \(done)")
    }
}

extension ExitCode {
    /// What a run that has ended comes to; nil for one that has not.
    init?(ended run: JSONValue) {
        switch run["status"]?.string {
        case "completed": self = .completed
        case "failed": self = .failed
        case "cancelled": self = .cancelled
        default: return nil
        }
    }
}
