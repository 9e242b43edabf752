import Expressions
import JSON

// The kinds of step that hold no other.

extension WorkflowParser {
    mutating func command(_ object: JSONObject, at pointer: JSONPointer) -> CommandStep? {
        let words = words(object["command"] ?? .null, at: pointer.appending("command"))
        let environment = environment(object, at: pointer)
        let secrets = secrets(object, at: pointer)
        let cwd = reader.template("cwd", of: object, at: pointer)
        let stdin = reader.template("stdin", of: object, at: pointer)
        let okExitCodes = exitCodes(object, at: pointer)
        guard let words else { return nil }
        return CommandStep(
            program: words.program, arguments: words.arguments, cwd: cwd, environment: environment,
            secrets: secrets, stdin: stdin,
            okExitCodes: okExitCodes)
    }

    private mutating func words(
        _ value: JSONValue, at pointer: JSONPointer
    ) -> (program: String, arguments: [Template])? {
        guard case .array(let words) = value, case .string(let program)? = words.first else {
            reader.reportType(
                value[0] ?? value, at: pointer,
                expected: "a list that begins with a program, such as [\"make\", \"test\"]")
            return nil
        }
        if program.contains("${") {
            reader.report(
                Problem(
                    "command.programNotLiteral", at: pointer.appending(0), "The program's name must be literal.",
                    hint: "Only its arguments may hold ${…}."))
        }
        let arguments = words.enumerated().dropFirst().compactMap { position, word in
            reader.template(word, at: pointer.appending(position)).map { (position: position, template: $0) }
        }
        warnOfStrangers(in: words, arguments, at: pointer)
        return (program, arguments.map(\.template))
    }

    private mutating func environment(
        _ object: JSONObject, at pointer: JSONPointer
    ) -> [(name: String, value: Template)] {
        let place = pointer.appending("env")
        switch reader.present("env", in: object) {
        case nil: return []
        case .object(let variables)?:
            return variables.compactMap { name, value in
                if value.object != nil { return nil }
                return reader.template(value, at: place.appending(name)).map { (name, $0) }
            }
        case let other?:
            reader.reportType(other, at: place, expected: "an object")
            return []
        }
    }

    /// Variables that are `{"secret": NAME}`.
    private mutating func secrets(_ object: JSONObject, at pointer: JSONPointer) -> [(name: String, secret: String)] {
        var secrets: [(name: String, secret: String)] = []
        for (name, value) in object["env"]?.object ?? [:] {
            guard let members = value.object else { continue }
            if members.count == 1, let secret = members["secret"]?.string, !secret.contains("${") {
                secrets.append((name, secret))
            } else {
                reader.report(
                    Problem(
                        "command.badSecret", at: pointer.appending("env").appending(name),
                        "A variable is a text, or {\"secret\": the name of one that the user's configuration declares}."
                    ))
            }
        }
        return secrets
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

    mutating func approval(_ value: JSONValue, at pointer: JSONPointer) -> ApprovalStep? {
        guard let object = reader.object(value, at: pointer, as: .approval) else { return nil }
        let message = reader.template("message", of: object, at: pointer)
        let show = reader.template("show", of: object, at: pointer)
        let approvers = reader.template("approvers", of: object, at: pointer)
        let onExpiry: ExpiryPolicy? = reader.choice("onExpiry", of: object, at: pointer)
        let expiresAfter = reader.duration("expiresAfterMs", of: object, at: pointer)
        let required = reader.integer("required", of: object, at: pointer, minimum: 1)
        if onExpiry == .approve, approvers != nil {
            reader.report(
                Problem(
                    "approval.approvesItself", at: pointer.appending("onExpiry"),
                    "An approval that names its approvers cannot approve itself when it expires."))
        }
        if let approvers { check(approvers, required: required ?? 1, at: pointer) }
        guard let message else { return nil }
        return ApprovalStep(
            message: message, show: show, approvers: approvers, required: required, expiresAfter: expiresAfter,
            onExpiry: onExpiry)
    }

    private mutating func check(_ approvers: Template, required: Int, at pointer: JSONPointer) {
        let names = approvers.source.array
        let isListOfNames = names.map { !$0.isEmpty && $0.allSatisfy { $0.string != nil } } ?? false
        if !isListOfNames, approvers.isConstant || approvers.source.string == nil {
            reader.reportType(approvers.source, at: pointer.appending("approvers"), expected: "a list of names")
        } else if let names, required > Set(names).count {
            reader.report(
                Problem(
                    "approval.outOfReach", at: pointer.appending("required"),
                    "\(required) approvals are required, but only \(Set(names).count) approvers are named."))
        }
    }

    mutating func input(_ value: JSONValue, at pointer: JSONPointer) -> InputStep? {
        guard let object = reader.object(value, at: pointer, as: .input) else { return nil }
        let prompt = reader.template("prompt", of: object, at: pointer)
        let schema = reader.present("schema", in: object) ?? .bool(true)
        let validator = reader.schema(schema, at: pointer.appending("schema"))
        let fallback = object["default"].flatMap { reader.template($0, at: pointer.appending("default")) }
        let expiresAfter = reader.duration("expiresAfterMs", of: object, at: pointer)
        if let fallback, let validator { check(fallback, fits: validator, at: pointer.appending("default")) }
        guard let prompt, let validator else { return nil }
        return InputStep(
            prompt: prompt, schema: schema, validator: validator, fallback: fallback, expiresAfter: expiresAfter)
    }

    private mutating func check(_ fallback: Template, fits schema: JSONSchema, at pointer: JSONPointer) {
        guard fallback.isConstant, let violation = schema.validate(fallback.source).first else { return }
        reader.report(
            Problem(
                "input.badDefault", at: pointer, "The default is no answer to its own question: \(violation.message)"))
    }

    mutating func fail(_ value: JSONValue, at pointer: JSONPointer) -> FailStep? {
        guard let object = reader.object(value, at: pointer, as: .fail) else { return nil }
        let kind = reader.template("kind", of: object, at: pointer)
        let message = reader.template("message", of: object, at: pointer)
        guard let kind, let message else { return nil }
        return FailStep(kind: kind, message: message)
    }
}
