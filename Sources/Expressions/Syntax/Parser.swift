/// Recursive descent over the grammar of the CEL specification, one token ahead.
struct Parser {
    let source: String
    var lexer: Lexer
    var token = Token(kind: .end, range: 0..<0)
    var tree = Tree()
    /// The variables of the macros around, the innermost last; a variable's slot is its place here.
    var scope: [String] = []
    private var depth = 0

    init(_ source: String) { self.init(source, bytes: Array(source.utf8), from: 0) }

    private init(_ source: String, bytes: [UInt8], from position: Int) {
        self.source = source
        lexer = Lexer(bytes, from: position)
    }

    /// The program that the whole text is.
    mutating func wholeProgram() throws(Failure) -> Program {
        try advance()
        _ = try expression()
        guard token.kind == .end else { throw unexpected("an operator or the end") }
        return Program(tree, text: source, range: 0..<source.utf8.count)
    }

    /// The program that begins at `start`, after the `${` of a template, and where the text goes on after its `}`.
    static func embedded(in source: String, _ bytes: [UInt8], from start: Int) throws(Failure) -> (Program, end: Int) {
        var parser = Parser(source, bytes: bytes, from: start)
        try parser.advance()
        _ = try parser.expression()
        guard parser.token.kind == .sign(.closeBrace) else {
            throw parser.unexpected("an operator or the `}` that closes `${`")
        }
        let close = parser.token.range
        return (Program(parser.tree, text: source, range: start..<close.lowerBound), close.upperBound)
    }

    mutating func expression() throws(Failure) -> NodeID {
        guard depth < Tree.greatestHeight else { throw Tree.tooDeep(at: token.range.lowerBound) }
        depth += 1
        defer { depth -= 1 }
        let condition = try disjunction()
        let offset = token.range.lowerBound
        guard try take(.question) else { return condition }
        let then = try disjunction()
        try expect(.colon)
        let otherwise = try expression()
        let node = Node.choose(condition, then: then, else: otherwise)
        return try tree.add(node, at: offset, above: condition, then, otherwise)
    }

    /// Terms between `||`: side by side in one node, so that many of them are no deeper than two.
    private mutating func disjunction() throws(Failure) -> NodeID {
        let offset = token.range.lowerBound
        let first = try conjunction()
        guard token.kind == .sign(.or) else { return first }
        var terms = [first]
        while try take(.or) { terms.append(try conjunction()) }
        return try tree.add(.or(tree.list(terms)), at: offset, above: terms)
    }

    private mutating func conjunction() throws(Failure) -> NodeID {
        let offset = token.range.lowerBound
        let first = try operation(above: 0)
        guard token.kind == .sign(.and) else { return first }
        var terms = [first]
        while try take(.and) { terms.append(try operation(above: 0)) }
        return try tree.add(.and(tree.list(terms)), at: offset, above: terms)
    }

    /// Operands between binary operators that bind tighter than `precedence`, all of them from left to right.
    private mutating func operation(above precedence: Int) throws(Failure) -> NodeID {
        var left = try unary()
        while let binary = binaryOperator, binary.precedence > precedence {
            let offset = token.range.lowerBound
            try advance()
            let right = try operation(above: binary.precedence)
            left = try tree.add(.binary(binary, left, right), at: offset, above: left, right)
        }
        return left
    }

    private var binaryOperator: Operator? {
        guard case .sign(let sign) = token.kind else { return nil }
        return Operator(sign)
    }

    private mutating func unary() throws(Failure) -> NodeID {
        let sign = token.kind
        guard sign == .sign(.not) || sign == .sign(.minus) else { return try member() }
        var offsets: [Int] = []
        while token.kind == sign {
            guard offsets.count < Tree.greatestHeight else { throw Tree.tooDeep(at: token.range.lowerBound) }
            offsets.append(token.range.lowerBound)
            try advance()
        }
        var node: NodeID
        if sign == .sign(.minus), let literal = try negativeLiteral() {
            node = literal
            offsets.removeLast()
        } else {
            node = try member()
        }
        for offset in offsets.reversed() {
            node = try tree.add(sign == .sign(.not) ? .not(node) : .negate(node), at: offset, above: node)
        }
        return node
    }

    /// A number right after a minus is one literal with it: the least int has no positive counterpart.
    private mutating func negativeLiteral() throws(Failure) -> NodeID? {
        let offset = token.range.lowerBound
        let value: Value
        switch token.kind {
        case .int(let magnitude):
            guard magnitude <= Int.min.magnitude else { throw doesNotFit }
            value = .int(Int(truncatingIfNeeded: 0 &- magnitude))
        case .double(let double):
            value = .double(-double)
        default:
            return nil
        }
        try advance()
        return try members(of: try tree.add(constant: value, at: offset))
    }
}

extension Parser {
    mutating func advance() throws(Failure) { token = try lexer.next() }

    mutating func take(_ sign: Sign) throws(Failure) -> Bool {
        guard token.kind == .sign(sign) else { return false }
        try advance()
        return true
    }

    mutating func expect(_ sign: Sign) throws(Failure) {
        guard try take(sign) else { throw unexpected("`\(sign.rawValue)`") }
    }

    func unexpected(_ expected: String) -> Failure {
        let found = token.kind == .end ? "the end" : "`\(String(lexer.text(token.range).unicodeScalars.prefix(40)))`"
        return Failure(reason: .syntax("Expected \(expected), found \(found)."), offset: token.range.lowerBound)
    }

    var doesNotFit: Failure {
        Failure(reason: .syntax("This integer does not fit an int."), offset: token.range.lowerBound)
    }
}
