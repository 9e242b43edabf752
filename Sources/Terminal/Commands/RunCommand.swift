import JSON
import RPC

/// `fermata run FILE`
enum RunCommand {
    static func perform(_ context: CommandContext) throws -> ExitCode {
        let arguments = context.arguments
        let file = arguments.operands[0]
        var params: JSONObject = ["workflow": try File.json(file), "start": true]
        params["input"] = try input(arguments)
        params["runId"] = arguments["run-id"].map { .string($0) }
        params["labels"] = try labels(arguments.all("label")).map { .object($0) }
        let manner = Follower.Manner(approves: arguments.has("approve"), isJSON: arguments.has("json"))
        return try context.withClient(performs: true, allowsCommands: !arguments.has("no-commands")) { client in
            let run: JSONValue
            do {
                run = try client.call("run/create", .object(params))
            } catch let error as RPCError where error.kind == "workflow.invalid" {
                return ValidateCommand.tell(error.data?["problems"]?.array ?? [], of: file, on: context.screen)
            }
            if !manner.isJSON {
                let name = params["workflow"]?["name"]?.string?.printable ?? file
                let id = context.screen.styled(run["runId"]?.string ?? "", .dim)
                context.screen.line("\(context.screen.styled(name, .bold))  \(id)")
            }
            return try Follower(context, client, run: run, manner: manner).follow()
        }
    }

    private static func input(_ arguments: Arguments) throws -> JSONValue? {
        guard let file = arguments["input-file"] else {
            return try arguments["input"].map { try File.parse($0, name: "--input") }
        }
        guard arguments["input"] == nil else { throw Complaint.usage("--input and --input-file exclude each other.") }
        return try File.json(file)
    }

    private static func labels(_ words: [String]) throws(Complaint) -> JSONObject? {
        guard !words.isEmpty else { return nil }
        var labels = JSONObject()
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw .usage("--label takes KEY=VALUE, not \"\(word)\".")
            }
            labels[String(parts[0])] = .string(String(parts[1]))
        }
        return labels
    }
}
