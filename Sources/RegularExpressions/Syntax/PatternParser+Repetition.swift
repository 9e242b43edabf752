extension PatternParser {
    /// The greatest count of RE2; in ECMA-262 the size of the program alone sets a limit.
    private static let greatestCount = 1000

    /// Takes `*`, `+`, `?` or `{…}`; nil, and takes nothing, when none of them follows. Braces that are not of the form
    /// mean themselves.
    mutating func repetitionBounds() throws(RegularExpressionError) -> (least: Int, most: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        let start = rest
        guard take("{") else { return nil }
        guard let least = number() else {
            reset(to: start)
            return nil
        }
        let most = take(",") ? number() : least
        guard take("}") else {
            reset(to: start)
            return nil
        }
        let isInOrder = most.map { least <= $0 } ?? true
        let greatest = dialect == .re2 ? Self.greatestCount : Fragment.greatestCount
        guard isInOrder, max(least, most ?? 0) <= greatest else {
            reset(to: start)
            let limit = isInOrder ? "more than \(greatest)" : "more at least than at most"
            throw error("This repeats \(limit).")
        }
        return (least, most)
    }

    /// Digits as a number; one beyond every limit when it is too great to matter.
    private mutating func number() -> Int? {
        var value: Int?
        while let digit = rest.first, "0"..."9" ~= digit {
            value = min((value ?? 0) * 10 + Int(digit.value - 0x30), Fragment.greatestCount + 1)
            _ = advance()
        }
        return value
    }
}
