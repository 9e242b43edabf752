extension PatternParser {
    /// What a repetition can belong to.
    mutating func atom() throws(RegularExpressionError) -> Fragment {
        let start = offset
        switch advance() {
        case "(":
            return try group(from: start)
        case "[":
            return try bracketClass(from: start)
        case ".":
            return fragment(for: .any(dialect, includingNewlines: flags.dotTakesNewlines))
        case "^":
            return Fragment(.assert(flags.isMultiline ? .lineStart : .textStart))
        case "$":
            return Fragment(.assert(flags.isMultiline ? .lineEnd : .textEnd))
        case "\\":
            return try escape(from: start)
        case let scalar:
            return fragment(for: scalar.value)
        }
    }

    /// Cursor after the parenthesis.
    private mutating func group(from start: Int) throws(RegularExpressionError) -> Fragment {
        let outerFlags = flags
        if take("?") {
            if dialect == .re2 && take("P<") || rest.first == "<" && !isLookbehind && take("<") {
                try groupName(from: start)
            } else if !take(":"), try !takeFlags(from: start) {
                return Fragment()
            }
        }
        let fragment = try alternation()
        guard take(")") else { throw error("This `(` is not closed.", at: start) }
        flags = outerFlags
        return fragment
    }

    private var isLookbehind: Bool {
        let second = rest.dropFirst().first
        return second == "=" || second == "!"
    }

    private mutating func groupName(from start: Int) throws(RegularExpressionError) {
        let nameOffset = offset
        guard let name = takeText(upTo: ">"), isName(name) else {
            throw error("The name of a group is made of letters, digits and `_`, and ends with `>`.", at: nameOffset)
        }
        guard groupNames.insert(name).inserted else { throw error("Two groups have this name.", at: start) }
    }

    private func isName(_ name: String) -> Bool {
        let isWord = name.unicodeScalars.allSatisfy { $0.properties.isXIDContinue || $0 == "_" || $0 == "$" }
        return isWord && !name.isEmpty
    }

    /// Takes flags such as `i-s`: with `:` for the group that they begin, with `)` for the rest of the group around, and
    /// then there is no group to read.
    private mutating func takeFlags(from start: Int) throws(RegularExpressionError) -> Bool {
        var isOn = true
        while dialect == .re2, let letter = rest.first {
            _ = advance()
            switch letter {
            case "i": flags.ignoresCase = isOn
            case "m": flags.isMultiline = isOn
            case "s": flags.dotTakesNewlines = isOn
            // It turns greed around, which makes no difference to whether there is a match.
            case "U": break
            case "-" where isOn && rest.first != ":" && rest.first != ")": isOn = false
            case ":": return true
            case ")": return false
            default: throw unknownGroup(from: start)
            }
        }
        throw unknownGroup(from: start)
    }

    private func unknownGroup(from start: Int) -> RegularExpressionError {
        let opening = pattern.utf8.dropFirst(start).prefix(4)
        let looks = ["(?=", "(?!", "(?<=", "(?<!"].contains { opening.starts(with: $0.utf8) }
        return error(
            looks
                ? "Lookarounds are not supported: a match must take a time in proportion to the text."
                : "There is no group of this form.", at: start)
    }
}
