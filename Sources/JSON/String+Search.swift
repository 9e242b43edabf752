// The standard library's own search is in a module of regular expressions, which makes an executable a megabyte larger:
// the package does without it.

extension StringProtocol {
    /// Whether a text is part of this one, byte for byte.
    package func holds(_ part: some StringProtocol) -> Bool { place(of: part) != nil }

    /// Where a text first stands in this one, byte for byte.
    package func place(of part: some StringProtocol) -> Range<Index>? {
        let length = part.utf8.count
        var (start, left) = (startIndex, utf8.count)
        while left >= length {
            if utf8[start...].starts(with: part.utf8) { return start..<utf8.index(start, offsetBy: length) }
            guard left > 0 else { return nil }
            start = utf8.index(after: start)
            left -= 1
        }
        return nil
    }
}
