/// Every command there is. Parsing, help and suggestions go by these rows alone.
package enum CommandTable {
    package static let commands: [CommandSpec] = [
        run, resume, list, show, watch, pause, cancel, approve, answer, fork, export, importRun, prune, config, doctor,
        backup,
        validate, diagram, schema, conformance, version, help,
    ]

    /// `fermata` without a command.
    package static let serve = CommandSpec(
        name: "", summary: "Serve JSON-RPC 2.0 on standard input and output",
        options: [
            .init(name: "allow-commands", summary: "Let workflows run local commands"),
            .init(name: "retention", value: "DAYS", summary: "Remove runs that ended longer ago; else they are kept"),
        ],
        perform: { _ in throw Complaint.usage("Serving is no command.") })

    package static let commonOptions: [CommandSpec.Option] = [
        .init(name: "store", value: "PATH", summary: "Where runs are kept"),
        .init(name: "log", value: "FILE", summary: "Where the service logs to"),
        .init(name: "log-level", value: "LEVEL", summary: "debug, info, warning or error"),
        .init(name: "no-color", summary: "Write plain text; so does NO_COLOR"),
        .init(name: "help", summary: "Tell about the command"),
    ]

    package static func command(named name: String) throws(Complaint) -> CommandSpec {
        if let command = commands.first(where: { $0.name == name }) { return command }
        let near = Suggestion.nearest(to: name, among: commands.map(\.name))
        throw .usage(
            "There is no command \"\(name)\".", hint: near.map { "Did you mean \"\($0)\"?" } ?? "See: fermata help")
    }

    // MARK: Rows

    private static let json = CommandSpec.Option(name: "json", summary: "Write one JSON value")
    private static let jsonLines = CommandSpec.Option(
        name: "json", summary: "Write notifications as JSON, one a line, and ask nothing")
    private static let noCommands = CommandSpec.Option(name: "no-commands", summary: "Refuse to run local commands")
    private static let approveAll = CommandSpec.Option(name: "approve", summary: "Approve without asking")
    private static let runID = [CommandSpec.Operand(name: "ID")]

    private static let shortIDs = "An ID may be a prefix of at least 4 characters, or \"last\" for the newest run."

    private static let run = CommandSpec(
        name: "run", summary: "Run a workflow from a file, and follow it",
        operands: [.init(name: "FILE")],
        options: [
            .init(name: "input", value: "JSON", summary: "The run's input"),
            .init(name: "input-file", value: "FILE", summary: "The run's input, from a file; - is standard input"),
            .init(name: "run-id", value: "ID", summary: "A name of your choice for the run"),
            .init(name: "label", value: "KEY=VALUE", summary: "A label; may be repeated", isRepeatable: true),
            approveAll, noCommands, jsonLines,
        ],
        notes: """
            The file's commands run on this machine as you: look before you run a stranger's file, or give
            --no-commands. Questions are asked here. Where nobody can be asked, the run is left safe, with
            exit code 3. --approve approves what the workflow asks; whether an interrupted step may run again
            or a spent budget be renewed is still yours to say. Ctrl-C leaves the run safe.
            """,
        perform: RunCommand.perform)

    private static let resume = CommandSpec(
        name: "resume", summary: "Go on with a run that was left or paused",
        operands: runID, options: [approveAll, noCommands, jsonLines], notes: shortIDs, perform: ResumeCommand.perform)

    private static let list = CommandSpec(
        name: "list", summary: "List runs, newest first",
        options: [
            .init(name: "status", value: "STATUS", summary: "Only these; may be repeated", isRepeatable: true),
            .init(name: "workflow", value: "NAME", summary: "Only runs of this workflow"),
            .init(name: "limit", value: "COUNT", summary: "At most this many, else 20"),
            .init(name: "all", summary: "Runs of every client, not only those started here"),
            json,
        ],
        perform: ListCommand.perform)

    private static let show = CommandSpec(
        name: "show", summary: "Tell what a run did, why, and what it waits for",
        operands: runID, options: [json], notes: shortIDs, perform: ShowCommand.perform)

    private static let watch = CommandSpec(
        name: "watch", summary: "Follow a run that something else moves",
        operands: runID, options: [jsonLines], notes: "It asks nothing and changes nothing.\n\(shortIDs)",
        perform: WatchCommand.perform)

    private static let pause = CommandSpec(
        name: "pause", summary: "Start nothing more of a run until it is resumed",
        operands: runID, options: [json], notes: shortIDs, perform: ControlCommands.pause)

    private static let cancel = CommandSpec(
        name: "cancel", summary: "End a run",
        operands: runID, options: [.init(name: "reason", value: "TEXT", summary: "Why, for the record"), json],
        notes: shortIDs, perform: ControlCommands.cancel)

    private static let approve = CommandSpec(
        name: "approve", summary: "Approve, or reject, what a run asks",
        operands: runID,
        options: [
            .init(name: "reject", summary: "Reject instead"),
            .init(name: "as", value: "NAME", summary: "Who decides, else you"),
            .init(name: "message", value: "TEXT", summary: "A word with the decision"),
            json,
        ],
        notes: "ID names the run, its execution or the question.\n\(shortIDs)", perform: AnswerCommands.approve)

    private static let answer = CommandSpec(
        name: "answer", summary: "Answer the input that a run asks for",
        operands: runID + [.init(name: "JSON")],
        options: [.init(name: "as", value: "NAME", summary: "Who answers, else you"), json],
        notes: "ID names the run, its execution or the question.\n\(shortIDs)", perform: AnswerCommands.answer)

    private static let fork = CommandSpec(
        name: "fork", summary: "Make a run that begins with what another did up to a place",
        operands: runID,
        options: [
            .init(name: "from", value: "STEP|SEQ", summary: "The step to begin anew, or the last event to keep"),
            .init(name: "input", value: "JSON", summary: "Another input from there on"),
            .init(name: "state", value: "JSON", summary: "State members that are other ones from there on"),
            .init(name: "run-id", value: "ID", summary: "A name of your choice for the new run"),
            json,
        ],
        notes: """
            What was done before the place is not done again, and the other run stays as it is. A step that is
            called like a number is named by the number of the event before it.
            \(shortIDs)
            """,
        perform: ForkCommand.perform)

    private static let export = CommandSpec(
        name: "export", summary: "Write a run with its children as one file",
        operands: runID,
        options: [.init(name: "output", value: "FILE", summary: "Where to, else standard output"), json],
        notes: """
            The file holds all that the run was given and made, and only you may read it. It is proof against
            damage, not against forgery: import files of people you trust.
            \(shortIDs)
            """,
        perform: ExportCommands.export)

    private static let importRun = CommandSpec(
        name: "import", summary: "Add the run of an exported file, to go on with it here",
        operands: [.init(name: "FILE")],
        options: [
            .init(name: "run-id", value: "ID", summary: "Another name for it, as another run"),
            .init(name: "namespace", value: "NAME", summary: "Whose run it becomes, else yours"), json,
        ],
        notes: """
            What was under way is interrupted, as after a crash. Import files of people you trust: the run's
            commands run as you. FILE - is standard input.
            """,
        perform: ExportCommands.importRun)

    private static let prune = CommandSpec(
        name: "prune", summary: "Remove runs that ended long ago",
        options: [
            .init(name: "older-than", value: "AGE", summary: "How long ago at least, such as 12h; else 30d"),
            .init(name: "status", value: "STATUS", summary: "Only these; may be repeated", isRepeatable: true),
            .init(name: "all", summary: "Runs of every client, not only those started here"),
            .init(name: "dry-run", summary: "Only tell what would go"), json,
        ],
        notes: """
            Children go with their run, and with the last run of a workflow goes the version that is not
            registered any more. What is gone is gone: fermata export keeps a run, fermata backup all of them.
            """,
        perform: PruneCommand.perform)

    private static let config = CommandSpec(
        name: "config", summary: "Tell each setting, and where it came from",
        options: [json],
        notes: """
            Settings come from ~/.config/fermata/config.json ($XDG_CONFIG_HOME), from
            .fermata/config.json of the workspace, which may not say everything, and from flags. Later
            ones beat earlier ones, member by member. What may hold a secret is shown as •••.
            """,
        perform: ConfigCommand.perform)

    private static let doctor = CommandSpec(
        name: "doctor", summary: "Look the store over, mend it, and tell which models would work",
        options: [.init(name: "repair", summary: "Mend it, after a backup"), json],
        notes: """
            Exit code 0: nothing is wrong, or is any more; 1: something is; 5: the store cannot be opened.
            Without --repair nothing is changed. Engines may be at work meanwhile.
            """,
        perform: CareCommands.doctor)

    private static let backup = CommandSpec(
        name: "backup", summary: "Copy the store, also while engines work on it",
        operands: [.init(name: "FILE", isOptional: true)], options: [json],
        notes: """
            The copy is a store itself: fermata --store FILE. Without FILE it stands beside the store, named
            after the moment. Only you may read it.
            """,
        perform: CareCommands.backup)

    private static let validate = CommandSpec(
        name: "validate", summary: "Tell everything that is wrong with a workflow",
        operands: [.init(name: "FILE")], options: [json], perform: ValidateCommand.perform)

    private static let diagram = CommandSpec(
        name: "diagram", summary: "Draw a workflow, or where a run of it stands",
        operands: [.init(name: "FILE|NAME", isOptional: true)],
        options: [
            .init(name: "run", value: "ID", summary: "Draw this run, with what it did and where it is"),
            .init(name: "version", value: "VERSION", summary: "That very version of the workflow NAME"),
            .init(name: "format", value: "FORMAT", summary: "mermaid, dot or svg; else what --output is called"),
            .init(name: "output", value: "FILE", summary: "Where to, else standard output"),
        ],
        notes: """
            Mermaid is text that Markdown viewers draw, dot is for Graphviz, svg needs nothing else.
            \(shortIDs)
            """,
        perform: DiagramCommand.perform)

    private static let schema = CommandSpec(
        name: "schema", summary: "Write the description of the protocol: OpenRPC, JSON Schemas, types, reference",
        options: [
            .init(name: "output", value: "DIR", summary: "Write every file that is made of it into this project"),
            .init(name: "check", summary: "Only tell which of those files differ"),
        ],
        notes: "Without an option, it writes the OpenRPC document.", perform: SchemaCommand.perform)

    private static let conformance = CommandSpec(
        name: "conformance", summary: "Play recorded sessions to a server or a client, and tell where it departs",
        operands: [.init(name: "PATH", isOptional: true)],
        options: [
            .init(name: "server", value: "CMD", summary: "The shell command that starts the server"),
            .init(name: "record", summary: "Write down anew what the server says"),
            .init(name: "stand-in", summary: "Be the server of the session PATH, to test a client"),
        ],
        notes: """
            PATH is a session or a folder of them, else protocol/fixtures. Each session has a server of its own,
            in an empty folder that is also its home.
            """,
        perform: ConformanceCommand.perform)

    private static let version = CommandSpec(
        name: "version", summary: "Tell the version", options: [json], perform: VersionCommand.perform)

    private static let help = CommandSpec(
        name: "help", summary: "Tell about a command, or the exit codes",
        operands: [.init(name: "COMMAND", isOptional: true)], perform: HelpCommand.perform)
}
