/// A command as parsing, help and suggestions know it: one row of the table.
package struct CommandSpec: Sendable {
    package struct Option: Sendable {
        /// Without the two dashes.
        package var name: String
        /// What its value is called in the help; nil for a switch.
        package var value: String?
        package var summary: String
        package var isRepeatable = false
    }

    package struct Operand: Sendable {
        package var name: String
        package var isOptional = false
    }

    package var name: String
    package var summary: String
    package var operands: [Operand] = []
    package var options: [Option] = []
    /// What a person should know beyond the options.
    package var notes = ""
    package var perform: @Sendable (CommandContext) throws -> ExitCode

    /// Its own options and those that every command has.
    package var allOptions: [Option] { options + CommandTable.commonOptions }

    /// Such as `fermata run FILE`.
    package var usage: String {
        let names = operands.map { $0.isOptional ? "[\($0.name)]" : $0.name }
        return (["fermata", name] + names + (options.isEmpty ? [] : ["[options]"])).joined(separator: " ")
    }
}
