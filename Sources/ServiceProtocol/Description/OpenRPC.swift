package import JSON
import RPC

/// The whole protocol as an OpenRPC document, both directions of it.
package enum OpenRPC {
    package static func document(of methods: [MethodDescription]) -> JSONValue {
        var schemas = SchemaWriter()
        let described = methods.map { method($0, &schemas) }
        let errors = ErrorKind.allCases.map { ($0.rawValue, error($0)) }
        return [
            "openrpc": "1.3.2",
            "info": [
                "title": "Fermata", "version": .string(Schema.version),
                "description": """
                A durable workflow engine, hosted as a subprocess: JSON-RPC 2.0 over its standard streams, a message a line or in \
                frames with Content-Length. Methods whose x-direction is serverToClient are sent by the service.
                """,
            ],
            "methods": .array(described),
            "components": ["schemas": .object(schemas.named), "errors": .object(JSONObject(errors))],
            "x-errors": .array(ErrorKind.ofAnyRequest.map(reference)),
        ]
    }

    private static func method(_ method: MethodDescription, _ schemas: inout SchemaWriter) -> JSONValue {
        var members: JSONObject = ["name": .string(method.name), "summary": .string(method.summary)]
        members["description"] = .string(method.details.isEmpty ? method.summary : method.details.joinedLines)
        members["paramStructure"] = "by-name"
        var params: [JSONValue] = []
        for member in method.params.all {
            params.append([
                "name": .string(member.name), "description": .string(member.summary),
                "required": .bool(member.isRequired),
                "schema": .object(schemas.schema(of: member, in: method.params)),
            ])
        }
        members["params"] = .array(params)
        if let result = method.result {
            members["result"] = ["name": "result", "required": true, "schema": .object(schemas.schema(of: result))]
            if !method.errors.isEmpty { members["errors"] = .array(method.errors.map(reference)) }
        }
        members["examples"] = [example(method)]
        members["x-direction"] = .string(method.direction.rawValue)
        if method.result == nil { members["x-notification"] = true }
        if method.hasOtherErrors { members["x-otherErrors"] = true }
        members["x-stability"] = .string(method.stability.rawValue)
        return .object(members)
    }

    private static func example(_ method: MethodDescription) -> JSONValue {
        let params = (try? JSONValue(parsing: method.exampleParams))?.object ?? [:]
        let values = params.map { ["name": .string($0.key), "value": $0.value] as JSONValue }
        var pair: JSONObject = ["name": .string(method.name), "params": .array(values)]
        if method.result != nil {
            let result = try? JSONValue(parsing: method.exampleResult)
            pair["result"] = ["name": "result", "value": result ?? .null]
        }
        return .object(pair)
    }

    private static func error(_ kind: ErrorKind) -> JSONValue {
        [
            "code": -32000, "message": .string(kind.meaning),
            "data": ["kind": .string(kind.rawValue), "retryable": .bool(kind.isRetryable)],
        ]
    }

    private static func reference(_ kind: ErrorKind) -> JSONValue {
        ["$ref": .string("#/components/errors/" + kind.rawValue)]
    }
}

extension String {
    /// Paragraphs are one line each, however the source breaks them.
    fileprivate var joinedLines: String {
        split(separator: "\n", omittingEmptySubsequences: false)
            .reduce(into: "") { text, line in
                if line.isEmpty {
                    text += "\n\n"
                } else {
                    text += (text.isEmpty || text.hasSuffix("\n") ? "" : " ") + line
                }
            }
    }
}
