struct Token {
    enum Kind: Equatable {
        case end
        /// A name, and also a reserved word.
        case identifier(String)
        /// A name between backticks, which may follow a dot.
        case quotedName(String)
        /// Without a sign: the parser looks whether a minus precedes it.
        case int(magnitude: UInt64)
        case uint(UInt64)
        case double(Double)
        case string(String)
        case bytes([UInt8])
        case sign(Sign)
    }

    var kind: Kind
    var range: Range<Int>
}

/// The signs and the words of the grammar.
enum Sign: String, CaseIterable {
    case equal = "==", notEqual = "!=", lessOrEqual = "<=", greaterOrEqual = ">=", and = "&&", or = "||"
    case less = "<", greater = ">", plus = "+", minus = "-", star = "*", slash = "/", percent = "%", not = "!"
    case question = "?", colon = ":", comma = ",", dot = "."
    case openParenthesis = "(", closeParenthesis = ")", openBracket = "[", closeBracket = "]"
    case openBrace = "{", closeBrace = "}"
    case `in`, `true`, `false`, null
}

/// The bytes that CEL's lexis names.
extension UInt8 {
    static var newline: UInt8 { 0x0A }
    static var carriageReturn: UInt8 { 0x0D }
    static var doubleQuote: UInt8 { 0x22 }
    static var dollar: UInt8 { 0x24 }
    static var singleQuote: UInt8 { 0x27 }
    static var minus: UInt8 { 0x2D }
    static var dot: UInt8 { 0x2E }
    static var slash: UInt8 { 0x2F }
    static var backslash: UInt8 { 0x5C }
    static var underscore: UInt8 { 0x5F }
    static var backtick: UInt8 { 0x60 }
    static var openBrace: UInt8 { 0x7B }

    /// As in Go and JSON: no vertical tab.
    var isWhitespace: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0C || self == 0x0D }
    var isDigit: Bool { self &- 0x30 < 10 }
    var beginsName: Bool { (self | 0x20) &- 0x61 < 26 || self == .underscore }
    var continuesName: Bool { beginsName || isDigit }

    var hexDigit: UInt32? {
        switch self {
        case 0x30...0x39: UInt32(self) - 0x30
        case 0x41...0x46: UInt32(self) - 0x37
        case 0x61...0x66: UInt32(self) - 0x57
        default: nil
        }
    }
}
