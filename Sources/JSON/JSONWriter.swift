/// What can write itself as one JSON value.
package protocol JSONEncodable {
    func write(to writer: inout JSONWriter)
}

/// Appends JSON to a buffer. It sets the commas itself, by a look at the last byte; the caller balances the brackets.
/// A newline ends a text, so several texts can stand in one buffer, a line each.
package struct JSONWriter: Sendable {
    package var bytes: [UInt8] = []

    package init() {}

    package init(reservingCapacity capacity: Int) { bytes.reserveCapacity(capacity) }

    package mutating func removeAll(keepingCapacity: Bool) { bytes.removeAll(keepingCapacity: keepingCapacity) }

    package mutating func null() { literal("null") }

    package mutating func bool(_ value: Bool) { literal(value ? "true" : "false") }

    package mutating func int(_ value: Int) {
        separate()
        appendDigits(of: value)
    }

    package mutating func number(_ value: JSONNumber) {
        separate()
        append(value)
    }

    package mutating func string(_ value: String) {
        separate()
        appendQuoted(value)
    }

    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .number(let value): number(value)
        case .string(let value): string(value)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let members):
            beginObject()
            for index in members.members.indices {
                field(named: members.members[index].key, members.members[index].value)
            }
            endObject()
        }
    }

    package mutating func value(_ value: some JSONEncodable) { value.write(to: &self) }

    /// The text of one whole value, without white space around it.
    package mutating func raw(_ text: [UInt8]) {
        separate()
        bytes.append(contentsOf: text)
    }

    /// The members of an object as they stand between its braces; there may be none.
    package mutating func members(_ text: ArraySlice<UInt8>) {
        guard !text.isEmpty else { return }
        separate()
        text.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// A member's name that needs no escape.
    package mutating func key(_ key: StaticString) { appendKey(key) }

    /// Any member's name.
    package mutating func key(named key: String) {
        separate()
        appendQuoted(key)
        bytes.append(.colon)
    }

    package mutating func beginObject() { open(.openBrace) }
    package mutating func endObject() { bytes.append(.closeBrace) }
    package mutating func beginArray() { open(.openBracket) }
    package mutating func endArray() { bytes.append(.closeBracket) }
}

// Most members are a name and a scalar, which is one growth of the buffer.
extension JSONWriter {
    package mutating func field(_ key: StaticString, _ value: Int) { appendField(key, value) }

    package mutating func field(_ key: StaticString, _ value: Bool) {
        self.key(key)
        bool(value)
    }

    package mutating func field(_ key: StaticString, _ value: String) { appendField(key, value) }

    package mutating func field(_ key: StaticString, _ value: JSONValue) {
        if case .string(let text) = value { return appendField(key, text) }
        self.key(key)
        self.value(value)
    }

    package mutating func field(_ key: StaticString, _ value: some JSONEncodable) {
        self.key(key)
        self.value(value)
    }

    package mutating func field(named key: String, _ value: JSONValue) {
        self.key(named: key)
        self.value(value)
    }
}

extension JSONWriter {
    private mutating func separate() {
        if needsComma { bytes.append(.comma) }
    }

    @inline(__always)
    var needsComma: Bool {
        switch bytes.last {
        case nil, .openBrace, .openBracket, .colon, .comma, .newline: false
        default: true
        }
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
    }

    private mutating func literal(_ text: StaticString) {
        separate()
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

extension JSONValue: JSONEncodable {
    package func write(to writer: inout JSONWriter) { writer.value(self) }
}
