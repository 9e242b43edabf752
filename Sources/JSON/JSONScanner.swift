/// A cursor over the bytes of a JSON text that checks RFC 8259 strictly as it moves, and allocates nothing.
///
/// It is the one place that knows the grammar: the reader drives it to build values, and the envelope scan of JSON-RPC
/// to find ranges. The bytes must outlive the scanner. After an error its position means nothing.
package struct JSONScanner {
    /// The deepest nesting that a text may have: enough for people, and little enough for every thread's stack.
    package static let greatestDepth = 512

    package let bytes: UnsafeRawBufferPointer
    /// Where the cursor stands. To set it is to promise that it stays within the bytes.
    package var offset = 0
    private let maximumDepth: Int
    private var depth = 0

    /// `maximumDepth` counts open arrays and objects, and is at most `greatestDepth`.
    package init(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int = Self.greatestDepth) {
        self.bytes = bytes
        self.maximumDepth = min(maximumDepth, Self.greatestDepth)
    }

    @inline(__always)
    package mutating func skipWhitespace() {
        while offset < bytes.count, bytes[offset] <= 0x20 {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset &+= 1
            default: return
            }
        }
    }

    /// The next byte that is not white space, where the cursor then stands; nil at the end.
    @inline(__always)
    package mutating func peek() -> UInt8? {
        skipWhitespace()
        return offset < bytes.count ? bytes[offset] : nil
    }

    /// Steps over one whole value and returns where it stood, without the white space around it.
    @discardableResult
    package mutating func skipValue() throws(JSONError) -> Range<Int> {
        let lead = try peekValue()
        let start = offset
        guard lead == .openBrace || lead == .openBracket else {
            try skipScalar()
            return start..<offset
        }
        var nesting = Nesting()
        var first = true
        repeat {
            if let container = nesting.innermost {
                let more = container == .object ? try nextKey(first: &first) != nil : try nextElement(first: &first)
                guard more else {
                    nesting.leave()
                    continue
                }
            }
            switch try peekValue() {
            case .openBrace:
                try beginObject()
                nesting.enter(.object)
                first = true
            case .openBracket:
                try beginArray()
                nesting.enter(.array)
                first = true
            default:
                try skipScalar()
            }
        } while nesting.innermost != nil
        return start..<offset
    }

    package mutating func beginObject() throws(JSONError) { try open(.openBrace, "an object") }

    package mutating func beginArray() throws(JSONError) { try open(.openBracket, "an array") }

    /// The range of the next member's name between its quotes, escapes and all; the cursor then stands at the value.
    /// Nil when the object has ended. Set `first` before the first call; the scanner clears it.
    package mutating func nextMember(first: inout Bool) throws(JSONError) -> Range<Int>? {
        try nextKey(first: &first)?.range
    }

    /// Whether another element follows, at which the cursor then stands. Set `first` before the first call.
    package mutating func nextElement(first: inout Bool) throws(JSONError) -> Bool {
        try advance(first: &first, close: .closeBracket, "',' or ']'")
    }

    /// Demands that nothing but white space is left.
    package mutating func expectEnd() throws(JSONError) {
        guard peek() != nil else { return }
        throw JSONError(.trailing, at: offset, "Expected the end of the text, found \(found)")
    }
}

extension JSONScanner {
    @inline(__always)
    mutating func nextKey(first: inout Bool) throws(JSONError) -> StringToken? {
        guard try advance(first: &first, close: .closeBrace, "',' or '}'") else { return nil }
        guard peek() == .quote else { throw unexpected("a member's name in quotes") }
        let key = try string()
        guard peek() == .colon else { throw unexpected("':'") }
        offset &+= 1
        skipWhitespace()
        return key
    }

    /// The first byte of the value that must stand here.
    @inline(__always)
    mutating func peekValue() throws(JSONError) -> UInt8 {
        guard let byte = peek() else { throw unexpected("a value") }
        return byte
    }

    @inline(__always)
    mutating func skipScalar() throws(JSONError) {
        switch try peekValue() {
        case .quote: _ = try string()
        case UInt8(ascii: "t"): try skipLiteral("true")
        case UInt8(ascii: "f"): try skipLiteral("false")
        case UInt8(ascii: "n"): try skipLiteral("null")
        default: _ = try number()
        }
    }

    mutating func skipLiteral(_ literal: StaticString) throws(JSONError) {
        let rest = min(literal.utf8CodeUnitCount, bytes.count - offset)
        for index in 0..<rest where bytes[offset &+ index] != literal.utf8Start[index] {
            offset += index
            throw unexpected("true, false or null")
        }
        offset &+= rest
        guard rest == literal.utf8CodeUnitCount else { throw unexpected("true, false or null") }
    }

    /// The complaint that `wanted` does not stand at the cursor.
    @inline(never)
    func unexpected(_ wanted: StaticString) -> JSONError {
        let kind: JSONError.Kind = offset < bytes.count ? .unexpectedByte : .unexpectedEnd
        return JSONError(kind, at: offset, "Expected \(wanted), found \(found)")
    }

    private var found: String {
        guard offset < bytes.count else { return "the end of the text" }
        let byte = bytes[offset]
        guard (0x21...0x7E).contains(byte) else { return "byte 0x" + String(byte, radix: 16, uppercase: true) }
        return "'\(Character(Unicode.Scalar(byte)))'"
    }

    @inline(__always)
    private mutating func open(_ bracket: UInt8, _ what: StaticString) throws(JSONError) {
        guard peek() == bracket else { throw unexpected(what) }
        guard depth < maximumDepth else {
            throw JSONError(.depth, at: offset, "Nested deeper than \(maximumDepth) arrays and objects")
        }
        depth &+= 1
        offset &+= 1
    }

    @inline(__always)
    private mutating func advance(first: inout Bool, close: UInt8, _ wanted: StaticString) throws(JSONError) -> Bool {
        let next = peek()
        if next == close {
            offset &+= 1
            depth &-= 1
            first = false
            return false
        }
        if first {
            guard next != nil else { throw unexpected(wanted) }
            first = false
            return true
        }
        guard next == .comma else { throw unexpected(wanted) }
        offset &+= 1
        return true
    }
}

/// Which containers are open, a bit each, so that stepping over a value needs neither recursion nor an allocation.
private struct Nesting {
    enum Container { case array, object }

    private var objects = InlineArray<8, UInt64>(repeating: 0)
    private var depth = 0

    var innermost: Container? {
        guard depth > 0 else { return nil }
        let level = depth &- 1
        return objects[level >> 6] >> UInt64(level & 63) & 1 == 1 ? .object : .array
    }

    mutating func enter(_ container: Container) {
        let bit: UInt64 = 1 << UInt64(depth & 63)
        switch container {
        case .object: objects[depth >> 6] |= bit
        case .array: objects[depth >> 6] &= ~bit
        }
        depth &+= 1
    }

    mutating func leave() { depth &-= 1 }
}
