import Expressions
import JSON

extension WorkflowParser {
    /// What a branch, an item, a route or a worker does: `{"flow": {…}, "output"?}`, a pattern, or one step.
    mutating func block(
        _ value: JSONValue, name: String, at pointer: JSONPointer, describedBy members: [String] = []
    ) -> Flow? {
        guard case .object(let object) = value else {
            reader.reportType(value, at: pointer, expected: "an object: a step, or {\"flow\": {…}}")
            return nil
        }
        if let flow = reader.present("flow", in: object) {
            _ = reader.object(value, at: pointer, members: ["flow", "output", "description"] + members)
            let output = reader.template("output", of: object, at: pointer)
            let place = pointer.appending("flow")
            let read = self.flow(flow, at: place, result: output.map { .template($0) } ?? .lastResult)
            if read?.start == .end {
                reader.report(Problem("flow.empty", at: place, "This flow has no step to start with."))
            }
            return read
        }
        if let (pattern, body) = barePattern(object, describedBy: members) {
            return self.pattern(pattern, body, at: pointer.appending(pattern.rawValue))
        }
        return step(value, name: name, at: pointer, .alone(describedBy: members)).map(Flow.init(single:))
    }

    /// A pattern that no step's member stands beside is the flow itself; else it is a step.
    private func barePattern(_ object: JSONObject, describedBy members: [String]) -> (Pattern, JSONValue)? {
        for pattern in Pattern.allCases {
            guard let body = reader.present(pattern.rawValue, in: object) else { continue }
            let others = object.keys.filter { $0 != pattern.rawValue && $0 != "description" && !members.contains($0) }
            if others.isEmpty { return (pattern, body) }
        }
        return nil
    }

    mutating func flow(
        _ value: JSONValue, at pointer: JSONPointer, result: Flow.Result = .lastResult
    ) -> Flow? {
        guard case .object(let object) = value else {
            reader.reportType(value, at: pointer, expected: "an object")
            return nil
        }
        let start = reader.requiredString(Flow.startName, of: object, at: pointer)
        var steps: [Step] = []
        for (name, value) in object where name != Flow.startName {
            let place = pointer.appending(name)
            if !Self.isStepName(name) {
                reader.report(
                    Problem(
                        "document.badName", at: place,
                        "A step's name has 1 to 64 letters, digits, and the marks _ and -, and is none of "
                            + "START, END and compensate."))
            }
            if let step = step(value, name: name, at: place, .inFlow) { steps.append(step) }
        }
        let names = object.keys.filter { $0 != Flow.startName }
        checkTargets(object, known: names, at: pointer)
        guard let start else { return nil }
        let flow = Flow(start: Target(named: start), steps: steps, result: result)
        if steps.count == names.count { checkShape(of: flow, at: pointer) }
        return flow
    }

    /// A step's name is a path's segment and an expression's `steps.<name>`.
    static func isStepName(_ name: String) -> Bool {
        ![Flow.startName, Target.endName, Step.compensationName].contains(name) && (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                default: false
                }
            }
    }

    /// Looks at the document rather than at the parsed steps, so that one broken step does not hide the others' targets.
    private mutating func checkTargets(_ flow: JSONObject, known: [String], at pointer: JSONPointer) {
        check(target: flow[Flow.startName], known: known, at: pointer.appending(Flow.startName))
        for (name, value) in flow where name != Flow.startName {
            guard case .object(let step) = value else { continue }
            let place = pointer.appending(name)
            check(target: step["onError"], known: known, at: place.appending("onError"))
            switch step["next"] {
            case .array(let choices):
                for (index, choice) in choices.enumerated() {
                    check(
                        target: choice["to"], known: known, at: place.appending("next").appending(index).appending("to")
                    )
                }
            case let target: check(target: target, known: known, at: place.appending("next"))
            }
        }
    }

    mutating func check(target: JSONValue?, known: [String], at pointer: JSONPointer) {
        guard case .string(let name) = target, name != Target.endName, !known.contains(name) else { return }
        let near = Spelling.nearest(to: name, among: known + [Target.endName])
        reader.report(
            Problem(
                "flow.unknownTarget", at: pointer, "There is no step \"\(name)\" in this flow.",
                hint: near.map { "Did you mean \"\($0)\"?" } ?? "Steps here: \(known.joined(separator: ", ")), END."))
    }

    /// Steps nobody reaches are doubtful; a step from which END is out of reach is wrong.
    private mutating func checkShape(of flow: Flow, at pointer: JSONPointer) {
        var ways: [Target: [Target]] = [:]
        for step in flow.steps {
            ways[.step(step.name)] = step.next.targets + (step.onError.map { [$0] } ?? [])
        }
        let reached = Self.closure(from: [flow.start], along: ways)
        var back: [Target: [Target]] = [:]
        for (from, targets) in ways { for target in targets { back[target, default: []].append(from) } }
        let exits = flow.steps.filter { if case .fail = $0.kind { true } else { false } }.map { Target.step($0.name) }
        let ending = Self.closure(from: exits + [.end], along: back)
        for step in flow.steps {
            let place = pointer.appending(step.name)
            if !reached.contains(.step(step.name)) {
                reader.report(
                    Problem(
                        "flow.unreachable", at: place, "No way leads to the step \"\(step.name)\".", severity: .warning)
                )
            } else if !ending.contains(.step(step.name)) {
                reader.report(
                    Problem(
                        "flow.noExit", at: place, "From the step \"\(step.name)\" the flow can never end.",
                        hint: "Let one of its ways lead to END."))
            }
        }
    }

    private static func closure(from starts: [Target], along ways: [Target: [Target]]) -> Set<Target> {
        var seen = Set(starts)
        var open = starts
        while let target = open.popLast() {
            for next in ways[target] ?? [] where seen.insert(next).inserted { open.append(next) }
        }
        return seen
    }
}
