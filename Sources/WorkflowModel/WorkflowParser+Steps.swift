import Expressions
import JSON

extension WorkflowParser {
    /// Where a step stands, and so where it goes.
    struct Position {
        /// What a pattern says; nil leaves it to the step.
        var next: Next?
        var role: StepRole?
        /// What it says beside a step's members.
        var describedBy = Form([])

        static let inFlow = Position()

        static func alone(describedBy description: Form = Form([])) -> Position {
            Position(next: .always(.end), describedBy: description)
        }
    }

    mutating func step(
        _ value: JSONValue, name: String, at pointer: JSONPointer, _ position: Position
    ) -> Step? {
        guard case .object(let object) = value else {
            reader.reportType(value, at: pointer, expected: "an object")
            return nil
        }
        let kinds = kinds(of: object, at: pointer)
        if !kinds.isEmpty {
            let form = kinds.reduce(Form.step + position.describedBy + Form([Form.with])) { $0 + $1.form }
            _ = reader.object(value, at: pointer, as: form)
        }
        if position.next != nil { checkEndsHere(object, at: pointer) }
        // Once, where a step that says it does two things takes it for both.
        let takesWith = kinds.contains { $0.form.names.contains(Form.with.name) }
        let with = takesWith ? reader.template(Form.with.name, of: object, at: pointer) : nil
        let bodies = kinds.map { kind($0.name, name: name, of: object, with: with, at: pointer) }
        if kinds.count == 1 {
            warnOfNoEffect(kinds[0], of: object, at: pointer)
            warnOfMissingHandler(object, at: pointer)
        }
        let output = reader.present("output", in: object).flatMap { reader.schema($0, at: pointer.appending("output")) }
        let retry = reader.present("retry", in: object).map { reader.retryPolicy($0, at: pointer.appending("retry")) }
        let body = bodies.first ?? nil
        let step = Step(
            name: name,
            description: reader.string("description", of: object, at: pointer),
            kind: body ?? .set,
            set: stateChange(object, at: pointer),
            output: output,
            timeout: timeout("timeoutMs", of: object, at: pointer),
            heartbeatTimeout: timeout("heartbeatTimeoutMs", of: object, at: pointer),
            retry: retry ?? RetryPolicy(),
            onError: reader.string("onError", of: object, at: pointer).map(Target.init(named:)),
            onInterrupted: reader.choice("onInterrupted", of: object, at: pointer) ?? .retry,
            compensation: reader.present("compensate", in: object).flatMap { compensation($0, of: value, at: pointer) },
            next: position.next ?? next(object, at: pointer),
            role: position.role, source: object)
        return body == nil ? nil : step
    }

    /// A step outside of a flow has nowhere to go, but may swallow its error.
    private mutating func checkEndsHere(_ step: JSONObject, at pointer: JSONPointer) {
        if let target = step["onError"]?.string, target != Target.endName {
            reader.report(
                Problem(
                    "flow.unknownTarget", at: pointer.appending("onError"),
                    "This step stands alone, so that its error can lead to END and nowhere else.",
                    hint: "Put it into a flow: {\"flow\": {\"START\": …}}."))
        }
        if reader.present("next", in: step) != nil {
            reader.report(
                Problem(
                    "flow.nextOutsideFlow", at: pointer.appending("next"),
                    "This step stands alone and goes nowhere.",
                    hint: "Put it into a flow: {\"flow\": {\"START\": …}}."))
        }
    }

    private mutating func timeout(_ name: String, of object: JSONObject, at pointer: JSONPointer) -> Duration? {
        let timeout = reader.duration(name, of: object, at: pointer)
        if timeout == .zero {
            reader.report(
                Problem(
                    "step.noTime", at: pointer.appending(name), "Without any time every attempt fails.",
                    hint: "Leave it out for no limit.", severity: .warning))
        }
        return timeout
    }

    private mutating func compensation(_ value: JSONValue, of step: JSONValue, at pointer: JSONPointer) -> Step? {
        let place = pointer.appending("compensate")
        guard !isUndoing else {
            reader.report(
                Problem("compensate.misplaced", at: place, "What undoes something, or cleans up, is not undone itself.")
            )
            return nil
        }
        isUndoing = true
        defer { isUndoing = false }
        return after([step]) { $0.step(value, name: Step.compensationName, at: place, .alone()) }
    }

