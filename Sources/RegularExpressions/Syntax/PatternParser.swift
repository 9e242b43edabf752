/// Recursive descent over a pattern; what it has read has already become instructions.
struct PatternParser {
    /// Of groups within groups.
    static let greatestDepth = 128

    let dialect: RegularExpression.Dialect
    let pattern: String
    private(set) var rest: Substring.UnicodeScalarView
    var flags = Flags()
    var groupNames: Set<String> = []
    private var classes: [ScalarClass] = []
    /// The places in `classes` of scalars whose case does not matter.
    private var foldedScalars: [UInt32: Int32] = [:]
    private var depth = 0

    struct Flags {
        var ignoresCase = false
        var isMultiline = false
        var dotTakesNewlines = false
    }

    init(_ pattern: String, _ dialect: RegularExpression.Dialect) {
        self.pattern = pattern
        self.dialect = dialect
        rest = Substring(pattern).unicodeScalars
    }

    mutating func wholeProgram() throws(RegularExpressionError) -> Program {
        let greatest = RegularExpression.greatestLength
        guard pattern.utf8.count <= greatest else {
            throw error("A pattern may be \(greatest) bytes long, and this one is longer.", at: 0)
        }
        let fragment = try alternation()
        guard rest.isEmpty else { throw error("This `)` closes nothing.") }
        return Program(fragment, classes: classes)
    }

    /// Sequences between `|`, up to a `)` or the end.
    mutating func alternation() throws(RegularExpressionError) -> Fragment {
        guard depth <= Self.greatestDepth else {
            throw error("Groups may be nested \(Self.greatestDepth) deep, and these are deeper.")
        }
        depth += 1
        defer { depth -= 1 }
        let start = offset
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        guard branches.count > 1 else { return branches[0] }
        return try sized(at: start) { () throws(Fragment.TooGreat) in try Fragment(anyOf: branches) }
    }

    private mutating func sequence() throws(RegularExpressionError) -> Fragment {
        var result = Fragment()
        while let next = rest.first, next != "|", next != ")" {
            let start = offset
            let part = dialect == .re2 && take("\\Q") ? try quotation() : try repetition()
            try sized(at: start) { () throws(Fragment.TooGreat) in try result.append(part) }
        }
        return result
    }

    /// Everything up to `\E`, or the end, as it stands. A repetition after it belongs to its last scalar.
    private mutating func quotation() throws(RegularExpressionError) -> Fragment {
        var result = Fragment()
        while !rest.isEmpty, !take("\\E") {
            let start = offset
            let scalar = fragment(for: advance().value)
            let isLast = take("\\E")
            let part = isLast ? try repeated(scalar, from: start) : scalar
            try sized(at: start) { () throws(Fragment.TooGreat) in try result.append(part) }
            if isLast { break }
        }
        return result
    }

    private mutating func repetition() throws(RegularExpressionError) -> Fragment {
        let start = offset
        let quantified = rest
        if try repetitionBounds() != nil {
            rest = quantified
            throw error("There is nothing here to repeat.")
        }
        return try repeated(try atom(), from: start)
    }

    /// The fragment as often as the repetition says that may follow it.
    private mutating func repeated(_ fragment: Fragment, from start: Int) throws(RegularExpressionError) -> Fragment {
        guard let (least, most) = try repetitionBounds() else { return fragment }
        // Whether it prefers few or many, it matches the same texts.
        _ = take("?")
        let end = offset
        if try repetitionBounds() != nil { throw error("A repetition cannot be repeated; a group can.", at: end) }
        return try sized(at: start) { () throws(Fragment.TooGreat) in try fragment.repeated(from: least, to: most) }
    }

    /// Runs what can make the program greater than it may be.
    private func sized<Result>(
        at start: Int, _ body: () throws(Fragment.TooGreat) -> Result
    ) throws(RegularExpressionError) -> Result {
        do throws(Fragment.TooGreat) {
            return try body()
        } catch {
            let message = "The pattern needs more than \(Fragment.greatestCount) instructions, repetitions written out."
            throw self.error(message, at: start)
        }
    }
}

extension PatternParser {
    /// UTF-8 bytes into the pattern.
    var offset: Int { pattern.utf8.distance(from: pattern.startIndex, to: rest.startIndex) }

    func error(_ message: String, at place: Int? = nil) -> RegularExpressionError {
        RegularExpressionError(message: message, offset: place ?? offset)
    }

    /// The next scalar, which is there.
    mutating func advance() -> Unicode.Scalar { rest.removeFirst() }

    mutating func take(_ text: String) -> Bool {
        guard rest.starts(with: text.unicodeScalars) else { return false }
        rest.removeFirst(text.unicodeScalars.count)
        return true
    }

    /// Takes everything before the terminator, and the terminator; nil when there is none.
    mutating func takeText(upTo terminator: Unicode.Scalar) -> String? {
        guard let end = rest.firstIndex(of: terminator) else { return nil }
        defer { rest = rest[rest.index(after: end)...] }
        return String(rest[..<end])
    }

    /// Puts the cursor back to where it was.
    mutating func reset(to place: Substring.UnicodeScalarView) { rest = place }

    mutating func fragment(for value: UInt32) -> Fragment {
        guard flags.ignoresCase, let scalar = Unicode.Scalar(value), scalar.properties.isCased else {
            return Fragment(.scalar(value))
        }
        if let place = foldedScalars[value] { return Fragment(.oneOf(place)) }
        let folded = fragment(for: ScalarClass([value...value]))
        foldedScalars[value] = Int32(classes.count - 1)
        return folded
    }

    mutating func fragment(for scalarClass: ScalarClass, isNegated: Bool = false) -> Fragment {
        classes.append(scalarClass.sealed(isNegated: isNegated, foldsCase: flags.ignoresCase))
        return Fragment(.oneOf(Int32(classes.count - 1)))
    }
}
