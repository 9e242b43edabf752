internal import Glibc

/// A string that equals only the same scalars: CEL does not normalize.
struct Text: Hashable, Sendable {
    let string: String

    init(_ string: String) { self.string = string }

    static func == (left: Text, right: Text) -> Bool { left.string.isIdentical(to: right.string) }

    /// By the bytes: a string's own hash normalizes, which is slow outside of ASCII.
    func hash(into hasher: inout Hasher) {
        var string = string
        string.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension String {
    func isIdentical(to other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        return withBytes(self, other) { memcmp($0.baseAddress!, $1.baseAddress!, $0.count) == 0 }
    }

    /// The order of the bytes in UTF-8, which is that of the code points.
    func order(_ other: String) -> Order {
        withBytes(self, other) { left, right in
            let difference = memcmp(left.baseAddress!, right.baseAddress!, min(left.count, right.count))
            return difference == 0 ? Order(left.count, right.count) : Order(difference, 0)
        }
    }

    /// The number of Unicode scalars.
    var scalarCount: Int {
        var text = self
        return text.withUTF8 { $0.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) } }
    }

    /// Takes time linear in both lengths, whatever they hold.
    func holds(_ other: String) -> Bool {
        withBytes(self, other) { text, sought in
            guard let first = sought.first else { return true }
            let borders = borders(of: sought)
            var (position, matched) = (0, 0)
            while position < text.count {
                if matched == 0 {
                    guard let next = memchr(text.baseAddress! + position, Int32(first), text.count - position)
                    else { return false }
                    position = UnsafeRawPointer(text.baseAddress!).distance(to: next)
                }
                while matched > 0, text[position] != sought[matched] { matched = borders[matched - 1] }
                if text[position] == sought[matched] { matched += 1 }
                if matched == sought.count { return true }
                position += 1
            }
            return false
        }
    }

    func begins(with other: String) -> Bool {
        let count = other.utf8.count
        guard utf8.count >= count else { return false }
        return withBytes(self, other) { memcmp($0.baseAddress!, $1.baseAddress!, count) == 0 }
    }

    func ends(with other: String) -> Bool {
        let count = other.utf8.count
        guard utf8.count >= count else { return false }
        return withBytes(self, other) { memcmp($0.baseAddress! + $0.count - count, $1.baseAddress!, count) == 0 }
    }
}

/// Calls `body` with the bytes of both; a native string, even an empty one, has an address.
private func withBytes<Result>(
    _ left: String, _ right: String,
    _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Result
) -> Result {
    var (left, right) = (left, right)
    return left.withUTF8 { left in right.withUTF8 { body(left, $0) } }
}

/// For each prefix, the length of the longest proper prefix of it that is also its suffix: how much of a match is left
/// when the next byte differs (Knuth, Morris and Pratt).
private func borders(of sought: UnsafeBufferPointer<UInt8>) -> [Int] {
    var borders = [0]
    borders.reserveCapacity(sought.count)
    var matched = 0
    for byte in sought.dropFirst() {
        while matched > 0, byte != sought[matched] { matched = borders[matched - 1] }
        if byte == sought[matched] { matched += 1 }
        borders.append(matched)
    }
    return borders
}
