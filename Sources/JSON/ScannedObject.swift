internal import Glibc

/// The members of an object in a text, found and not read yet: who knows what it looks for reads that, and makes no tree of
/// the rest. The text is checked when they are found, and its bytes must outlive this.
package struct ScannedObject {
    private struct Member {
        var name: StringToken
        var value: Range<Int>
    }

    private let scanner: JSONScanner
    private var members: [Member] = []

    /// Without members.
    package init() { scanner = JSONScanner(UnsafeRawBufferPointer(start: nil, count: 0)) }

    /// Finds those of the object at the cursor, which then stands behind it.
    package init(_ cursor: inout JSONScanner) throws(JSONError) {
        scanner = cursor
        members.reserveCapacity(8)
        try cursor.beginObject()
        var first = true
        while let name = try cursor.nextKey(first: &first) {
            members.append(Member(name: name, value: try cursor.skipValue()))
        }
    }

    /// The value of a member, of one that is repeated the last; nil where there is none.
    package subscript(name: StaticString) -> ScannedValue? {
        for index in members.indices.reversed() where scanner.reads(name, at: members[index].name) {
            return ScannedValue(UnsafeRawBufferPointer(rebasing: scanner.bytes[members[index].value]))
        }
        return nil
    }

    /// The object as a value, where all of it is wanted.
    package var value: JSONValue {
        .object(
            JSONObject(
                members.lazy.map { member in
                    let value = ScannedValue(UnsafeRawBufferPointer(rebasing: scanner.bytes[member.value]))
                    return (scanner.text(of: member.name), value.value)
                }))
    }
}

/// A value in a text, found and not read yet.
package struct ScannedValue {
    /// Nothing but the value.
    private let text: UnsafeRawBufferPointer

    fileprivate init(_ text: UnsafeRawBufferPointer) { self.text = text }

    /// Finds the value at the cursor, which then stands behind it.
    package init(_ cursor: inout JSONScanner) throws(JSONError) {
        text = UnsafeRawBufferPointer(rebasing: cursor.bytes[try cursor.skipValue()])
    }

    package var string: String? {
        text[0] == .quote ? JSONScanner(text).string(in: 1..<text.count - 1) : nil
    }

    package var bool: Bool? {
        switch text[0] {
        case UInt8(ascii: "t"): true
        case UInt8(ascii: "f"): false
        default: nil
        }
    }

    /// The integer, when it is written as one and fits.
    package var int: Int? {
        guard text[0] == .minus || text[0].isDigit else { return nil }
        return JSONNumber(scanned: text, isInteger: text.dropFirst().allSatisfy(\.isDigit)).int
    }

    package var object: ScannedObject? {
        var cursor = JSONScanner(text)
        return text[0] == .openBrace ? try? ScannedObject(&cursor) : nil
    }

    package var value: JSONValue {
        // The text was checked when it was found.
        (try? JSONValue(parsing: text)) ?? .null
    }
}

extension JSONScanner {
    fileprivate func reads(_ name: StaticString, at token: StringToken) -> Bool {
        if token.isEscaped { return text(of: token) == name.description }
        return token.range.count == name.utf8CodeUnitCount
            && memcmp(bytes.baseAddress! + token.range.lowerBound, name.utf8Start, token.range.count) == 0
    }
}
