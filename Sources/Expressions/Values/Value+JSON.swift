internal import Calendar
internal import JSON

extension Value {
    /// The value as JSON. What came from JSON and was not computed with is what it was.
    func json(_ budget: inout Budget) throws(Reason) -> JSONValue {
        switch self {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .number(let number): return .number(number)
        case .int(let value): return .number(JSONNumber(value))
        case .uint(let value): return .number(JSONNumber(value))
        case .string(let text): return .string(text)
        case .list(.json(let elements)): return .array(elements)
        case .map(.json(let members)): return .object(members)
        case .double(let value):
            guard let number = JSONNumber(value) else { throw .notJSON("JSON has no infinity and no NaN.") }
            return .number(number)
        case .timestamp(let moment): return .string(moment.description)
        case .duration(let span): return .string(span.description)
        case .bytes(let bytes):
            try budget.spend(copying: bytes.count)
            return .string(base64(bytes))
        case .list(.values(let elements)):
            // A list can hold one value many times over, so it is only now that it takes all of its room.
            try budget.spend(elements.count)
            return .array(try elements.map { element throws(Reason) in try element.json(&budget) })
        case .map(.entries(let entries)):
            try budget.spend(entries.pairs.count)
            var object = JSONObject(minimumCapacity: entries.pairs.count)
            for (key, value) in entries.pairs {
                guard case .string(let name) = key else { throw .notJSON("The keys of a JSON object are strings.") }
                object.set(name, to: try value.json(&budget))
            }
            return .object(object)
        case .type(let type):
            throw .notJSON("A type (`\(type.rawValue)`) is no JSON value; `string(…)`, `int(…)` and such convert.")
        }
    }

    /// The value in the midst of text: null is nothing, a string is itself, all else is compact JSON.
    func text(_ budget: inout Budget) throws(Reason) -> String {
        let text: String
        switch try json(&budget) {
        case .null: return ""
        case .string(let string): text = string
        case let json: text = json.serialized()
        }
        try budget.spend(copying: text.utf8.count)
        return text
    }

    /// A key of a map in a message.
    var keyText: String {
        switch self {
        case .null: "null"
        case .string(let text): text
        case .bool(let value): String(value)
        case .double(let value): String(value)
        case .int(let value): String(value)
        case .uint(let value): "\(value)u"
        case .number(let number): number.text
        default: type.rawValue
        }
    }
}

/// RFC 4648, with padding.
private func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
        for place in 0..<4 {
            text.append(place > group.count ? UInt8(ascii: "=") : digits[bits >> (18 - 6 * place) & 63])
        }
    }
    return String(decoding: text, as: UTF8.self)
}
