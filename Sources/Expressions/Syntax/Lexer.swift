/// Cuts the text into tokens, one at a time, so that what follows an expression in a template is never looked at.
struct Lexer {
    let bytes: [UInt8]
    var position: Int

    init(_ bytes: [UInt8], from position: Int) {
        self.bytes = bytes
        self.position = position
    }

    mutating func next() throws(Failure) -> Token {
        skipBlanks()
        let start = position
        let kind = try kind()
        return Token(kind: kind, range: start..<position)
    }

    func byte(_ ahead: Int = 0) -> UInt8? {
        position + ahead < bytes.count ? bytes[position + ahead] : nil
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    func failure(_ message: String, at offset: Int? = nil) -> Failure {
        Failure(reason: .syntax(message), offset: offset ?? position)
    }

    /// White space, and comments from two slashes to the end of the line.
    private mutating func skipBlanks() {
        while let byte = byte() {
            if byte.isWhitespace {
                position += 1
            } else if byte == .slash, self.byte(1) == .slash {
                position = bytes[position...].firstIndex(of: .newline) ?? bytes.count
            } else {
                return
            }
        }
    }

    private mutating func kind() throws(Failure) -> Token.Kind {
        guard let byte = byte() else { return .end }
        if let literal = try quoted() { return literal }
        if byte.beginsName { return name() }
        if byte.isDigit || byte == .dot && self.byte(1)?.isDigit == true { return try number() }
        if byte == .backtick { return try quotedName() }
        guard let sign = Sign(at: bytes[position...]) else {
            throw failure("An expression cannot hold \(describe(unexpected: byte)) here.")
        }
        position += sign.rawValue.utf8.count
        return .sign(sign)
    }

    private mutating func name() -> Token.Kind {
        let start = position
        while let byte = byte(), byte.continuesName { position += 1 }
        switch text(start..<position) {
        case "in": return .sign(.in)
        case "true": return .sign(.true)
        case "false": return .sign(.false)
        case "null": return .sign(.null)
        case let name: return .identifier(name)
        }
    }

    private mutating func quotedName() throws(Failure) -> Token.Kind {
        let start = position + 1
        position = start
        while let byte = byte(), byte.continuesName || ".-/ ".utf8.contains(byte) { position += 1 }
        guard byte() == .backtick, position > start else {
            throw failure(
                "A name between backticks has letters, digits and `_.-/ `, and ends with a backtick.", at: start - 1)
        }
        position += 1
        return .quotedName(text(start..<position - 1))
    }

    private func describe(unexpected byte: UInt8) -> String {
        let scalar = String(decoding: bytes[position...].prefix(4), as: UTF8.self).unicodeScalars.first!
        if byte == UInt8(ascii: "=") { return "a single `=` (`==` compares)" }
        if byte == UInt8(ascii: "&") || byte == UInt8(ascii: "|") {
            return "a single `\(scalar)` (it is `\(scalar)\(scalar)`)"
        }
        return scalar.value < 0x20 || scalar.value == 0x7F ? "a control character" : "`\(scalar)`"
    }
}

extension Sign {
    /// The longest sign that the text begins with; the words are names to the lexer.
    fileprivate init?(at text: ArraySlice<UInt8>) {
        let candidates = text.first.map { Self.byFirstByte[Int($0)] } ?? []
        guard let sign = candidates.first(where: { text.starts(with: $0.rawValue.utf8) }) else { return nil }
        self = sign
    }

    /// The longer ones first.
    private static let byFirstByte: [[Sign]] = (0...UInt8.max).map { byte in
        let candidates = allCases.filter { $0.rawValue.utf8.first == byte }
        return candidates.sorted { $0.rawValue.utf8.count > $1.rawValue.utf8.count }
    }
}
