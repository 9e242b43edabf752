package import JSON

/// What the messages of a session must fit, ready to be applied.
package struct MessageSchemas: Sendable {
    /// One method's messages. What is sent must have the described members and no other.
    package struct Entry: Sendable {
        package var isNotification: Bool
        package var isSentByService: Bool
        package var isTakenByService: Bool
        package var params: JSONSchema
        package var result: JSONSchema?
        package var errors: Set<String>
        /// Whether it is also refused with kinds that somebody else made.
        package var hasOtherErrors: Bool
    }

    private let entries: [String: Entry]
    /// Kinds of errors that any request may be refused with.
    package let commonErrors: Set<String>

    package init(_ document: JSONValue) throws(SchemaError) {
        let contract = Contract(document)
        var entries: [String: Entry] = [:]
        for method in contract.methods {
            let definitions = Self.closed(MessageSchema.of(method, in: contract)["$defs"] ?? [:])
            entries[method.name] = Entry(
                isNotification: method.isNotification, isSentByService: method.isSentByService,
                isTakenByService: method.isTakenByService, params: try Self.schema("params", definitions),
                result: method.result == nil ? nil : try Self.schema("result", definitions),
                errors: Set(method.errors),
                hasOtherErrors: method.json["x-otherErrors"]?.bool ?? false)
        }
        self.entries = entries
        commonErrors = Set(contract.errorsOfAnyRequest)
    }

    package var methods: [String] { entries.keys.sorted() }

    package subscript(method: String) -> Entry? { entries[method] }

    private static func schema(_ name: String, _ definitions: JSONValue) throws(SchemaError) -> JSONSchema {
        try JSONSchema(["$ref": .string("#/$defs/" + name), "$defs": definitions])
    }

    /// The same for objects that have no other members than those described.
    private static func closed(_ schema: JSONValue) -> JSONValue {
        switch schema {
        case .array(let elements): return .array(elements.map(closed))
        case .object(let members):
            var object = JSONObject(members.map { ($0.key, closed($0.value)) })
            if schema["type"] != nil, schema["properties"] != nil { object["additionalProperties"] = false }
            return .object(object)
        default: return schema
        }
    }
}
