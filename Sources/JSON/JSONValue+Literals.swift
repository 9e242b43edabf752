extension JSONValue {
    package init(_ value: Bool) { self = .bool(value) }
    package init(_ value: Int) { self = .number(JSONNumber(value)) }
    package init(_ value: String) { self = .string(value) }
    package init(_ elements: [JSONValue]) { self = .array(elements) }
    package init(_ members: JSONObject) { self = .object(members) }

    /// Nil for infinities and for what is not a number.
    package init?(_ value: Double) {
        guard let number = JSONNumber(value) else { return nil }
        self = .number(number)
    }
}

extension JSONValue: ExpressibleByNilLiteral {
    /// Where an optional `JSONValue` is built in a larger expression, `nil` may mean this null: write `Optional.none`
    /// for no value at all.
    package init(nilLiteral: ()) { self = .null }
}

extension JSONValue: ExpressibleByBooleanLiteral {
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSONValue: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
}

extension JSONValue: ExpressibleByFloatLiteral {
    /// A literal too great for a `Double` is a mistake of the program.
    package init(floatLiteral value: Double) { self = .number(JSONNumber(value)!) }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) { self = .string(value) }
}

extension JSONValue: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral members: (String, JSONValue)...) {
        var object = JSONObject(minimumCapacity: members.count)
        for (key, value) in members { object.set(key, to: value) }
        self = .object(object)
    }
}
