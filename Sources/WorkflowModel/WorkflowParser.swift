import Expressions
package import JSON

/// A document was not a workflow; everything that is wrong with it.
package struct InvalidWorkflow: Error, Sendable {
    package var problems: [Problem]
}

extension Workflow {
    /// Reads and checks a document.
    package static func parse(_ document: JSONValue) throws(InvalidWorkflow) -> (Workflow, warnings: [Problem]) {
        var parser = WorkflowParser()
        let workflow = parser.workflow(document)
        let problems = parser.reader.problems
        guard let workflow, !problems.contains(where: { $0.severity == .error }) else {
            throw InvalidWorkflow(problems: problems)
        }
        return (workflow, problems)
    }

    /// Everything that is wrong with, or doubtful in, a document.
    package static func problems(in document: JSONValue) -> [Problem] {
        do {
            return try parse(document).warnings
        } catch {
            return error.problems
        }
    }
}

struct WorkflowParser {
    private static let members = [
        "$schema", "name", "description", "input", "state", "output", "agents", "flow",
    ]

    var reader = DocumentReader()
    var agents: [String: Agent] = [:]

    mutating func workflow(_ document: JSONValue) -> Workflow? {
        let root = JSONPointer()
        guard let object = reader.object(document, at: root, members: Self.members) else { return nil }
        let name = reader.requiredString("name", of: object, at: root)
        if let name, !Self.isName(name) {
            reader.report(
                Problem(
                    "document.badName", at: root.appending("name"),
                    "A workflow's name has 1 to 128 letters, digits, and the marks . _ - /."))
        }
        let description = reader.string("description", of: object, at: root)
        let input = reader.present("input", in: object).flatMap { reader.schema($0, at: root.appending("input")) }
        let state = initialState(object)
        let output = reader.template("output", of: object, at: root)
        readAgents(object)
        guard let flow = reader.present("flow", in: object) else {
            reader.reportMissing(
                "flow", at: root, hint: "A flow looks like {\"START\": \"first\", \"first\": {…, \"next\": \"END\"}}.")
            return nil
        }
        guard let flow = self.flow(flow, at: root.appending("flow")), let name else { return nil }
        return Workflow(
            name: name, description: description, document: document, input: input, state: state, output: output,
            flow: flow)
    }

    static func isName(_ name: String) -> Bool {
        (1...128).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F: true
                default: false
                }
            }
    }

    private mutating func initialState(_ object: JSONObject) -> JSONObject {
        guard let value = reader.present("state", in: object) else { return [:] }
        guard case .object(let state) = value else {
            reader.reportType(value, at: JSONPointer().appending("state"), expected: "an object")
            return [:]
        }
        return state
    }

    private mutating func readAgents(_ object: JSONObject) {
        guard let value = reader.present("agents", in: object) else { return }
        let pointer = JSONPointer().appending("agents")
        guard case .object(let declared) = value else {
            return reader.reportType(value, at: pointer, expected: "an object")
        }
        for (name, value) in declared { agents[name] = agent(value, at: pointer.appending(name)) }
    }

    mutating func agent(_ value: JSONValue, at pointer: JSONPointer) -> Agent? {
        guard let object = reader.object(value, at: pointer, members: ["model", "system"]),
            let model = reader.requiredString("model", of: object, at: pointer)
        else { return nil }
        return Agent(model: model, system: reader.template("system", of: object, at: pointer))
    }

    // MARK: The flow

    private mutating func flow(_ value: JSONValue, at pointer: JSONPointer) -> Flow? {
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
                        "A step's name has 1 to 64 letters, digits, and the marks _ and -, and is not END."))
            }
            if let step = step(value, name: name, at: place) { steps.append(step) }
        }
        let names = object.keys.filter { $0 != Flow.startName }
        checkTargets(object, known: names, at: pointer)
        guard let start else { return nil }
        let flow = Flow(start: Target(named: start), steps: steps)
        if steps.count == names.count { checkShape(of: flow, at: pointer) }
        return flow
    }

    /// A step's name is a path's segment and an expression's `steps.<name>`.
    private static func isStepName(_ name: String) -> Bool {
        name != Target.endName && (1...64).contains(name.utf8.count)
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

    private mutating func check(target: JSONValue?, known: [String], at pointer: JSONPointer) {
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
