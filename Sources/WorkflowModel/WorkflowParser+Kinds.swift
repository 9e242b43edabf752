import Expressions
import JSON

// The kinds of step that hold no other.

extension WorkflowParser {
    mutating func command(_ object: JSONObject, at pointer: JSONPointer) -> CommandStep? {
        let place = pointer.appending("command")
        guard case .array(let words)? = object["command"], case .string(let program)? = words.first else {
            reader.reportType(
                object["command"]?[0] ?? object["command"]!, at: place,
                expected: "a list that begins with a program, such as [\"make\", \"test\"]")
            return nil
        }
        if program.contains("${") {
            reader.report(
                Problem(
                    "command.programNotLiteral", at: place.appending(0), "The program's name must be literal.",
                    hint: "Only its arguments may hold ${…}."))
        }
        let arguments = words.enumerated().dropFirst().compactMap { reader.template($1, at: place.appending($0)) }
        var environment: [(name: String, value: Template)] = []
        if let value = reader.present("env", in: object) {
            if case .object(let variables) = value {
                for (name, value) in variables {
                    let template = reader.template(value, at: pointer.appending("env").appending(name))
                    if let template { environment.append((name, template)) }
                }
            } else {
                reader.reportType(value, at: pointer.appending("env"), expected: "an object")
            }
        }
        return CommandStep(
            program: program, arguments: arguments, cwd: reader.template("cwd", of: object, at: pointer),
            environment: environment, stdin: reader.template("stdin", of: object, at: pointer),
            okExitCodes: exitCodes(object, at: pointer))
    }

    private mutating func exitCodes(_ object: JSONObject, at pointer: JSONPointer) -> [Int] {
        guard let value = reader.present("okExitCodes", in: object) else { return [0] }
        let codes = value.array?.compactMap(\.int)
        guard let codes, codes.count == value.array?.count else {
            reader.reportType(value, at: pointer.appending("okExitCodes"), expected: "a list of integers")
            return [0]
        }
        return codes
    }

    mutating func agentStep(_ object: JSONObject, at pointer: JSONPointer) -> AgentStep? {
        let place = pointer.appending("agent")
        if reader.present("prompt", in: object) == nil { reader.reportMissing("prompt", at: pointer) }
        let prompt = reader.template("prompt", of: object, at: pointer)
        var agent: Agent?
        switch object["agent"] {
        case .string(let name):
            agent = agents[name]
            if agent == nil {
                let near = Spelling.nearest(to: name, among: agents.keys.sorted())
                reader.report(
                    Problem(
                        "agent.unknown", at: place, "No agent \"\(name)\" is declared.",
                        hint: near.map { "Did you mean \"\($0)\"?" } ?? "Declare it under the document's \"agents\"."))
            }
        case let value?: agent = self.agent(value, at: place)
        case nil: break
        }
        guard let agent, let prompt else { return nil }
        return AgentStep(agent: agent, prompt: prompt)
    }

    mutating func approval(_ value: JSONValue, at pointer: JSONPointer) -> ApprovalStep? {
        let members = ["message", "show", "approvers", "required", "expiresAfterMs", "onExpiry"]
        guard let object = reader.object(value, at: pointer, members: members) else { return nil }
        if reader.present("message", in: object) == nil { reader.reportMissing("message", at: pointer) }
        let message = reader.template("message", of: object, at: pointer)
        let approvers = reader.template("approvers", of: object, at: pointer)
        let onExpiry: ExpiryPolicy? = reader.choice("onExpiry", of: object, at: pointer)
        let required = reader.integer("required", of: object, at: pointer, minimum: 1)
        if onExpiry == .approve, approvers != nil {
            reader.report(
                Problem(
                    "approval.approvesItself", at: pointer.appending("onExpiry"),
                    "An approval that names its approvers cannot approve itself when it expires."))
        }
        if let approvers {
            let names = approvers.source.array
            let isListOfNames = names.map { !$0.isEmpty && $0.allSatisfy { $0.string != nil } } ?? false
            if approvers.isConstant, !isListOfNames {
                reader.reportType(approvers.source, at: pointer.appending("approvers"), expected: "a list of names")
            } else if let required, let names, required > names.count {
                reader.report(
                    Problem(
                        "approval.outOfReach", at: pointer.appending("required"),
                        "\(required) approvals are required, but only \(names.count) approvers are named."))
            }
        }
        guard let message else { return nil }
        return ApprovalStep(
            message: message, show: reader.template("show", of: object, at: pointer), approvers: approvers,
            required: required, expiresAfter: reader.duration("expiresAfterMs", of: object, at: pointer),
            onExpiry: onExpiry)
    }

    mutating func input(_ value: JSONValue, at pointer: JSONPointer) -> InputStep? {
        let members = ["prompt", "schema", "default", "expiresAfterMs"]
        guard let object = reader.object(value, at: pointer, members: members) else { return nil }
        if reader.present("prompt", in: object) == nil { reader.reportMissing("prompt", at: pointer) }
        let schema = reader.present("schema", in: object) ?? .bool(true)
        guard let prompt = reader.template("prompt", of: object, at: pointer),
            let validator = reader.schema(schema, at: pointer.appending("schema"))
        else { return nil }
        return InputStep(
            prompt: prompt, schema: schema, validator: validator,
            fallback: object["default"].flatMap { reader.template($0, at: pointer.appending("default")) },
            expiresAfter: reader.duration("expiresAfterMs", of: object, at: pointer))
    }

    mutating func fail(_ value: JSONValue, at pointer: JSONPointer) -> FailStep? {
        guard let object = reader.object(value, at: pointer, members: ["kind", "message"]) else { return nil }
        for name in ["kind", "message"] where reader.present(name, in: object) == nil {
            reader.reportMissing(name, at: pointer)
        }
        guard let kind = reader.template("kind", of: object, at: pointer),
            let message = reader.template("message", of: object, at: pointer)
        else { return nil }
        return FailStep(kind: kind, message: message)
    }
}
