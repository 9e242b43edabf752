package import JSON

/// The protocol as its OpenRPC document describes it.
package struct Contract {
    package struct Method {
        package var name: String
        package var json: JSONValue

        package var isNotification: Bool { json["x-notification"]?.bool ?? false }
        package var direction: String { json["x-direction"]?.string ?? "" }
        package var isSentByService: Bool { direction != "clientToServer" }
        package var isTakenByService: Bool { direction != "serverToClient" }

        package var params: [Param] { json["params"]?.array?.map(Param.init) ?? [] }
        /// The schema of the result; nil for a notification.
        package var result: JSONValue? { json["result"]?["schema"] }
        /// The kinds of errors that are its own.
        package var errors: [String] {
            json["errors"]?.array?.compactMap { $0["$ref"]?.string?.split(separator: "/").last.map(String.init) } ?? []
        }

        /// The params as one schema.
        package var paramsSchema: JSONValue {
            let members = params.map { param -> (String, JSONValue) in
                var schema = param.schema.object ?? [:]
                schema["description"] = .string(param.summary)
                return (param.name, .object(schema))
            }
            var schema: JSONObject = ["type": "object", "properties": .object(JSONObject(members))]
            let required = params.filter(\.isRequired).map { JSONValue.string($0.name) }
            if !required.isEmpty { schema["required"] = .array(required) }
            return .object(schema)
        }

        var fileName: String {
            name.split(separator: "/").map { $0.replacing("$", with: "") }.filter { !$0.isEmpty }.joined(separator: ".")
                + ".json"
        }
    }

    package struct Param {
        package var name: String
        package var isRequired: Bool
        package var summary: String
        package var schema: JSONValue

        init(_ json: JSONValue) {
            name = json["name"]?.string ?? ""
            isRequired = json["required"]?.bool ?? false
            summary = json["description"]?.string ?? ""
            schema = json["schema"] ?? [:]
        }
    }

    package let document: JSONValue
    package let methods: [Method]
    /// Shapes that have names.
    package let schemas: JSONObject
    package let errors: JSONObject

    package init(_ document: JSONValue) {
        self.document = document
        methods = document["methods"]?.array?.map { Method(name: $0["name"]?.string ?? "", json: $0) } ?? []
        schemas = document["components"]?["schemas"]?.object ?? [:]
        errors = document["components"]?["errors"]?.object ?? [:]
    }

    package var version: String { document["info"]?["version"]?.string ?? "" }

    package func method(_ name: String) -> Method? { methods.first { $0.name == name } }

    /// The kinds of errors that any request may be refused with.
    package var errorsOfAnyRequest: [String] {
        document["x-errors"]?.array?.compactMap { $0["$ref"]?.string?.split(separator: "/").last.map(String.init) }
            ?? []
    }
}
