extension PatternParser {
    /// Outside of brackets, cursor after the backslash.
    mutating func escape(from start: Int) throws(RegularExpressionError) -> Fragment {
        if let assertion = takeAssertion() { return Fragment(.assert(assertion)) }
        if let scalarClass = try escapedClass(from: start) { return fragment(for: scalarClass) }
        return fragment(for: try escapedScalar(from: start, inBrackets: false))
    }

    private mutating func takeAssertion() -> Assertion? {
        if take("b") { return .wordBoundary }
        if take("B") { return .noWordBoundary }
        guard dialect == .re2 else { return nil }
        if take("A") { return .textStart }
        if take("z") { return .textEnd }
        return nil
    }

    /// Takes `d`, `w`, `s`, `p…` or one of their capitals; nil when another letter follows.
    mutating func escapedClass(from start: Int) throws(RegularExpressionError) -> ScalarClass? {
        guard let letter = rest.first else { return nil }
        if let named = ScalarClass(letter: letter, dialect) {
            _ = advance()
            return named
        }
        guard letter == "p" || letter == "P" else { return nil }
        _ = advance()
        var name: String?
        if take("{") {
            name = takeText(upTo: "}")
        } else if dialect == .re2, !rest.isEmpty {
            name = String(advance())
        }
        var isNegated = letter == "P"
        if dialect == .re2, let negatedName = name, negatedName.hasPrefix("^") {
            name = String(negatedName.dropFirst())
            isNegated.toggle()
        }
        guard let name, let named = ScalarClass(unicodeName: name, dialect) else {
            throw error("There is no class of Unicode of this name.", at: start)
        }
        return isNegated ? named.inverted : named
    }

    /// Cursor after the backslash. The value may be a surrogate in ECMA-262.
    mutating func escapedScalar(from start: Int, inBrackets: Bool) throws(RegularExpressionError) -> UInt32 {
        guard !rest.isEmpty else { throw error("A backslash ends the pattern.", at: start) }
        let letter = advance()
        switch letter {
        case "f": return 0x0C
        case "n": return 0x0A
        case "r": return 0x0D
        case "t": return 0x09
        case "v": return 0x0B
        case "a" where dialect == .re2: return 0x07
        case "b" where dialect == .ecma && inBrackets: return 0x08
        case "c" where dialect == .ecma: return try control(from: start)
        case "u" where dialect == .ecma: return try codeUnits(from: start)
        case "x": return try hexadecimal(from: start)
        case "0"..."9": return try octal(letter, from: start)
        case "k" where dialect == .ecma: throw backreference(at: start)
        case _ where letter.isASCII && !letter.properties.isAlphabetic: return letter.value
        default: throw error("There is no escape of this form.", at: start)
        }
    }

    private mutating func control(from start: Int) throws(RegularExpressionError) -> UInt32 {
        guard let letter = rest.first, letter.isASCII, letter.properties.isAlphabetic else {
            throw error("A letter follows `\\c`.", at: start)
        }
        return advance().value % 32
    }

    /// `\uXXXX`, two of them for a pair of surrogates, or `\u{…}`.
    private mutating func codeUnits(from start: Int) throws(RegularExpressionError) -> UInt32 {
        if take("{") { return try braced(from: start) }
        let unit = try digits(exactly: 4, from: start)
        guard 0xD800...0xDBFF ~= unit else { return unit }
        let afterFirst = rest
        if take("\\u"), rest.first != "{" {
            let second = try digits(exactly: 4, from: start)
            if 0xDC00...0xDFFF ~= second { return 0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00) }
        }
        reset(to: afterFirst)
        return unit
    }

    private mutating func hexadecimal(from start: Int) throws(RegularExpressionError) -> UInt32 {
        if dialect == .re2, take("{") { return try braced(from: start) }
        return try digits(exactly: 2, from: start)
    }

    private mutating func digits(exactly count: Int, from start: Int) throws(RegularExpressionError) -> UInt32 {
        let text = String(rest.prefix(count))
        guard text.utf8.count == count, let value = hexadecimalValue(text) else {
            throw error("\(count) hexadecimal digits are needed here.", at: start)
        }
        _ = take(text)
        return value
    }

    private mutating func braced(from start: Int) throws(RegularExpressionError) -> UInt32 {
        guard let text = takeText(upTo: "}"), let value = hexadecimalValue(text), value <= Unicode.Scalar.greatest
        else {
            throw error("Between the braces stands the hexadecimal number of a scalar, up to 10FFFF.", at: start)
        }
        return value
    }

    private func hexadecimalValue(_ text: String) -> UInt32? {
        guard text.unicodeScalars.allSatisfy(\.properties.isASCIIHexDigit) else { return nil }
        return UInt32(text, radix: 16)
    }

    /// RE2 has up to three octal digits, ECMA-262 a zero alone; what else begins with a digit is a backreference.
    private mutating func octal(_ first: Unicode.Scalar, from start: Int) throws(RegularExpressionError) -> UInt32 {
        let isFollowed = rest.first.map { "0"..."7" ~= $0 } ?? false
        switch dialect {
        case .ecma:
            if first == "0", !isFollowed { return 0 }
            throw first == "0" ? error("There are no octal escapes here.", at: start) : backreference(at: start)
        case .re2:
            guard "0"..."7" ~= first, first == "0" || isFollowed else { throw backreference(at: start) }
            var value = first.value - 0x30
            for _ in 0..<2 {
                guard let digit = rest.first, "0"..."7" ~= digit else { break }
                value = value * 8 + advance().value - 0x30
            }
            return value
        }
    }

    private func backreference(at start: Int) -> RegularExpressionError {
        error("Backreferences are not supported: a match must take a time in proportion to the text.", at: start)
    }
}
