import Expressions
import JSON

extension WorkflowParser {
    private static let common = [
        "description", "with", "set", "output", "timeoutMs", "heartbeatTimeoutMs", "retry", "onError", "onInterrupted",
        "compensate", "next",
    ]

    /// Where a step stands, and so where it goes.
    struct Position {
        /// What a pattern says; nil leaves it to the step.
        var next: Next?
        var role: StepRole?
        /// Members beside the step's own.
        var describedBy: [String] = []

        static let inFlow = Position()

        static func alone(describedBy members: [String] = []) -> Position {
            Position(next: .always(.end), describedBy: members)
        }
    }

    /// The members that a kind adds to the common ones.
    private static func members(of kind: String) -> [String] {
        switch kind {
        case "command": ["cwd", "env", "stdin", "okExitCodes"]
        case "agent": ["prompt"]
        case "parallel": ["failureStrategy"]
        default: []
        }
    }

    mutating func step(
        _ value: JSONValue, name: String, at pointer: JSONPointer, _ position: Position
    ) -> Step? {
        guard case .object(let object) = value else {
            reader.reportType(value, at: pointer, expected: "an object")
            return nil
        }
        guard let kindName = kindName(of: object, at: pointer) else { return nil }
        let known = [kindName] + Self.members(of: kindName) + Self.common + position.describedBy
        _ = reader.object(value, at: pointer, members: known)
        if position.next != nil { checkEndsHere(object, at: pointer) }
        let kind = self.kind(kindName, name: name, of: object, at: pointer)
        let output = reader.present("output", in: object).flatMap { reader.schema($0, at: pointer.appending("output")) }
        let retry = reader.present("retry", in: object).map { reader.retryPolicy($0, at: pointer.appending("retry")) }
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
            compensation: reader.present("compensate", in: object).flatMap { compensation($0, at: pointer) },
            next: position.next ?? next(object, at: pointer),
            role: position.role, source: object)
        return kind == nil ? nil : step
    }

    /// A step outside of a flow has nowhere to go, but may swallow its error.
    private mutating func checkEndsHere(_ step: JSONObject, at pointer: JSONPointer) {
        check(target: step["onError"], known: [], at: pointer.appending("onError"))
        if reader.present("next", in: step) != nil {
            reader.report(
                Problem(
                    "flow.nextOutsideFlow", at: pointer.appending("next"),
                    "This step stands alone and goes nowhere.",
                    hint: "Put it into a flow: {\"flow\": {\"START\": …}}."))
        }
    }

    private mutating func compensation(_ value: JSONValue, at pointer: JSONPointer) -> Step? {
        let place = pointer.appending("compensate")
        let step = step(value, name: Step.compensationName, at: place, .alone())
        if step?.compensation != nil {
            reader.report(
                Problem(
                    "document.unknownMember", at: place.appending("compensate"),
                    "What undoes a step is not undone itself."))
        }
        return step
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

    private mutating func kind(
        _ kind: String, name: String, of object: JSONObject, at pointer: JSONPointer
    ) -> StepKind? {
        let place = pointer.appending(kind)
        switch kind {
        case "call":
            let handler = reader.requiredString("call", of: object, at: pointer)
            let with = reader.template("with", of: object, at: pointer)
            return handler.map { .call(CallStep(handler: $0, with: with)) }
        case "command": return command(object, at: pointer).map { .command($0) }
        case "agent": return agentStep(object, at: pointer).map { .agent($0) }
        case "workflow":
            let workflow = reader.requiredString("workflow", of: object, at: pointer)
            let with = reader.template("with", of: object, at: pointer)
            return workflow.map { .workflow(WorkflowStep(name: $0, with: with)) }
        case "approval": return approval(object[kind]!, at: place).map { .approval($0) }
        case "input": return input(object[kind]!, at: place).map { .input($0) }
        case "wait": return wait(object[kind]!, at: place).map { .wait($0) }
        case "parallel": return parallel(object, at: pointer).map { .parallel($0) }
        case "forEach": return forEach(object[kind]!, name: name, at: place).map { .forEach($0) }
        case "fail": return fail(object[kind]!, at: place).map { .fail($0) }
        case "set": return .set
        default:
            guard let pattern = Pattern(rawValue: kind) else { return nil }
            return self.pattern(pattern, object[kind]!, at: place).map {
                .pattern(PatternStep(pattern: pattern, flow: $0))
            }
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
}
