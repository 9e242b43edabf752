/// What stands around a string and before it.
private struct Quotes {
    var mark: UInt8
    var isTriple = false
    var isRaw = false
    var isBytes = false
}

extension Lexer {
    /// A string or bytes; nil, with nothing consumed, when no such literal begins here.
    mutating func quoted() throws(Failure) -> Token.Kind? {
        let start = position
        guard let quotes = openingQuotes() else { return nil }
        var content: [UInt8] = []
        while true {
            guard let byte = byte() else { throw failure("This string has no closing quote.", at: start) }
            if byte == quotes.mark, !quotes.isTriple || self.byte(1) == byte && self.byte(2) == byte {
                position += quotes.isTriple ? 3 : 1
                break
            }
            if !quotes.isTriple, byte == .newline || byte == .carriageReturn {
                throw failure("This string has no closing quote on its line.", at: start)
            }
            if byte == .backslash, !quotes.isRaw {
                try escape(quotes, &content)
            } else {
                content.append(byte)
                position += 1
            }
        }
        return quotes.isBytes ? .bytes(content) : .string(String(decoding: content, as: UTF8.self))
    }

    private mutating func openingQuotes() -> Quotes? {
        var quotes = Quotes(mark: 0)
        var ahead = 0
        if let byte = byte(), byte | 0x20 == UInt8(ascii: "b") {
            quotes.isBytes = true
            ahead += 1
        }
        if let byte = byte(ahead), byte | 0x20 == UInt8(ascii: "r") {
            quotes.isRaw = true
            ahead += 1
        }
        guard let mark = byte(ahead), mark == .singleQuote || mark == .doubleQuote else { return nil }
        quotes.mark = mark
        quotes.isTriple = byte(ahead + 1) == mark && byte(ahead + 2) == mark
        position += ahead + (quotes.isTriple ? 3 : 1)
        return quotes
    }

    private mutating func escape(_ quotes: Quotes, _ content: inout [UInt8]) throws(Failure) {
        let start = position
        guard let letter = byte(1) else { throw failure("This string has no closing quote.") }
        position += 2
        let code: UInt32?
        switch letter {
        case .backslash, .singleQuote, .doubleQuote, .backtick, UInt8(ascii: "?"): code = UInt32(letter)
        case UInt8(ascii: "a"): code = 0x07
        case UInt8(ascii: "b"): code = 0x08
        case UInt8(ascii: "t"): code = 0x09
        case UInt8(ascii: "n"): code = 0x0A
        case UInt8(ascii: "v"): code = 0x0B
        case UInt8(ascii: "f"): code = 0x0C
        case UInt8(ascii: "r"): code = 0x0D
        case UInt8(ascii: "x"), UInt8(ascii: "X"): code = digits(2, base: 16)
        case UInt8(ascii: "u") where !quotes.isBytes: code = digits(4, base: 16)
        case UInt8(ascii: "U") where !quotes.isBytes: code = digits(8, base: 16)
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            position -= 1
            code = digits(3, base: 8)
        default: code = nil
        }
        guard let code else {
            throw failure("No such escape: a backslash itself is written `\\\\`, or in a raw string r'…'.", at: start)
        }
        if quotes.isBytes {
            content.append(UInt8(code))
        } else if let scalar = Unicode.Scalar(code) {
            content.append(contentsOf: UTF8.encode(scalar)!)
        } else {
            throw failure("This escape names no Unicode scalar.", at: start)
        }
    }

    private mutating func digits(_ count: Int, base: UInt32) -> UInt32? {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard let digit = byte()?.hexDigit, digit < base else { return nil }
            value = value * base + digit
            position += 1
        }
        return value
    }
}
