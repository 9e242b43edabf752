/// A pattern, compiled once, that tells whether it matches anywhere in a text.
///
/// A match takes time in proportion to the length of the text times the size of the program, whatever the pattern: all
/// ways through the program are followed at once and none is tried again. So nothing that would need to go back is
/// understood: no backreferences, no lookaround. Texts are matched by Unicode scalars, without normalization.
package struct RegularExpression: Sendable {
    package enum Dialect: Sendable {
        /// The syntax of RE2, as CEL prescribes it.
        case re2
        /// The syntax of ECMA-262 with the `u` flag, as JSON Schema prescribes it. Punctuation may be escaped, or stand
        /// unescaped where it can mean nothing else, which the flag alone would forbid.
        case ecma
    }

    /// Of a pattern, in UTF-8 bytes.
    package static let greatestLength = 20_000

    /// The pattern as it was written.
    package let pattern: String
    let program: Program

    /// Refuses what is not a pattern, and what is longer than `greatestLength`, nests deeper than
    /// `PatternParser.greatestDepth` or needs more than `Fragment.greatestCount` instructions.
    package init(_ pattern: String, dialect: Dialect = .re2) throws(RegularExpressionError) {
        self.pattern = pattern
        var parser = PatternParser(pattern, dialect)
        program = try parser.wholeProgram()
    }

    /// The number of its instructions, which a short pattern can make large.
    package var size: Int { program.instructions.count }

    /// Whether the pattern matches some part of the text.
    package func matches(_ text: String) -> Bool {
        var steps = Int.max
        return matches(text, spending: &steps) ?? false
    }

    /// Whether the pattern matches some part of the text; nil when that takes more than `steps`, which are counted down.
    /// A step is a visit of one instruction at one place of the text, some nanoseconds.
    package func matches(_ text: String, spending steps: inout Int) -> Bool? {
        var matcher = Matcher(program, steps)
        defer { steps = matcher.steps }
        return matcher.search(text)
    }
}
