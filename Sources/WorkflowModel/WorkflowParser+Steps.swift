import Expressions
import JSON

extension WorkflowParser {
    private static let common = [
        "description", "with", "set", "output", "timeoutMs", "heartbeatTimeoutMs", "retry", "onError", "onInterrupted",
        "next",
    ]

    /// The members that a kind adds to the common ones.
    private static func members(of kind: String) -> [String] {
        switch kind {
        case "command": ["cwd", "env", "stdin", "okExitCodes"]
        case "agent": ["prompt"]
        default: []
        }
    }

    mutating func step(_ value: JSONValue, name: String, at pointer: JSONPointer) -> Step? {
        guard case .object(let object) = value else {
            reader.reportType(value, at: pointer, expected: "an object")
            return nil
        }
        guard let kindName = kindName(of: object, at: pointer) else { return nil }
        let known = [kindName] + Self.members(of: kindName) + Self.common
        _ = reader.object(value, at: pointer, members: known)
        let kind = self.kind(kindName, of: object, at: pointer)
        let output = reader.present("output", in: object).flatMap { reader.schema($0, at: pointer.appending("output")) }
        let retry = reader.present("retry", in: object).map { self.retry($0, at: pointer.appending("retry")) }
        let step = Step(
            name: name,
            description: reader.string("description", of: object, at: pointer),
            kind: kind ?? .set,
            set: stateChange(object, at: pointer),
            output: output,
            timeout: reader.duration("timeoutMs", of: object, at: pointer),
            heartbeatTimeout: reader.duration("heartbeatTimeoutMs", of: object, at: pointer),
            retry: retry ?? RetryPolicy(),
            onError: reader.string("onError", of: object, at: pointer).map(Target.init(named:)),
            onInterrupted: reader.choice("onInterrupted", of: object, at: pointer) ?? .retry,
            next: next(object, at: pointer))
        return kind == nil ? nil : step
    }

    /// The one member that says what the step does. `set` beside another kind is that kind's change of state.
    private mutating func kindName(of object: JSONObject, at pointer: JSONPointer) -> String? {
        let named = StepKind.names.filter { $0 != "set" && reader.present($0, in: object) != nil }
        if named.count > 1 {
            reader.report(
                Problem(
                    "document.ambiguousStep", at: pointer,
                    "A step does one thing, this one has \(named.map { "\"\($0)\"" }.joined(separator: " and ")).",
                    hint: "Make a step of each."))
            return nil
        }
        if let name = named.first { return name }
        if reader.present("set", in: object) != nil { return "set" }
        let slip = object.keys.lazy.compactMap { key in
            Spelling.nearest(to: key, among: StepKind.names).map { (key, $0) }
        }.first { !Self.common.contains($0.0) }
        reader.report(
            Problem(
                "document.missingMember", at: pointer, "This step does not say what it does.",
                hint: slip.map { "Did you mean \"\($0.1)\" instead of \"\($0.0)\"?" }
                    ?? "It needs one of \(StepKind.names.joined(separator: ", "))."))
        return nil
    }

    private mutating func kind(_ name: String, of object: JSONObject, at pointer: JSONPointer) -> StepKind? {
        switch name {
        case "call":
            let handler = reader.requiredString("call", of: object, at: pointer)
            let with = reader.template("with", of: object, at: pointer)
            return handler.map { .call(CallStep(handler: $0, with: with)) }
        case "command": return command(object, at: pointer).map { .command($0) }
        case "agent": return agentStep(object, at: pointer).map { .agent($0) }
        case "approval": return approval(object["approval"]!, at: pointer.appending("approval")).map { .approval($0) }
        case "input": return input(object["input"]!, at: pointer.appending("input")).map { .input($0) }
        case "wait": return wait(object["wait"]!, at: pointer.appending("wait")).map { .wait($0) }
        case "fail": return fail(object["fail"]!, at: pointer.appending("fail")).map { .fail($0) }
        default: return .set
        }
    }

    private mutating func stateChange(_ object: JSONObject, at pointer: JSONPointer) -> Template? {
        guard let value = reader.present("set", in: object) else { return nil }
        guard case .object = value else {
            reader.reportType(value, at: pointer.appending("set"), expected: "an object")
            return nil
        }
        return reader.template(value, at: pointer.appending("set"))
    }

    private mutating func next(_ object: JSONObject, at pointer: JSONPointer) -> Next {
        let pointer = pointer.appending("next")
        switch reader.present("next", in: object) {
        case nil: return .always(.end)
        case .string(let target): return .always(Target(named: target))
        case .array(let choices):
            let read = choices.enumerated().compactMap { choice($1, at: pointer.appending($0)) }
            if let index = read.firstIndex(where: { $0.when == nil }), index < read.count - 1 {
                reader.report(
                    Problem(
                        "flow.unreachable", at: pointer.appending(index + 1),
                        "The default before it takes every way, this one is never taken.", severity: .warning))
            }
            return .choose(read)
        case let other?:
            reader.reportType(other, at: pointer, expected: "a step's name or a list of {when, to}")
            return .always(.end)
        }
    }

    private mutating func choice(_ value: JSONValue, at pointer: JSONPointer) -> Next.Choice? {
        guard let object = reader.object(value, at: pointer, members: ["when", "to"]) else { return nil }
        let source = reader.string("when", of: object, at: pointer)
        let when = source.flatMap { reader.expression($0, at: pointer.appending("when")) }
        guard let to = reader.requiredString("to", of: object, at: pointer) else { return nil }
        return Next.Choice(when: when, to: Target(named: to))
    }

    private mutating func retry(_ value: JSONValue, at pointer: JSONPointer) -> RetryPolicy {
        var policy = RetryPolicy()
        let members = ["attempts", "delayMs", "backoff", "maxDelayMs"]
        guard let object = reader.object(value, at: pointer, members: members) else { return policy }
        policy.attempts = reader.integer("attempts", of: object, at: pointer, minimum: 1) ?? 1
        policy.delay = reader.duration("delayMs", of: object, at: pointer) ?? .zero
        policy.backoff = reader.choice("backoff", of: object, at: pointer) ?? .fixed
        policy.maximumDelay = reader.duration("maxDelayMs", of: object, at: pointer)
        return policy
    }

    // MARK: The kinds

    private mutating func command(_ object: JSONObject, at pointer: JSONPointer) -> CommandStep? {
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

    private mutating func agentStep(_ object: JSONObject, at pointer: JSONPointer) -> AgentStep? {
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

    private mutating func approval(_ value: JSONValue, at pointer: JSONPointer) -> ApprovalStep? {
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

    private mutating func input(_ value: JSONValue, at pointer: JSONPointer) -> InputStep? {
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

    private mutating func wait(_ value: JSONValue, at pointer: JSONPointer) -> WaitStep? {
        guard let object = reader.object(value, at: pointer, members: ["durationMs"]) else { return nil }
        guard let duration = reader.template("durationMs", of: object, at: pointer) else {
            if reader.present("durationMs", in: object) == nil { reader.reportMissing("durationMs", at: pointer) }
            return nil
        }
        if duration.isConstant, (duration.source.int ?? -1) < 0 {
            reader.reportType(
                duration.source, at: pointer.appending("durationMs"), expected: "an integer of at least 0")
        }
        return WaitStep(durationMs: duration)
    }

    private mutating func fail(_ value: JSONValue, at pointer: JSONPointer) -> FailStep? {
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
