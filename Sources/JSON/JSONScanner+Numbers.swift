/// Where a number stands, and whether it has neither a fraction nor an exponent.
struct NumberToken {
    var range: Range<Int>
    var isInteger: Bool
}

extension JSONScanner {
    /// Steps over the number at the cursor.
    mutating func number() throws(JSONError) -> NumberToken {
        let start = offset
        if current == .minus { offset &+= 1 }
        try skipIntegerPart(from: start)
        var isInteger = true
        if current == .dot {
            isInteger = false
            offset &+= 1
            try skipDigits("A number needs a digit after its point")
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isInteger = false
            offset &+= 1
            if current == .plus || current == .minus { offset &+= 1 }
            try skipDigits("A number needs a digit in its exponent")
        }
        return NumberToken(range: start..<offset, isInteger: isInteger)
    }

    private var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipIntegerPart(from start: Int) throws(JSONError) {
        guard let lead = current, lead.isDigit else {
            let looksNumeric = offset > start || current == .plus || current == .dot
            guard looksNumeric else { throw unexpected("a value") }
            throw JSONError(.badNumber, at: offset, "A number must begin with a digit, or a minus and a digit,")
        }
        offset &+= 1
        guard current?.isDigit == true else { return }
        guard lead != .zero else { throw JSONError(.badNumber, at: offset, "A number must not begin with a zero") }
        skipDigits()
    }

    private mutating func skipDigits(_ complaint: StaticString) throws(JSONError) {
        guard let first = current, first.isDigit else { throw JSONError(.badNumber, at: offset, "\(complaint)") }
        skipDigits()
    }

    private mutating func skipDigits() {
        while offset < bytes.count && bytes[offset].isDigit { offset &+= 1 }
    }
}
