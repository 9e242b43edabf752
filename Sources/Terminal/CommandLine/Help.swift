/// What `fermata help` says, made from the table.
package enum Help {
    package static var overview: String {
        var text = """
            Fermata runs durable workflows: they survive a crash, and hold where a person must decide.

              fermata                     serve JSON-RPC 2.0 on standard input and output
              fermata COMMAND …

            """
        text += "\n" + columns(CommandTable.commands.map { ($0.name, $0.summary) })
        text += "\n\nServing takes:\n" + columns(rows(CommandTable.serve.options))
        text += "\n\nEverything takes:\n" + columns(rows(CommandTable.commonOptions))
        return text + "\n\nMore: fermata help COMMAND, fermata help exit-codes\n"
    }

    package static func text(for command: CommandSpec) -> String {
        var text = "\(command.summary).\n\n  \(command.usage)\n"
        if !command.options.isEmpty { text += "\n" + columns(rows(command.options)) + "\n" }
        if !command.notes.isEmpty { text += "\n" + command.notes + "\n" }
        if ["run", "resume", "watch"].contains(command.name) { text += "\nExit codes:\n" + exitCodes }
        return text
    }

    package static var exitCodes: String {
        columns(ExitCode.allCases.map { (String($0.rawValue), $0.meaning) }) + "\n"
    }

    private static func rows(_ options: [CommandSpec.Option]) -> [(String, String)] {
        options.map { ("--" + $0.name + ($0.value.map { " " + $0 } ?? ""), $0.summary) }
    }

    private static func columns(_ rows: [(String, String)]) -> String {
        Table(rows: rows.map { [Cell($0.0), Cell($0.1)] }).lines(indent: 2).joined(separator: "\n")
    }
}
