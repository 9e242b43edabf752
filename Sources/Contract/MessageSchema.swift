import JSON

/// The JSON Schema of one message: the root describes the message as it is sent, `$defs` its `params`, its `result`, and the named shapes
/// that they are made of. Each stands for itself: it refers to nothing outside of it.
enum MessageSchema {
    static func of(_ method: Contract.Method, in contract: Contract) -> JSONValue {
        var definitions: JSONObject = ["params": method.paramsSchema]
        definitions["result"] = method.result
        var open = Array(definitions.map(\.value))
        while let schema = open.popLast() {
            for name in names(in: schema) where definitions[name] == nil {
                let named = contract.schemas[name] ?? true
                definitions[name] = named
                open.append(named)
            }
        }
        var root: JSONObject = [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": .string(method.fileName),
            "title": .string(method.name), "description": method.json["summary"] ?? "",
            "type": "object",
        ]
        var members: JSONObject = ["jsonrpc": ["const": "2.0"]]
        if !method.isNotification { members["id"] = ["type": ["string", "integer", "null"]] }
        members["method"] = ["const": .string(method.name)]
        members["params"] = ["$ref": "#/$defs/params"]
        root["properties"] = .object(members)
        var required: [JSONValue] = method.isNotification ? ["jsonrpc", "method"] : ["jsonrpc", "id", "method"]
        if method.params.contains(where: \.isRequired) { required.append("params") }
        root["required"] = .array(required)
        root["x-direction"] = .string(method.direction)
        root["$defs"] = .object(JSONObject(definitions.map { ($0.key, local($0.value)) }))
        return .object(root)
    }

    private static let prefix = "#/components/schemas/"

    private static func names(in schema: JSONValue) -> [String] {
        switch schema {
        case .array(let elements): elements.flatMap(names)
        case .object(let members):
            members.flatMap { member -> [String] in
                guard member.key == "$ref", let target = member.value.string, target.hasPrefix(prefix) else {
                    return names(in: member.value)
                }
                return [String(target.dropFirst(prefix.count))]
            }
        default: []
        }
    }

    /// The same with references to where the shapes stand here.
    static func local(_ schema: JSONValue) -> JSONValue {
        switch schema {
        case .array(let elements): return .array(elements.map(local))
        case .object(let members):
            return .object(
                JSONObject(
                    members.map { member -> (String, JSONValue) in
                        guard member.key == "$ref", let target = member.value.string, target.hasPrefix(prefix) else {
                            return (member.key, local(member.value))
                        }
                        return ("$ref", .string("#/$defs/" + target.dropFirst(prefix.count)))
                    }))
        default: return schema
        }
    }
}
