internal import RegularExpressions

/// A parsed expression. The nodes lie in one array, operands before what uses them, and say where their parts are by
/// number, so that an evaluation walks plain memory and counts no references.
final class Program: Sendable {
    /// The whole text, in which `range` is the expression.
    let text: String
    let range: Range<Int>
    let nodes: [Node]
    /// Where the text says what a node does: its operator, its field's name, its function's name.
    let offsets: [Int32]
    let lists: [NodeID]
    let constants: [Value]
    let words: [String]
    /// What `matches` is asked for by constants, compiled.
    let patterns: [Text: RegularExpression]
    /// How many variables of macros are alive at once, at most.
    let localCount: Int

    init(_ tree: Tree, text: String, range: Range<Int>) {
        self.text = text
        self.range = range
        nodes = tree.nodes
        offsets = tree.offsets
        lists = tree.lists
        constants = tree.constants
        words = tree.words
        patterns = tree.patterns
        localCount = tree.localCount
    }

    var root: NodeID { NodeID(nodes.count - 1) }

    var source: String {
        let start = text.utf8.index(text.startIndex, offsetBy: range.lowerBound)
        return String(text[start..<text.utf8.index(start, offsetBy: range.count)])
    }
}

typealias NodeID = Int32

/// Several nodes: a stretch of `Program.lists`.
struct NodeList {
    var start: Int32
    var count: Int32

    var indices: Range<Int> { Int(start)..<Int(start + count) }
}

/// Words and constants stand in tables of their own.
enum Node {
    case constant(Int32)
    /// A bound name.
    case name(word: Int32)
    /// The variable of a macro.
    case local(slot: Int32)
    case select(NodeID, word: Int32)
    case has(NodeID, word: Int32)
    case index(NodeID, NodeID)
    case not(NodeID)
    case negate(NodeID)
    case binary(Operator, NodeID, NodeID)
    case and(NodeList)
    case or(NodeList)
    case choose(NodeID, then: NodeID, else: NodeID)
    case list(NodeList)
    /// Keys and values in turn.
    case map(NodeList)
    case call(Function, NodeList)
    /// The call of a function that does not exist; what it is given does not matter.
    case unknownCall(word: Int32)
    /// A text and a pattern.
    case matches(NodeID, NodeID)
    /// The range, then the macro's bodies.
    case macro(Macro, slot: Int32, NodeList)
}

enum Operator: String {
    case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
    case `in`
    case add = "+", subtract = "-"
    case multiply = "*", divide = "/", remainder = "%"

    /// A look at the spelling would take most of the time of parsing.
    init?(_ sign: Sign) {
        switch sign {
        case .equal: self = .equal
        case .notEqual: self = .notEqual
        case .less: self = .less
        case .lessOrEqual: self = .lessOrEqual
        case .greater: self = .greater
        case .greaterOrEqual: self = .greaterOrEqual
        case .in: self = .in
        case .plus: self = .add
        case .minus: self = .subtract
        case .star: self = .multiply
        case .slash: self = .divide
        case .percent: self = .remainder
        default: return nil
        }
    }

    /// How tightly it binds its operands.
    var precedence: Int {
        switch self {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in: 1
        case .add, .subtract: 2
        case .multiply, .divide, .remainder: 3
        }
    }
}

enum Macro: String {
    case all, exists, map, filter
    case existsOne = "exists_one"
}

/// The functions there are, each with the ways to call it.
enum Function: String {
    case size
    case contains, startsWith, endsWith
    case bool, bytes, double, duration, dyn, int, string, timestamp, type, uint
    case getFullYear, getMonth, getDayOfYear, getDayOfMonth, getDate, getDayOfWeek
    case getHours, getMinutes, getSeconds, getMilliseconds

    func accepts(argumentCount: Int, asMember: Bool) -> Bool {
        switch self {
        case .size: argumentCount == (asMember ? 0 : 1)
        case .contains, .startsWith, .endsWith: asMember && argumentCount == 1
        case _ where isTimeGetter: asMember && argumentCount <= 1
        default: !asMember && argumentCount == 1
        }
    }

    /// How it is called, for a person.
    var usage: String {
        switch self {
        case .size: "size(x) or x.size()"
        case .contains, .startsWith, .endsWith: "text.\(rawValue)(part)"
        case _ where isTimeGetter: "moment.\(rawValue)() or moment.\(rawValue)(zone)"
        default: "\(rawValue)(x)"
        }
    }

    private var isTimeGetter: Bool { rawValue.hasPrefix("get") }
}
