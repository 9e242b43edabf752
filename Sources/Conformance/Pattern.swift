package import JSON

/// What a message looks like whose ids and times are known only when it is said.
///
/// A pattern is JSON in which an object with one of these members alone stands for a value: `{"$id": NAME}` a string or an integer that is
/// the same wherever the name stands, `{"$time": true}` a moment, `{"$text": true}` a string, `{"$number": true}` a number, `{"$any": true}`
/// anything. An object may have members that its pattern has not.
package struct Pattern: Sendable, Hashable {
    package var json: JSONValue

    package init(_ json: JSONValue) { self.json = json }

    /// Whether a value looks like this. What its names stand for is learnt when it does.
    package func matches(_ value: JSONValue, _ names: inout [String: JSONValue]) -> Bool {
        var learnt = names
        guard Self.matches(json, value, &learnt) else { return false }
        names = learnt
        return true
    }

    /// The message, with what its names stand for.
    package func filled(_ names: [String: JSONValue]) throws(FixtureError) -> JSONValue {
        try Self.fill(json, names)
    }

    /// A message that looks like this, with values of nobody's making where it leaves them open.
    func madeUp(_ names: inout [String: JSONValue]) -> JSONValue { Self.makeUp(json, &names) }

    private static func matches(_ pattern: JSONValue, _ value: JSONValue, _ names: inout [String: JSONValue]) -> Bool {
        if let placeholder = Placeholder(pattern) { return placeholder.takes(value, &names) }
        switch (pattern, value) {
        case (.object(let members), .object(let values)):
            return members.allSatisfy { member in
                values[member.key].map { matches(member.value, $0, &names) } ?? false
            }
        case (.array(let patterns), .array(let values)):
            return patterns.count == values.count && zip(patterns, values).allSatisfy { matches($0, $1, &names) }
        default: return pattern == value
        }
    }

    private static func makeUp(_ pattern: JSONValue, _ names: inout [String: JSONValue]) -> JSONValue {
        if let placeholder = Placeholder(pattern) { return placeholder.madeUp(&names) }
        switch pattern {
        case .object(let members):
            var made = JSONObject()
            for (key, value) in members { made[key] = makeUp(value, &names) }
            return .object(made)
        case .array(let elements): return .array(elements.map { makeUp($0, &names) })
        default: return pattern
        }
    }

    private static func fill(_ pattern: JSONValue, _ names: [String: JSONValue]) throws(FixtureError) -> JSONValue {
        if case .id(let name)? = Placeholder(pattern) {
            guard let value = names[name] else { throw FixtureError("nothing was called \"\(name)\" yet") }
            return value
        }
        switch pattern {
        case .object(let members):
            var filled = JSONObject()
            for (key, value) in members { filled[key] = try fill(value, names) }
            return .object(filled)
        case .array(let elements):
            var filled: [JSONValue] = []
            for element in elements { filled.append(try fill(element, names)) }
            return .array(filled)
        default: return pattern
        }
    }
}

/// A value that a pattern leaves open.
enum Placeholder {
    case id(String)
    case time, text, number, any

    init?(_ json: JSONValue) {
        guard case .object(let members) = json, members.count == 1,
            let (key, value) = members.first(where: { _ in true })
        else { return nil }
        switch (key, value) {
        case ("$id", .string(let name)): self = .id(name)
        case ("$time", true): self = .time
        case ("$text", true): self = .text
        case ("$number", true): self = .number
        case ("$any", true): self = .any
        default: return nil
        }
    }

    var json: JSONValue {
        switch self {
        case .id(let name): ["$id": .string(name)]
        case .time: ["$time": true]
        case .text: ["$text": true]
        case .number: ["$number": true]
        case .any: ["$any": true]
        }
    }

    func takes(_ value: JSONValue, _ names: inout [String: JSONValue]) -> Bool {
        switch self {
        case .id(let name):
            if let known = names[name] { return known == value }
            guard value.string?.isEmpty == false || value.int != nil else { return false }
            names[name] = value
            return true
        case .time: return value.string.map(Self.isTime) ?? false
        case .text: return value.string != nil
        case .number: return value.number != nil
        case .any: return true
        }
    }

    func madeUp(_ names: inout [String: JSONValue]) -> JSONValue {
        switch self {
        case .id(let name):
            let value = names[name] ?? .string(name)
            names[name] = value
            return value
        case .time: return "2026-01-31T09:30:00.000Z"
        case .text: return "Something that a person reads."
        case .number: return 1
        // What recordings leave open as a whole are lists.
        case .any: return []
        }
    }

    /// RFC 3339, in UTC, with milliseconds.
    static func isTime(_ text: String) -> Bool {
        let pattern = "dddd-dd-ddTdd:dd:dd.dddZ"
        return text.utf8.count == pattern.utf8.count
            && zip(text.utf8, pattern.utf8).allSatisfy { byte, mark in
                mark == UInt8(ascii: "d") ? (0x30...0x39).contains(byte) : byte == mark
            }
    }
}
