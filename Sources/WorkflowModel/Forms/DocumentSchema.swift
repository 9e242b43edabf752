package import JSON

/// The JSON Schema of documents, by which editors complete, explain and check them. It is made of the forms that the
/// parser reads by, and says less than the parser: whatever is a workflow fits it.
package enum DocumentSchema {
    package static let document = JSONValue.object(root)

    private static var root: JSONObject {
        var schema: JSONObject = [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "workflow.schema.json",
            "title": "A workflow",
        ]
        for (keyword, value) in object(.document) { schema[keyword] = value }
        schema["oneOf"] = .array(
            (["flow"] + Pattern.allCases.map(\.rawValue) + ["program"]).map { name in
                alternative(name, others: Form.patterns.map(\.name) + ["flow", "program"])
            })
        schema["$defs"] = .object(definitions)
        return schema
    }

    private static var definitions: JSONObject {
        var definitions: JSONObject = [
            "flow": flow, "block": block(.block, step: "part"), "wait": wait, "doesOneThing": doesOneThing,
            "worker": block(.block + .worker, step: "workerStep"),
            "step": step("A step of a flow.", Form.step),
            "part": step("A step that stands alone.", Form.step.without("next")),
            "undo": step("A step that undoes another.", Form.step.without("next").without("compensate")),
            "route": step("A step, and when to take it.", Form.step.without("next") + .route),
            "workerStep": step("A step, and what it can do.", Form.step.without("next") + .worker),
        ]
        for (name, form) in Form.named { definitions[name] = .object(object(form)) }
        return definitions
    }

    private static let flow: JSONValue = [
        "type": "object", "description": "Steps by their names, and START, the name of the first.",
        "properties": ["START": ["type": "string", "description": "The name of the first step, or END."]],
        "required": ["START"], "additionalProperties": reference("step"),
    ]

    /// A flow, or a step.
    private static func block(_ form: Form, step: String) -> JSONValue {
        // Told apart by their members, so that an editor complains about the one that was meant.
        ["if": ["required": ["flow"]], "then": .object(object(form)), "else": reference(step)]
    }

    private static var wait: JSONValue {
        var schema = object(.wait)
        schema["oneOf"] = .array(Form.wait.names.map { alternative($0, others: Form.wait.names) })
        return .object(schema)
    }

    /// One member and none of the others; null counts as absent.
    private static func alternative(_ name: String, others: [String]) -> JSONValue {
        var members: JSONObject = [name: ["not": ["type": "null"]]]
        for other in others where other != name { members[other] = ["type": "null"] }
        return ["required": [.string(name)], "properties": .object(members)]
    }

    // MARK: Steps

    /// Here every step may have the members of every kind; `doesOneThing` says which belong together.
    private static func step(_ description: String, _ form: Form) -> JSONValue {
        let common = form + Form([Form.with])
        let kinds = Form.kinds.flatMap(\.form.members).filter { !common.names.contains($0.name) }
        var members = object(Form(kinds + common.members))["properties"]?.object ?? [:]
        if !form.names.contains("next") {
            // What every step has is explained once.
            let shared = Set((kinds + Form.step.members).map(\.name))
            for name in members.keys.filter(shared.contains) { members[name] = reference("step/properties/" + name) }
            for name in Form.step.names where !form.names.contains(name) {
                members[name] = ["type": "null", "description": "A step that stands here has none."]
            }
            members["onError"] = [
                "enum": ["END", nil], "description": "END, where the step may fail and nothing else does.",
            ]
        }
        return [
            "type": "object", "description": .string(description), "properties": .object(members),
            "additionalProperties": false, "$ref": "#/$defs/doesOneThing",
        ]
    }

    private static var doesOneThing: JSONValue {
        let kinds = Form.kinds.filter { $0.name != "set" }
        let others = JSONObject(kinds.map { ($0.name, .bool(false)) })
        var alternatives = kinds.map { JSONValue.object(["required": [.string($0.name)]]) }
        alternatives.append(["required": ["set"], "properties": .object(others)])
        var needed: JSONObject = [:]
        for kind in kinds {
            for member in kind.form.members.dropFirst() where member.name != Form.with.name {
                needed[member.name] = [.string(kind.name)]
            }
            let required = kind.form.members.dropFirst().filter(\.isRequired)
            if !required.isEmpty { needed[kind.name] = .array(required.map { .string($0.name) }) }
        }
        return ["oneOf": .array(alternatives), "dependentRequired": .object(needed)]
    }

    // MARK: Forms and shapes

    private static func object(_ form: Form) -> JSONObject {
        var members: JSONObject = [:]
        for member in form.members {
            var schema = member.isRequired ? self.schema(member.shape) : orNull(self.schema(member.shape))
            schema["description"] = .string(member.summary)
            members[member.name] = .object(schema)
        }
        var object: JSONObject = ["type": "object", "properties": .object(members)]
        let required = form.members.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { object["required"] = .array(required) }
        object["additionalProperties"] = false
        return object
    }

    private static func schema(_ shape: Shape) -> JSONObject {
        switch shape {
        case .string: ["type": "string"]
        case .template, .data: [:]
        case .bool: ["type": "boolean"]
        case .integer: ["type": "integer"]
        case .count(let least): ["type": "integer", "minimum": .number(JSONNumber(least))]
        case .number: ["type": "number"]
        case .fraction: ["type": "number", "minimum": 0, "maximum": 1]
        case .choice(let names): ["enum": .array(names.map { .string($0) })]
        case .list(let element, let least):
            sized("minItems", least, ["type": "array", "items": .object(schema(element))])
        case .map(let element, let least):
            sized("minProperties", least, ["type": "object", "additionalProperties": .object(schema(element))])
        case .schema: ["type": ["object", "boolean"]]
        case .orTemplate(let shape): schema(.either([shape, .string]))
        case .either(let shapes): ["anyOf": .array(shapes.map { .object(schema($0)) })]
        case .object(let name): ["$ref": .string("#/$defs/" + name)]
        }
    }

    private static func sized(_ keyword: String, _ least: Int, _ schema: JSONObject) -> JSONObject {
        var schema = schema
        if least > 0 { schema[keyword] = .number(JSONNumber(least)) }
        return schema
    }

    /// Null counts as absent.
    private static func orNull(_ schema: JSONObject) -> JSONObject {
        var schema = schema
        if let type = schema["type"] {
            schema["type"] = .array((type.array ?? [type]) + ["null"])
        } else if let values = schema["enum"]?.array {
            schema["enum"] = .array(values + [.null])
        } else if let shapes = schema["anyOf"]?.array {
            schema["anyOf"] = .array(shapes + [["type": "null"]])
        } else if schema["$ref"] != nil {
            schema = ["anyOf": [.object(schema), ["type": "null"]]]
        }
        return schema
    }

    private static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/$defs/" + name)] }
}