    /// What the step does: one thing, if it is right. `set` beside another kind is that kind's change of state.
    private mutating func kinds(of object: JSONObject, at pointer: JSONPointer) -> [Form.Kind] {
        let named = Form.kinds.filter { $0.name != "set" && reader.present($0.name, in: object) != nil }
        if named.count > 1 {
            reader.report(
                Problem(
                    "document.ambiguousStep", at: pointer,
                    "A step does one thing, this one has \(named.map { "\"\($0.name)\"" }.joined(separator: " and ")).",
                    hint: "Make a step of each."))
        }
        if !named.isEmpty { return named }
        var hint: String?
        for key in object.keys where hint == nil && !Form.step.names.contains(key) {
            hint = reader.nearest(to: key, among: StepKind.names).map {
                "Did you mean \"\($0)\" instead of \"\(key)\"?"
            }
        }
        if hint == nil, reader.present("set", in: object) != nil { return Form.kind("set").map { [$0] } ?? [] }
        reader.report(
            Problem(
                "document.missingMember", at: pointer, "This step does not say what it does.",
                hint: hint ?? "It needs one of \(StepKind.names.joined(separator: ", "))."))
        return []
    }

    private mutating func kind(
        _ kind: String, name: String, of object: JSONObject, with: Template?, at pointer: JSONPointer
    ) -> StepKind? {
        let place = pointer.appending(kind)
        switch kind {
        case "call":
            return reader.string("call", of: object, at: pointer).map { .call(CallStep(handler: $0, with: with)) }
        case "command": return command(object, at: pointer).map { .command($0) }
        case "agent": return agentStep(object, at: pointer).map { .agent($0) }
        case "tool": return toolStep(object, with: with, at: pointer).map { .tool($0) }
        case "workflow":
            let workflow = reader.string("workflow", of: object, at: pointer)
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
        guard case .object(let members) = value else {
            reader.reportType(value, at: pointer.appending("set"), expected: "an object")
            return nil
        }
        stateWrites += members.keys
        return reader.template(value, at: pointer.appending("set"))
    }

    private mutating func next(_ object: JSONObject, at pointer: JSONPointer) -> Next {
        let pointer = pointer.appending("next")
        switch reader.present("next", in: object) {
        case nil: return .always(.end)
        case .string(let target): return .always(Target(named: target))
        case .array(let choices):
            if choices.isEmpty {
                reader.reportType(.array(choices), at: pointer, expected: "at least one {when, to}")
            }
            checkDefaults(choices, at: pointer)
            return .choose(choices.enumerated().compactMap { choice($1, at: pointer.appending($0)) })
        case let other?:
            reader.reportType(other, at: pointer, expected: "a step's name or a list of {when, to}")
            return .always(.end)
        }
    }

    private mutating func checkDefaults(_ choices: [JSONValue], at pointer: JSONPointer) {
        let isDefault = { [reader] (choice: JSONValue) in
            choice.object.map { reader.present("when", in: $0) == nil && $0["to"]?.string != nil } ?? false
        }
        guard let index = choices.firstIndex(where: isDefault), index < choices.count - 1 else { return }
        reader.report(
            Problem(
                "flow.unreachable", at: pointer.appending(index + 1),
                "The default before it takes every way, this one is never taken.",
                hint: "Let the way without a condition be the last.", severity: .warning))
    }

    private mutating func choice(_ value: JSONValue, at pointer: JSONPointer) -> Next.Choice? {
        guard let object = reader.object(value, at: pointer, as: .way) else { return nil }
        let source = reader.string("when", of: object, at: pointer)
        let when = source.flatMap { reader.expression($0, at: pointer.appending("when")) }
        if let when { warnOfConstant(when, at: pointer.appending("when")) }
        return reader.string("to", of: object, at: pointer).map { Next.Choice(when: when, to: Target(named: $0)) }
    }
}
