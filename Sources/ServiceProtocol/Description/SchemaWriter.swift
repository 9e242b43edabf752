import JSON
import RPC

/// Writes shapes as JSON Schemas (2020-12), and keeps those that have names.
struct SchemaWriter {
    private(set) var named = JSONObject()

    mutating func schema(of shape: Shape) -> JSONObject {
        switch shape {
        case .any: return [:]
        case .null: return ["type": "null"]
        case .boolean: return ["type": "boolean"]
        case .integer(let least):
            var schema: JSONObject = ["type": "integer"]
            schema["minimum"] = least.map { .number(JSONNumber($0)) }
            return schema
        case .number: return ["type": "number"]
        case .string: return ["type": "string"]
        case .text(let pattern): return ["type": "string", "pattern": .string("^\(pattern)$")]
        case .moment:
            let pattern: JSONValue = #"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"#
            return ["type": "string", "format": "date-time", "pattern": pattern]
        case .choice(let names): return ["type": "string", "enum": .array(names.map { .string($0) })]
        case .list(let element): return ["type": "array", "items": .object(schema(of: element))]
        case .map(.any): return ["type": "object"]
        case .map(let value): return ["type": "object", "additionalProperties": .object(schema(of: value))]
        case .object(let members): return object(members)
        case .either(let shapes):
            var alternatives: [JSONValue] = []
            for shape in shapes { alternatives.append(.object(schema(of: shape))) }
            return ["anyOf": .array(alternatives)]
        case .named(let name, let shape):
            if named[name] == nil {
                // Its place is taken before what it refers to.
                named[name] = [:]
                named[name] = .object(schema(of: shape))
            }
            return ["$ref": .string("#/components/schemas/" + name)]
        }
    }

    /// What a member may be: also null, where that counts as absent.
    mutating func schema(of member: Members.Member, in members: Members) -> JSONObject {
        let schema = schema(of: member.shape)
        guard members.acceptsNull, !member.isRequired, !schema.isEmpty else { return schema }
        if let alternatives = schema["anyOf"]?.array { return ["anyOf": .array(alternatives + [["type": "null"]])] }
        guard let type = schema["type"] else { return ["anyOf": [.object(schema), ["type": "null"]]] }
        var orNull = schema
        orNull["type"] = [type, "null"]
        if let values = schema["enum"]?.array { orNull["enum"] = .array(values + [.null]) }
        return orNull
    }

    private mutating func object(_ members: Members) -> JSONObject {
        if let others = members.others { return schema(of: .map(others)) }
        var properties = JSONObject()
        for member in members.all {
            var schema = schema(of: member, in: members)
            schema["description"] = .string(member.summary)
            properties[member.name] = .object(schema)
        }
        var object: JSONObject = ["type": "object", "properties": .object(properties)]
        let required = members.all.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { object["required"] = .array(required) }
        return object
    }
}
