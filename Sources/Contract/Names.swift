import JSON

/// What shapes are called in the clients' languages.
extension Contract.Method {
    /// `run/create` is `RunCreate`, `$/cancelRequest` `CancelRequest`.
    var typeName: String {
        name.split { $0 == "/" || $0 == "$" || $0 == "." }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    var paramsName: String { typeName + "Params" }

    /// A result that is a named shape goes by that name.
    var resultName: String? {
        guard let result else { return nil }
        return result.reference ?? typeName + "Result"
    }
}

extension JSONValue {
    /// The name of the shape that this schema refers to.
    var reference: String? { self["$ref"]?.string?.split(separator: "/").last.map(String.init) }

    /// The schemas that a value may fit one of, and whether it may be null as well.
    var alternatives: (schemas: [JSONValue], orNull: Bool) {
        let isNull: JSONValue = ["type": "null"]
        if let schemas = self["anyOf"]?.array { return (schemas.filter { $0 != isNull }, schemas.contains(isNull)) }
        guard let type = self["type"]?.array?.first, var schema = object else { return ([self], false) }
        schema["type"] = type
        schema["enum"] = schema["enum"]?.array.map { .array($0.filter { !$0.isNull }) }
        return ([.object(schema)], true)
    }

    /// The members of an object whose members are known.
    var properties: [(name: String, schema: JSONValue, isRequired: Bool)]? {
        guard let properties = self["properties"]?.object else { return nil }
        let required = Set(self["required"]?.array?.compactMap(\.string) ?? [])
        return properties.map { ($0.key, $0.value, required.contains($0.key)) }
    }
}
