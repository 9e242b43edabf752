extension Lexer {
    mutating func number() throws(Failure) -> Token.Kind {
        let start = position
        if byte() == UInt8(ascii: "0"), byte(1) == UInt8(ascii: "x") || byte(1) == UInt8(ascii: "X") {
            position += 2
            skip { $0.hexDigit != nil }
            return try integer(start, digitsFrom: start + 2, radix: 16)
        }
        skip(\.isDigit)
        var isDouble = false
        if byte() == .dot, byte(1)?.isDigit == true {
            isDouble = true
            position += 1
            skip(\.isDigit)
        }
        if byte() == UInt8(ascii: "e") || byte() == UInt8(ascii: "E") {
            isDouble = true
            position += 1
            if byte() == UInt8(ascii: "+") || byte() == .minus { position += 1 }
            guard byte()?.isDigit == true else { throw failure("The exponent of a number needs a digit.") }
            skip(\.isDigit)
        }
        guard isDouble else { return try integer(start, digitsFrom: start, radix: 10) }
        try expectEndOfNumber()
        guard let value = Double(text(start..<position)), value.isFinite else {
            throw failure("This number is too great for a double.", at: start)
        }
        return .double(value)
    }

    private mutating func integer(_ start: Int, digitsFrom: Int, radix: Int) throws(Failure) -> Token.Kind {
        guard position > digitsFrom else { throw failure("A hexadecimal number needs a digit.") }
        let value = UInt64(text(digitsFrom..<position), radix: radix)
        let isUnsigned = byte() == UInt8(ascii: "u") || byte() == UInt8(ascii: "U")
        if isUnsigned { position += 1 }
        try expectEndOfNumber()
        guard let value else { throw failure("This integer does not fit 64 bits.", at: start) }
        return isUnsigned ? .uint(value) : .int(magnitude: value)
    }

    private func expectEndOfNumber() throws(Failure) {
        if byte()?.continuesName == true { throw failure("A number and a name need something between them.") }
    }

    private mutating func skip(_ matches: (UInt8) -> Bool) {
        while let byte = byte(), matches(byte) { position += 1 }
    }
}
