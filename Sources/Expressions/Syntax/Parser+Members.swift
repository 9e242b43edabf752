extension Parser {
    /// A primary expression and the selections, indices and calls that follow it.
    mutating func member() throws(Failure) -> NodeID { try members(of: try primary()) }

    mutating func members(of primary: NodeID) throws(Failure) -> NodeID {
        var node = primary
        while true {
            let offset = token.range.lowerBound
            if try take(.openBracket) {
                let index = try expression()
                try expect(.closeBracket)
                node = try tree.add(.index(node, index), at: offset, above: node, index)
            } else if try take(.dot) {
                node = try memberNamed(of: node)
            } else {
                return node
            }
        }
    }

    private mutating func memberNamed(of operand: NodeID) throws(Failure) -> NodeID {
        let offset = token.range.lowerBound
        switch token.kind {
        case .identifier(let name):
            try advance()
            guard try take(.openParenthesis) else { return try select(name, of: operand, at: offset) }
            if let macro = Macro(rawValue: name) { return try expand(macro, over: operand, at: offset) }
            return try call(name, on: operand, at: offset)
        case .quotedName(let name):
            try advance()
            return try select(name, of: operand, at: offset)
        default:
            throw unexpected("the name of a member")
        }
    }

    private mutating func select(_ name: String, of operand: NodeID, at offset: Int) throws(Failure) -> NodeID {
        if let type = tree.takeType(named: name, in: operand) { return try tree.add(constant: .type(type), at: offset) }
        return try tree.add(.select(operand, word: tree.word(name)), at: offset, above: operand)
    }

    private mutating func primary() throws(Failure) -> NodeID {
        let offset = token.range.lowerBound
        switch token.kind {
        case .int(let magnitude):
            guard let value = Int(exactly: magnitude) else { throw doesNotFit }
            return try literal(.int(value))
        case .uint(let value): return try literal(.uint(value))
        case .double(let value): return try literal(.double(value))
        case .string(let text): return try literal(.string(text))
        case .bytes(let bytes): return try literal(.bytes(bytes))
        case .sign(.true): return try literal(.bool(true))
        case .sign(.false): return try literal(.bool(false))
        case .sign(.null): return try literal(.null)
        case .identifier(let name): return try named(name)
        case .sign(.dot):
            try advance()
            guard case .identifier(let name) = token.kind else { throw unexpected("a name") }
            return try named(name, isRoot: true)
        case .sign(.openParenthesis):
            try advance()
            let inner = try expression()
            try expect(.closeParenthesis)
            return inner
        case .sign(.openBracket):
            try advance()
            let elements = try expressions(until: .closeBracket, trailingComma: true)
            return try tree.add(.list(tree.list(elements)), at: offset, above: elements)
        case .sign(.openBrace):
            try advance()
            let entries = try mapEntries()
            return try tree.add(.map(tree.list(entries)), at: offset, above: entries)
        default:
            throw unexpected("a value")
        }
    }

    private mutating func literal(_ value: Value) throws(Failure) -> NodeID {
        let offset = token.range.lowerBound
        try advance()
        return try tree.add(constant: value, at: offset)
    }

    /// A variable, or the call of a function. A name after a leading dot passes the variables of macros by.
    private mutating func named(_ name: String, isRoot: Bool = false) throws(Failure) -> NodeID {
        let offset = token.range.lowerBound
        guard !Self.reservedWords.contains(name) else {
            throw Failure(reason: .syntax("`\(name)` is a reserved word and names nothing."), offset: offset)
        }
        try advance()
        if try take(.openParenthesis) {
            return name == "has" ? try presenceTest(at: offset) : try call(name, on: nil, at: offset)
        }
        if !isRoot, let slot = scope.lastIndex(of: name) { return try tree.add(.local(slot: Int32(slot)), at: offset) }
        return try tree.add(.name(word: tree.word(name)), at: offset)
    }

    private mutating func presenceTest(at offset: Int) throws(Failure) -> NodeID {
        let operand = try expression()
        try expect(.closeParenthesis)
        guard tree.testPresence() else {
            throw Failure(reason: .syntax("`has` takes the selection of a member, such as has(a.b)."), offset: offset)
        }
        return operand
    }

    private mutating func call(_ name: String, on receiver: NodeID?, at offset: Int) throws(Failure) -> NodeID {
        if name == "matches" { return try match(on: receiver, at: offset) }
        let arguments = try expressions(until: .closeParenthesis)
        // Only whoever comes to the call fails, as CEL has it: `f() || true` is true.
        guard let function = Function(rawValue: name) else {
            return try tree.add(.unknownCall(word: tree.word(name)), at: offset)
        }
        guard function.accepts(argumentCount: arguments.count, asMember: receiver != nil) else {
            let message = "`\(name)` is called as \(function.usage)."
            throw Failure(reason: .syntax(message), offset: offset)
        }
        let parts = (receiver.map { [$0] } ?? []) + arguments
        return try tree.add(.call(function, tree.list(parts)), at: offset, above: parts)
    }

    /// Cursor after the parenthesis of `matches`.
    private mutating func match(on receiver: NodeID?, at offset: Int) throws(Failure) -> NodeID {
        let parts = (receiver.map { [$0] } ?? []) + (try expressions(until: .closeParenthesis))
        guard parts.count == 2 else {
            let usage = "`matches` is called as text.matches(pattern) or matches(text, pattern)."
            throw Failure(reason: .syntax(usage), offset: offset)
        }
        try tree.compilePattern(parts[1])
        return try tree.add(.matches(parts[0], parts[1]), at: offset, above: parts)
    }

    /// Cursor after the parenthesis: `range.map(x, …)`. The variable is alive in the bodies, not in the range.
    private mutating func expand(_ macro: Macro, over range: NodeID, at offset: Int) throws(Failure) -> NodeID {
        guard case .identifier(let variable) = token.kind, !Self.reservedWords.contains(variable) else {
            throw unexpected("the name of `\(macro.rawValue)`'s variable")
        }
        try advance()
        try expect(.comma)
        scope.append(variable)
        tree.localCount = max(tree.localCount, scope.count)
        var parts = [range, try expression()]
        if macro == .map, try take(.comma) { parts.append(try expression()) }
        scope.removeLast()
        try expect(.closeParenthesis)
        let node = Node.macro(macro, slot: Int32(scope.count), tree.list(parts))
        return try tree.add(node, at: offset, above: parts)
    }

    private mutating func expressions(until close: Sign, trailingComma: Bool = false) throws(Failure) -> [NodeID] {
        var parts: [NodeID] = []
        while true {
            if parts.isEmpty || trailingComma, try take(close) { return parts }
            parts.append(try expression())
            guard try !take(close) else { return parts }
            guard try take(.comma) else { throw unexpected("`,` or `\(close.rawValue)`") }
        }
    }

    private mutating func mapEntries() throws(Failure) -> [NodeID] {
        var parts: [NodeID] = []
        while try !take(.closeBrace) {
            parts.append(try expression())
            try expect(.colon)
            parts.append(try expression())
            guard token.kind != .sign(.closeBrace) else { continue }
            guard try take(.comma) else { throw unexpected("`,` or `}`") }
        }
        return parts
    }

    private static let reservedWords: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while",
    ]
}
