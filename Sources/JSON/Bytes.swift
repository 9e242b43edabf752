/// The bytes that JSON's grammar names.
extension UInt8 {
    static var quote: UInt8 { 0x22 }
    static var backslash: UInt8 { 0x5C }
    static var comma: UInt8 { 0x2C }
    static var colon: UInt8 { 0x3A }
    static var openBrace: UInt8 { 0x7B }
    static var closeBrace: UInt8 { 0x7D }
    static var openBracket: UInt8 { 0x5B }
    static var closeBracket: UInt8 { 0x5D }
    static var minus: UInt8 { 0x2D }
    static var plus: UInt8 { 0x2B }
    static var dot: UInt8 { 0x2E }
    static var zero: UInt8 { 0x30 }
    static var newline: UInt8 { 0x0A }
    static var space: UInt8 { 0x20 }

    var isDigit: Bool { self &- .zero < 10 }
    var isContinuation: Bool { self & 0xC0 == 0x80 }

    var hexDigit: UInt32? {
        switch self {
        case 0x30...0x39: UInt32(self) - 0x30
        case 0x41...0x46: UInt32(self) - 0x37
        case 0x61...0x66: UInt32(self) - 0x57
        default: nil
        }
    }
}

/// Eight bytes of a string, looked at together.
struct Octet {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    private let word: UInt64

    init(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// How many bytes precede the first quote, backslash, control character or byte outside ASCII; 8 when there is none.
    var plainASCII: Int { ((mustEscape | word) & Self.highBits).trailingZeroBitCount >> 3 }

    /// Whether none of these bytes, nor of the other ones, is a quote, a backslash or a control character.
    func isVerbatim(with other: Octet) -> Bool { (mustEscape | other.mustEscape) & Self.highBits == 0 }

    /// How many bytes precede the first quote, backslash or control character; 8 when there is none.
    var verbatim: Int { (mustEscape & Self.highBits).trailingZeroBitCount >> 3 }

    /// The high bit of a byte tells. A borrow can mark a byte wrongly, but only above one that is marked rightly.
    private var mustEscape: UInt64 {
        let backslash = word ^ (Self.ones &* UInt64(UInt8.backslash))
        // To flip this bit swaps the space and the quote, and leaves controls and all others on their sides of 0x21.
        let isControlOrQuote = (word ^ (Self.ones &* 0x02)) &- Self.ones &* 0x21
        return (isControlOrQuote | (backslash &- Self.ones)) & ~word
    }
}
