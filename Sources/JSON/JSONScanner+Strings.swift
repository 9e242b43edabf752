internal import Glibc

/// Where a string stands between its quotes, and whether it must be unescaped.
struct StringToken {
    var range: Range<Int>
    var isEscaped: Bool
}

extension JSONScanner {
    /// The text of a string or a name whose raw range this scanner returned: without quotes, with escapes resolved.
    package func string(in range: Range<Int>) -> String {
        guard let start = bytes.baseAddress else { return "" }
        let backslash = memchr(start + range.lowerBound, Int32(UInt8.backslash), range.count)
        return text(of: StringToken(range: range, isEscaped: backslash != nil))
    }

    /// Steps over the string whose opening quote is at the cursor.
    @inline(__always)
    mutating func string() throws(JSONError) -> StringToken {
        offset &+= 1
        let start = offset
        skipPlainOctets()
        guard offset < bytes.count, bytes[offset] == .quote else { return try restOfString(from: start) }
        offset &+= 1
        return StringToken(range: start..<(offset &- 1), isEscaped: false)
    }

    func text(of token: StringToken) -> String {
        let raw = UnsafeRawBufferPointer(rebasing: bytes[token.range])
        guard token.isEscaped else { return String(decoding: raw, as: UTF8.self) }
        // An escape is never shorter than what it stands for.
        return String(unsafeUninitializedCapacity: raw.count) { unescape(raw, into: $0) }
    }
}

extension JSONScanner {
    /// The slower way, for what is escaped, outside ASCII, or near the end of the bytes.
    @inline(never)
    private mutating func restOfString(from start: Int) throws(JSONError) -> StringToken {
        var isEscaped = false
        while true {
            skipPlainOctets()
            guard offset < bytes.count else { throw unexpected("the closing quote of a string") }
            switch bytes[offset] {
            case .quote:
                offset &+= 1
                return StringToken(range: start..<(offset &- 1), isEscaped: isEscaped)
            case .backslash:
                isEscaped = true
                try skipEscape()
            case 0..<0x20:
                throw JSONError(.controlCharacter, at: offset, "A control character in a string must be escaped")
            case 0x80...:
                try skipMultibyte()
            default:
                offset &+= 1
            }
        }
    }

    @inline(__always)
    private mutating func skipPlainOctets() {
        var next = offset
        while next &+ 8 <= bytes.count {
            let plain = Octet(bytes, at: next).plainASCII
            guard plain == 8 else {
                next &+= plain
                break
            }
            next &+= 8
        }
        offset = next
    }

    /// Steps over scalars outside ASCII, each in the one shortest form that UTF-8 allows.
    private mutating func skipMultibyte() throws(JSONError) {
        repeat {
            let length = multibyteLength
            guard length > 0 else { throw JSONError(.invalidUTF8, at: offset, "The text is not UTF-8") }
            offset &+= length
        } while offset < bytes.count && bytes[offset] >= 0x80
    }

    /// The bytes of the well-formed scalar at the cursor, 0 when it is none (the Unicode Standard, table 3-7).
    private var multibyteLength: Int {
        let lead = bytes[offset]
        let length: Int
        let second: ClosedRange<UInt8>
        switch lead {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return 0
        }
        guard offset &+ length <= bytes.count, second.contains(bytes[offset &+ 1]) else { return 0 }
        for index in 2..<max(length, 2) where !bytes[offset &+ index].isContinuation { return 0 }
        return length
    }

    private mutating func skipEscape() throws(JSONError) {
        let start = offset
        offset &+= 1
        guard offset < bytes.count else { throw unexpected("the rest of an escape") }
        switch bytes[offset] {
        case .quote, .backslash, UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset &+= 1
        case UInt8(ascii: "u"):
            try skipUnicodeEscape(from: start)
        default:
            throw JSONError(.badEscape, at: start, "A string has an unknown escape")
        }
    }

    private mutating func skipUnicodeEscape(from start: Int) throws(JSONError) {
        offset &+= 1
        let unit = try codeUnit()
        guard unit & 0xF800 == 0xD800 else { return }
        let isHigh = unit < 0xDC00
        guard isHigh, offset &+ 2 <= bytes.count, bytes[offset] == .backslash, bytes[offset &+ 1] == UInt8(ascii: "u")
        else { throw JSONError(.loneSurrogate, at: start, "A string has half a surrogate pair") }
        offset &+= 2
        guard try codeUnit() & 0xFC00 == 0xDC00 else {
            throw JSONError(.loneSurrogate, at: start, "A string has half a surrogate pair")
        }
    }

    /// Steps over the four hexadecimal digits of an escape.
    private mutating func codeUnit() throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard offset < bytes.count else { throw unexpected("four hexadecimal digits") }
            guard let digit = bytes[offset].hexDigit else {
                throw JSONError(.badEscape, at: offset, "An escape needs four hexadecimal digits")
            }
            unit = unit << 4 | digit
            offset &+= 1
        }
        return unit
    }
}

/// Resolves the escapes of a string that the scanner has accepted; returns how many bytes it wrote.
private func unescape(_ raw: UnsafeRawBufferPointer, into text: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var (offset, count) = (0, 0)
    while offset < raw.count {
        let byte = raw[offset]
        offset += 1
        guard byte == .backslash else {
            text[count] = byte
            count += 1
            continue
        }
        let escape = raw[offset]
        offset += 1
        switch escape {
        case UInt8(ascii: "b"): text[count] = 0x08
        case UInt8(ascii: "f"): text[count] = 0x0C
        case UInt8(ascii: "n"): text[count] = 0x0A
        case UInt8(ascii: "r"): text[count] = 0x0D
        case UInt8(ascii: "t"): text[count] = 0x09
        case UInt8(ascii: "u"):
            for unit in UTF8.encode(escapedScalar(raw, &offset))! {
                text[count] = unit
                count += 1
            }
            continue
        default: text[count] = escape
        }
        count += 1
    }
    return count
}

private func escapedScalar(_ raw: UnsafeRawBufferPointer, _ offset: inout Int) -> Unicode.Scalar {
    func unit() -> UInt32 {
        defer { offset += 4 }
        return raw[offset..<offset + 4].reduce(0) { $0 << 4 | ($1.hexDigit ?? 0) }
    }
    let high = unit()
    guard high & 0xF800 == 0xD800 else { return Unicode.Scalar(high)! }
    offset += 2
    return Unicode.Scalar(0x10000 + (high & 0x3FF) << 10 + (unit() & 0x3FF))!
}
