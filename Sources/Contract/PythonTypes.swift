import JSON

/// The types of the Python client: `TypedDict`s that Python 3.9 reads, where a member is either required or not by the class it stands in.
struct PythonTypes {
    private var text = ""

    static func text(of contract: Contract) -> String {
        var types = PythonTypes()
        types.text = """
            \"""The messages of Fermata's protocol \(contract.version).

            Written by `fermata schema`: change the service's description instead.
            \"""

            from __future__ import annotations

            from typing import Any, Dict, List, Literal, Optional, TypedDict, Union

            """
        for (name, schema) in contract.schemas { types.declare(name, schema) }
        for method in contract.methods {
            types.declare(method.paramsName, method.paramsSchema, summary: method.json["summary"]?.string)
            if let result = method.result, result.reference == nil { types.declare(method.typeName + "Result", result) }
        }
        let kinds = contract.errors.keys.map { "    \"\($0)\",\n" }.joined()
        return types.text + "\n\nErrorKind = Literal[\n\(kinds)]\n"
    }

    private mutating func declare(_ name: String, _ schema: JSONValue, summary: String? = nil) {
        guard let properties = schema.properties else {
            return text += "\n\n\(name) = \(type(of: schema, name))\n"
        }
        let fields = properties.map { property in
            let inner = name + property.name.prefix(1).uppercased() + property.name.dropFirst()
            return Field(
                name: property.name, type: type(of: property.schema, inner), isRequired: property.isRequired)
        }
        let reserved = fields.filter { Self.keywords.contains($0.name) }
        let named = fields.filter { !Self.keywords.contains($0.name) }
        let (required, optional) = (named.filter(\.isRequired), named.filter { !$0.isRequired })
        var bases: [String] = []
        if !reserved.isEmpty { bases.append(declareReserved(reserved, of: name)) }
        if !required.isEmpty, !optional.isEmpty {
            text += "\n\nclass _\(name)(TypedDict):\n" + Self.lines(required)
            bases.append("_" + name)
        }
        if bases.isEmpty { bases = ["TypedDict"] }
        if !optional.isEmpty { bases.append("total=False") }
        text += "\n\nclass \(name)(\(bases.joined(separator: ", "))):\n"
        let own = optional.isEmpty ? required : optional
        if let summary { text += "    \"\"\"\(summary)\"\"\"\n" + (own.isEmpty ? "" : "\n") }
        text += summary == nil && own.isEmpty ? "    pass\n" : Self.lines(own)
    }

    /// What the language has words of its own for cannot be said in a class.
    private mutating func declareReserved(_ fields: [Field], of name: String) -> String {
        let base = "_\(name)Reserved"
        let members = fields.map { "\"\($0.name)\": \($0.type)" }.joined(separator: ", ")
        let total = fields.allSatisfy(\.isRequired) ? "" : ", total=False"
        text += "\n\n\(base) = TypedDict(\"\(base)\", {\(members)}\(total))\n"
        return base
    }

    private static let keywords: Set = [
        "from", "import", "class", "in", "is", "not", "with", "as", "for", "if", "pass",
    ]

    private struct Field {
        var name: String
        var type: String
        var isRequired: Bool
    }

    private static func lines(_ fields: [Field]) -> String {
        fields.map { "    \($0.name): \($0.type)\n" }.joined()
    }

    /// Declares the objects that the type is made of, under names that begin with `name`.
    private mutating func type(of schema: JSONValue, _ name: String) -> String {
        if let name = schema.reference { return "\"\(name)\"" }
        let (schemas, orNull) = schema.alternatives
        if schemas.count > 1 || orNull {
            var types: [String] = []
            for schema in schemas { types.append(type(of: schema, name)) }
            let union = types.count == 1 ? types[0] : "Union[\(types.joined(separator: ", "))]"
            return orNull ? "Optional[\(union)]" : union
        }
        if let values = schema["enum"]?.array { return "Literal[\(values.map(\.description).joined(separator: ", "))]" }
        switch schema["type"]?.string {
        case "null": return "None"
        case "boolean": return "bool"
        case "integer": return "int"
        case "number": return "float"
        case "string": return "str"
        case "array": return "List[\(type(of: schema["items"] ?? [:], name + "Item"))]"
        case "object":
            if schema.properties != nil {
                declare(name, schema)
                return "\"\(name)\""
            }
            return "Dict[str, \(schema["additionalProperties"].map { type(of: $0, name) } ?? "Any")]"
        default: return "Any"
        }
    }
}
