package import JSON

/// Why a file of configuration is not taken.
package struct ConfigurationProblem: Error, Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        /// It is not what was expected.
        case invalid
        /// It is fine, and not for a workspace to say.
        case forbidden
    }

    package var kind: Kind
    package var file: String
    /// Counted from 1; nil where the file cannot be read at all.
    package var place: TextPosition?
    /// The member that is wrong.
    package var pointer: JSONPointer
    /// A sentence without the file and the place.
    package var complaint: String
    package var hint: String?

    /// One sentence that names the file, the place and what was expected.
    package var message: String { "\(file)\(place.map { ":\($0.line):\($0.column)" } ?? ""): \(complaint)" }
}

/// A place in a text, as editors count it, the column in bytes.
package struct TextPosition: Sendable, Hashable {
    package var line: Int
    package var column: Int

    init(of offset: Int, in bytes: [UInt8]) {
        let before = bytes[..<min(max(offset, 0), bytes.count)]
        line = 1 + before.count { $0 == UInt8(ascii: "\n") }
        column = 1 + before.count - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0)
    }
}

extension JSONPointer {
    /// Where in a text of JSON the member that this leads to begins, by its name; of what is not there where it would be.
    func offset(in bytes: [UInt8]) -> Int {
        bytes.withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            // The text has been read before, so it is JSON.
            return (try? Self.offset(tokens[...], &scanner)) ?? 0
        }
    }

    private static func offset(_ tokens: ArraySlice<String>, _ scanner: inout JSONScanner) throws(JSONError) -> Int {
        let start = scanner.peek() == nil ? 0 : scanner.offset
        guard let token = tokens.first else { return start }
        var first = true
        switch scanner.peek() {
        case UInt8(ascii: "{"):
            try scanner.beginObject()
            while let name = try scanner.nextMember(first: &first) {
                let quoted = UnsafeRawBufferPointer(
                    rebasing: scanner.bytes[(name.lowerBound - 1)..<(name.upperBound + 1)])
                if (try? JSONValue(parsing: Array(quoted))) == .string(token) {
                    return tokens.count == 1 ? name.lowerBound - 1 : try offset(tokens.dropFirst(), &scanner)
                }
                try scanner.skipValue()
            }
        case UInt8(ascii: "["):
            try scanner.beginArray()
            var index = 0
            while try scanner.nextElement(first: &first) {
                if String(index) == token { return try offset(tokens.dropFirst(), &scanner) }
                try scanner.skipValue()
                index += 1
            }
        default: break
        }
        return start
    }
}
