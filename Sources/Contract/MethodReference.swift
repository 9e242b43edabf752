import JSON

/// The reference of every method, as a page.
enum MethodReference {
    static func text(of contract: Contract) -> String {
        var text = """
            # The methods

            Written by `fermata schema` from the messages in `Sources/ServiceProtocol`; [README.md](README.md) says what holds for all of them.
            `rpc.discover` gives the same as an [OpenRPC document](openrpc.json), and [schema](schema) has a JSON Schema for each message.
            A member marked ° may be absent; in what a client sends, null counts as absent too.


            """
        let sections: [(String, (Contract.Method) -> Bool)] = [
            ("Requests of the client", { !$0.isNotification && $0.isTakenByService }),
            ("Notifications of the client", { $0.isNotification && $0.isTakenByService }),
            ("Requests of the service", { !$0.isNotification && !$0.isTakenByService }),
            ("Notifications of the service", { $0.isNotification && !$0.isTakenByService }),
        ]
        for (title, fits) in sections {
            text += "## \(title)\n\n"
            for method in contract.methods where fits(method) { text += section(of: method) }
        }
        text += "## Shapes\n\n"
        for (name, schema) in contract.schemas {
            text += "### \(name)\n\n"
            text += schema.properties.map(table) ?? type(of: schema) + "\n\n"
        }
        return text + errors(of: contract)
    }

    private static func section(of method: Contract.Method) -> String {
        var text = "### \(method.name)\n\n"
        if method.json["x-stability"] != "stable" { text += "*\(method.json["x-stability"]?.string ?? "")* " }
        text += (method.json["summary"]?.string ?? "") + "\n\n"
        if let details = method.json["description"]?.string, details != method.json["summary"]?.string {
            text += details + "\n\n"
        }
        if let members = method.paramsSchema.properties, !members.isEmpty { text += "Params:\n\n" + table(members) }
        if let result = method.result {
            if let members = result.properties {
                text += "Result:\n\n" + table(members)
            } else {
                text += "Result: \(type(of: result)).\n\n"
            }
        }
        if !method.errors.isEmpty {
            text += "Errors: " + method.errors.map { "`\($0)`" }.joined(separator: ", ")
            text += method.json["x-otherErrors"] == true ? ", and whatever a step fails with.\n\n" : ".\n\n"
        }
        return text + example(of: method)
    }

    private static func example(of method: Contract.Method) -> String {
        guard let example = method.json["examples"]?[0] else { return "" }
        let params = example["params"]?.array?.map { ($0["name"]?.string ?? "", $0["value"] ?? .null) } ?? []
        var text = "```json\n"
        var message: JSONObject = ["jsonrpc": "2.0"]
        if !method.isNotification { message["id"] = 1 }
        message["method"] = .string(method.name)
        if !params.isEmpty { message["params"] = .object(JSONObject(params)) }
        text += JSONValue.object(message).serialized() + "\n"
        if let result = example["result"]?["value"] {
            text += (["jsonrpc": "2.0", "id": 1, "result": result] as JSONValue).serialized() + "\n"
        }
        return text + "```\n\n"
    }

    private static func table(_ members: [(name: String, schema: JSONValue, isRequired: Bool)]) -> String {
        var text = "| member | type | |\n| --- | --- | --- |\n"
        for row in rows(members, prefix: "") { text += row }
        return text + "\n"
    }

    /// Members of members have rows of their own.
    private static func rows(
        _ members: [(name: String, schema: JSONValue, isRequired: Bool)], prefix: String
    ) -> [String] {
        members.flatMap { member -> [String] in
            let name = prefix + member.name
            let summary = member.schema["description"]?.string ?? ""
            let row = "| `\(name)`\(member.isRequired ? "" : "°") | \(type(of: member.schema)) | \(summary) |\n"
            let inner = member.schema.alternatives.schemas.first { $0.properties != nil } ?? member.schema
            return [row] + (inner.properties.map { rows($0, prefix: name + ".") } ?? [])
        }
    }

    private static func type(of schema: JSONValue) -> String {
        if let name = schema.reference { return "[\(name)](#\(name.lowercased()))" }
        let (schemas, orNull) = schema.alternatives
        if schemas.count > 1 || orNull { return schemas.map(type).joined(separator: " or ") }
        if let values = schema["enum"]?.array {
            return values.map { "`\($0.string ?? $0.description)`" }.joined(separator: ", ")
        }
        switch schema["type"]?.string {
        case "array": return "list of " + type(of: schema["items"] ?? [:])
        case "object": return "object" + (schema["additionalProperties"].map { " of " + type(of: $0) } ?? "")
        case "string" where schema["format"] == "date-time": return "time"
        case let name?: return name
        case nil: return "any"
        }
    }

    private static func errors(of contract: Contract) -> String {
        var text =
            "## Errors\n\nWith code -32000, in `error.data.kind`:\n\n| kind | | may succeed later |\n| --- | --- | --- |\n"
        for (kind, error) in contract.errors {
            let isRetryable = error["data"]?["retryable"]?.bool ?? false
            text += "| `\(kind)` | \(error["message"]?.string ?? "") | \(isRetryable ? "yes" : "") |\n"
        }
        let common = contract.errorsOfAnyRequest.map { "`\($0)`" }.joined(separator: ", ")
        return text + "\nAny request may be refused with \(common).\n"
    }
}
