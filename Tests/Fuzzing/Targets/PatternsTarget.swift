import RegularExpressions

/// A pattern is compiled or refused, and matches in linear time: the first byte says in which dialect, the first line
/// is the pattern, the rest the text.
func checkPattern(_ bytes: UnsafeRawBufferPointer) throws(BrokenPromise) {
    guard let first = bytes.first else { return }
    let dialect: RegularExpression.Dialect = first & 1 == 0 ? .re2 : .ecma
    let lines = UnsafeRawBufferPointer(rebasing: bytes[1...]).split(separator: UInt8(ascii: "\n"), maxSplits: 1)
    let parts = lines.map { UnsafeRawBufferPointer(rebasing: $0).text }
    guard let source = parts.first, let pattern = try? RegularExpression(source, dialect: dialect) else { return }
    let text = parts.dropFirst().first ?? source
    // Each instruction is visited at most once at each place, its ends included, and a visit is at most a few steps.
    let bound = 4 * (pattern.size + 1) * (text.unicodeScalars.count + 2)
    var steps = bound
    let matches = pattern.matches(text, spending: &steps)
    try promise(matches != nil, "\(source) is matched within \(bound) steps.")
    try promise(pattern.matches(text) == matches, "\(source) always says the same.")
    // A group, or a choice between two of it, is the pattern itself; the longer one may go beyond a limit.
    for other in ["(?:\(source))", "(?:\(source))|(?:\(source))"] where dialect == .ecma || !source.contains("\\Q") {
        guard let other = try? RegularExpression(other, dialect: dialect) else { continue }
        try promise(other.matches(text) == matches, "\(other.pattern) matches as \(source) does.")
    }
}
