internal import RegularExpressions

/// A program in the making.
struct Tree {
    /// The greatest height, and the greatest nesting of the text: evaluation and parsing recurse that deep.
    static let greatestHeight = 128

    private(set) var nodes: [Node] = []
    private(set) var offsets: [Int32] = []
    private(set) var lists: [NodeID] = []
    private(set) var constants: [Value] = []
    private(set) var words: [String] = []
    private(set) var patterns: [Text: RegularExpression] = [:]
    private var patternLength = 0
    var localCount = 0
    private var heights: [Int32] = []

    /// Adds a node above the `parts` it names.
    mutating func add(_ node: Node, at offset: Int, above parts: NodeID...) throws(Failure) -> NodeID {
        try add(node, at: offset, above: parts)
    }

    mutating func add(_ node: Node, at offset: Int, above parts: [NodeID]) throws(Failure) -> NodeID {
        let height = parts.reduce(0) { max($0, heights[Int($1)]) } + 1
        guard height <= Self.greatestHeight else { throw Self.tooDeep(at: offset) }
        nodes.append(node)
        offsets.append(Int32(offset))
        heights.append(height)
        return NodeID(nodes.count - 1)
    }

    mutating func add(constant: Value, at offset: Int) throws(Failure) -> NodeID {
        constants.append(constant)
        return try add(.constant(Int32(constants.count - 1)), at: offset)
    }

    mutating func list(_ parts: [NodeID]) -> NodeList {
        defer { lists.append(contentsOf: parts) }
        return NodeList(start: Int32(lists.count), count: Int32(parts.count))
    }

    mutating func word(_ word: String) -> Int32 {
        words.append(word)
        return Int32(words.count - 1)
    }

    /// Compiles the pattern of a `matches`, if it is a constant. All of an expression's together may be as long as one.
    mutating func compilePattern(_ id: NodeID) throws(Failure) {
        guard case .constant(let constant) = nodes[Int(id)], case .string(let text) = constants[Int(constant)],
            patterns[Text(text)] == nil
        else { return }
        patternLength += text.utf8.count
        guard patternLength <= RegularExpression.greatestLength else {
            let message =
                "The patterns of an expression may be \(RegularExpression.greatestLength) bytes long together."
            throw Failure(reason: .syntax(message), offset: Int(offsets[Int(id)]))
        }
        do throws(RegularExpressionError) {
            patterns[Text(text)] = try RegularExpression(text)
        } catch {
            throw Failure(reason: .syntax(Reason.pattern(error.message).message), offset: Int(offsets[Int(id)]))
        }
    }

    /// Takes away the nodes that begin the name of a type with dots, `google.protobuf` before `Timestamp`: they select
    /// nothing. Nil when it is no such name.
    mutating func takeType(named member: String, in operand: NodeID) -> ValueType? {
        guard case .select(let root, let second) = nodes[Int(operand)], case .name(let first) = nodes[Int(root)],
            words[Int(first)] == "google", words[Int(second)] == "protobuf",
            let type = ValueType(rawValue: "google.protobuf.\(member)")
        else { return nil }
        nodes.removeSubrange(Int(root)...)
        offsets.removeSubrange(Int(root)...)
        heights.removeSubrange(Int(root)...)
        return type
    }

    /// Makes the selection on top a question whether the member is there; false when no selection is on top.
    mutating func testPresence() -> Bool {
        guard case .select(let operand, let word)? = nodes.last else { return false }
        nodes[nodes.count - 1] = .has(operand, word: word)
        return true
    }

    static func tooDeep(at offset: Int) -> Failure {
        Failure(
            reason: .syntax("An expression may be \(greatestHeight) levels deep, and this goes deeper."), offset: offset
        )
    }
}
