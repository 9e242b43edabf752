/// The words of a command line, sorted by the command's row in the table.
package struct Arguments: Sendable, Hashable {
    package private(set) var operands: [String] = []
    private var values: [Value] = []

    /// An option that was given; a switch has an empty text.
    private struct Value: Sendable, Hashable {
        var option: String
        var text: String
    }

    /// `words` stand after the command's name. `--name value` and `--name=value` mean the same, and after `--` every
    /// word is an operand.
    package init(_ words: some Sequence<String>, for spec: CommandSpec) throws(Complaint) {
        var words = Array(words)[...]
        while let word = words.popFirst() {
            if word == "--" {
                operands += words
                break
            }
            if word.hasPrefix("--") {
                try read(option: word.dropFirst(2), from: &words, of: spec)
            } else if word == "-h" {
                values.append(Value(option: "help", text: ""))
            } else if word.hasPrefix("-"), word != "-", !word.dropFirst().allSatisfy(\.isNumber) {
                throw Self.unknown(word, of: spec)
            } else {
                operands.append(word)
            }
        }
        if !has("help") { try checkOperands(of: spec) }
    }

    package func has(_ option: String) -> Bool { values.contains { $0.option == option } }

    /// The last value of an option.
    package subscript(option: String) -> String? { values.last { $0.option == option }?.text }

    package func all(_ option: String) -> [String] { values.filter { $0.option == option }.map(\.text) }

    private mutating func read(
        option word: Substring, from words: inout ArraySlice<String>, of spec: CommandSpec
    ) throws(Complaint) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let option = spec.allOptions.first(where: { $0.name == name }) else {
            throw Self.unknown("--\(name)", of: spec)
        }
        if has(name), !option.isRepeatable, option.value != nil {
            throw .usage("--\(name) is given twice.")
        }
        guard let value = option.value else {
            guard parts.count == 1 else { throw .usage("--\(name) takes no value.") }
            values.append(Value(option: name, text: ""))
            return
        }
        guard let text = parts.count == 2 ? String(parts[1]) : words.popFirst() else {
            throw .usage("--\(name) needs a value: --\(name) \(value).")
        }
        values.append(Value(option: name, text: text))
    }

    private func checkOperands(of spec: CommandSpec) throws(Complaint) {
        let needed = spec.operands.filter { !$0.isOptional }
        func usage() -> String { "Usage: \(spec.usage)" }
        if operands.count < needed.count {
            throw .usage("\(spec.title) needs \(needed[operands.count].name).", hint: usage())
        }
        if operands.count > spec.operands.count {
            throw .usage("\(spec.title) does not take \"\(operands[spec.operands.count])\".", hint: usage())
        }
    }

    private static func unknown(_ option: String, of spec: CommandSpec) -> Complaint {
        let near = Suggestion.nearest(to: option, among: spec.allOptions.map { "--" + $0.name })
        return .usage(
            "\(spec.title) has no option \(option).",
            hint: near.map { "Did you mean \($0)?" } ?? "See: fermata help \(spec.name)")
    }
}

extension CommandSpec {
    fileprivate var title: String { name.isEmpty ? "fermata" : "fermata \(name)" }
}
