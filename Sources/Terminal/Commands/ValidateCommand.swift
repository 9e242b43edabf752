import JSON

/// `fermata validate FILE`
enum ValidateCommand {
    static func perform(_ context: CommandContext) throws -> ExitCode {
        let file = context.arguments.operands[0]
        let document = try File.json(file)
        let answer = try context.withClient { try $0.call("workflow/validate", ["document": document]) }
        let isValid = answer["valid"]?.bool ?? false
        if context.arguments.has("json") {
            context.write(json: answer)
            return isValid ? .completed : .usage
        }
        let problems = answer["problems"]?.array ?? []
        if isValid { context.screen.line("\(file) is valid.") }
        let outcome = tell(problems, of: file, on: context.screen)
        return isValid ? .completed : outcome
    }

    /// Tells each problem with its place, a sentence and what to do about it.
    static func tell(_ problems: [JSONValue], of file: String, on screen: Screen) -> ExitCode {
        for problem in problems {
            let pointer = problem["pointer"]?.string ?? ""
            let severity = problem["severity"]?.string ?? "error"
            let place = pointer.isEmpty ? file : "\(file) \(pointer)"
            screen.error("\(severity): \(place): \(problem["message"]?.string ?? "")".printable)
            if let hint = problem["hint"]?.string { screen.error("  " + hint.printable) }
        }
        return .usage
    }
}
