import JSON

/// `fermata help [COMMAND]`
enum HelpCommand {
    static func perform(_ context: CommandContext) throws -> ExitCode {
        switch context.arguments.operands.first {
        case nil: context.screen.write(Help.overview)
        case "exit-codes": context.screen.write(Help.exitCodes)
        case let name?: context.screen.write(Help.text(for: try CommandTable.command(named: name)))
        }
        return .completed
    }
}

/// `fermata version`
enum VersionCommand {
    static func perform(_ context: CommandContext) throws -> ExitCode {
        if context.arguments.has("json") {
            context.write(json: ["name": "fermata", "version": .string(context.version)])
        } else {
            context.screen.line("fermata \(context.version)")
        }
        return .completed
    }
}
