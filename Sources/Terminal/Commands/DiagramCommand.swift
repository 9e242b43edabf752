import Glibc
import JSON

/// `fermata diagram [FILE|NAME]`
enum DiagramCommand {
    static func perform(_ context: CommandContext) throws -> ExitCode {
        let arguments = context.arguments
        var params = JSONObject()
        switch (arguments.operands.first, arguments["run"]) {
        case (let subject?, nil): params["workflow"] = try workflow(subject)
        case (nil, .some): break
        case (nil, nil):
            throw Complaint.usage(
                "fermata diagram needs a workflow or a run.",
                hint: "Usage: fermata diagram FILE, fermata diagram NAME or fermata diagram --run ID")
        case (.some, .some): throw Complaint.usage("A run has its workflow: give one of FILE, NAME and --run.")
        }
        params["version"] = arguments["version"].map { .string($0) }
        params["format"] = (arguments["format"] ?? format(of: arguments["output"])).map { .string($0) }
        let answer = try context.withClient { client in
            if let run = arguments["run"] { params["runId"] = .string(try RunReference.runID(run, client)) }
            return try client.call("workflow/diagram", .object(params))
        }
        let diagram = answer["diagram"]?.string ?? ""
        if let path = arguments["output"] {
            try File.write(diagram, to: path)
        } else {
            context.screen.write(diagram)
        }
        return .completed
    }

    /// A document, where there is such a file or it is called like one; else a registered workflow's name.
    private static func workflow(_ subject: String) throws(Complaint) -> JSONValue {
        let isFile = subject == "-" || subject.hasSuffix(".json") || access(subject, F_OK) == 0
        return isFile ? try File.json(subject) : .string(subject)
    }

    /// What a file's name asks for; nil leaves it to the service.
    private static func format(of path: String?) -> String? {
        let endings = [(".svg", "svg"), (".dot", "dot"), (".gv", "dot")]
        return endings.first { path?.hasSuffix($0.0) ?? false }?.1
    }
}
