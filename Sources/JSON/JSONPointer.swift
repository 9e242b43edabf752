/// A path into a value (RFC 6901).
package struct JSONPointer: Sendable {
    package private(set) var tokens: [String]

    /// The whole value.
    package init() { tokens = [] }

    package init(tokens: [String]) { self.tokens = tokens }

    /// Nil when the text is not a pointer: it must be empty or begin with a slash, and `~` stands only in `~0` and `~1`.
    package init?(parsing text: String) {
        var tokens: [String] = []
        for part in text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let token = Self.unescape(part) else { return nil }
            tokens.append(token)
        }
        guard tokens.first?.isEmpty ?? true else { return nil }
        self.tokens = Array(tokens.dropFirst())
    }

    package func appending(_ name: String) -> JSONPointer {
        var longer = self
        longer.tokens.append(name)
        return longer
    }

    package func appending(_ index: Int) -> JSONPointer { appending(String(index)) }

    package func appending(_ path: JSONPointer) -> JSONPointer { JSONPointer(tokens: tokens + path.tokens) }

    mutating func append(_ token: String) { tokens.append(token) }

    mutating func removeLast() { tokens.removeLast() }

    /// The value that the pointer leads to; nil when there is none.
    package func resolve(in root: JSONValue) -> JSONValue? {
        var value = root
        for token in tokens {
            let next =
                switch value {
                case .object(let members): members[token]
                case .array(let elements): Self.index(token).flatMap { JSONValue.array(elements)[$0] }
                default: JSONValue?.none
                }
            guard let next else { return nil }
            value = next
        }
        return value
    }

    /// Digits without a leading zero.
    private static func index(_ token: String) -> Int? {
        guard token.utf8.allSatisfy(\.isDigit), token == "0" || token.utf8.first != .zero else { return nil }
        return Int(token)
    }

    private static func unescape(_ part: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        var rest = part
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "~") else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "0"): bytes.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): bytes.append(UInt8(ascii: "/"))
            default: return nil
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension JSONPointer: Hashable {
    /// As names in an object, tokens are equal when their scalars are.
    package static func == (left: JSONPointer, right: JSONPointer) -> Bool {
        left.tokens.count == right.tokens.count && zip(left.tokens, right.tokens).allSatisfy { $0.isIdentical(to: $1) }
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(tokens) }
}

extension JSONPointer: CustomStringConvertible {
    package var description: String {
        var text = ""
        for token in tokens {
            text += "/"
            for scalar in token.unicodeScalars {
                switch scalar {
                case "~": text += "~0"
                case "/": text += "~1"
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
        return text
    }
}
