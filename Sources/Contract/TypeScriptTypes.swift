import JSON

/// The types of the TypeScript client.
enum TypeScriptTypes {
    static func text(of contract: Contract) -> String {
        var text = """
            // The messages of Fermata's protocol \(contract.version). Written by `fermata schema`: change the service's description instead.

            export type Json = null | boolean | number | string | Json[] | { [member: string]: Json };


            """
        for (name, schema) in contract.schemas { text += declaration(name, schema) }
        for method in contract.methods {
            text += declaration(method.paramsName, method.paramsSchema, summary: method.json["summary"]?.string)
            if let result = method.result, result.reference == nil {
                text += declaration(method.typeName + "Result", result)
            }
        }
        let requests = contract.methods.filter { !$0.isNotification }
        let notifications = contract.methods.filter(\.isNotification)
        text += table("Requests", "What a client may ask.", requests.filter(\.isTakenByService))
        text += table("ServerRequests", "What the service asks of a client.", requests.filter(\.isSentByService))
        text += table("Notifications", "What a client may tell.", notifications.filter(\.isTakenByService))
        text += table("ServerNotifications", "What the service tells.", notifications.filter(\.isSentByService))
        let kinds = contract.errors.keys.map { "  | \"\($0)\"" }.joined(separator: "\n")
        return text + "/** `error.data.kind` of an error with code -32000. */\nexport type ErrorKind =\n\(kinds);\n"
    }

    private static func table(_ name: String, _ summary: String, _ methods: [Contract.Method]) -> String {
        let rows = methods.map { method in
            let result = method.resultName.map { "; result: \($0)" } ?? ""
            return "  \"\(method.name)\": { params: \(method.paramsName)\(result) };\n"
        }
        return "/** \(summary) */\nexport interface \(name) {\n\(rows.joined())}\n\n"
    }

    private static func declaration(_ name: String, _ schema: JSONValue, summary: String? = nil) -> String {
        let comment = summary.map { "/** \($0) */\n" } ?? ""
        guard let properties = schema.properties else {
            return comment + "export type \(name) = \(type(of: schema, indent: ""));\n\n"
        }
        return comment + "export interface \(name) {\n\(members(properties, indent: "  "))}\n\n"
    }

    private static func members(_ members: [(name: String, schema: JSONValue, isRequired: Bool)], indent: String)
        -> String
    {
        members.map { member in
            let comment = member.schema["description"]?.string.map { "\(indent)/** \($0) */\n" } ?? ""
            let type = type(of: member.schema, indent: indent)
            return comment + "\(indent)\(member.name)\(member.isRequired ? "" : "?"): \(type);\n"
        }.joined()
    }

    private static func type(of schema: JSONValue, indent: String) -> String {
        if let name = schema.reference { return name }
        let (schemas, orNull) = schema.alternatives
        if schemas.count > 1 || orNull {
            let types = schemas.map { type(of: $0, indent: indent) } + (orNull ? ["null"] : [])
            return types.joined(separator: " | ")
        }
        if let values = schema["enum"]?.array { return values.map(\.description).joined(separator: " | ") }
        switch schema["type"]?.string {
        case "null": return "null"
        case "boolean": return "boolean"
        case "integer", "number": return "number"
        case "string": return "string"
        case "array":
            let element = type(of: schema["items"] ?? [:], indent: indent)
            return element.contains(" | ") ? "(\(element))[]" : element + "[]"
        case "object":
            if let properties = schema.properties {
                return "{\n\(members(properties, indent: indent + "  "))\(indent)}"
            }
            return
                "{ [member: string]: \(schema["additionalProperties"].map { type(of: $0, indent: indent) } ?? "Json") }"
        default: return "Json"
        }
    }
}
