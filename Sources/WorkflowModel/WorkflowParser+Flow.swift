import Expressions
import JSON

extension WorkflowParser {
    /// What a branch, an item or a worker does: `{"flow": {…}, "output"?}`, a pattern, or one step.
    mutating func block(
        _ value: JSONValue, name: String, at pointer: JSONPointer, describedBy description: Form = Form([])
    ) -> Flow? {
        guard case .object(let object) = value else {
            reader.reportType(value, at: pointer, expected: "an object: a step, or {\"flow\": {…}}")
            return nil
        }
        return within(pointer) { $0.block(object, name: name, at: pointer, describedBy: description) }
    }

    private mutating func block(
        _ object: JSONObject, name: String, at pointer: JSONPointer, describedBy description: Form
    ) -> Flow? {
        if let flow = reader.present("flow", in: object) {
            _ = reader.object(.object(object), at: pointer, as: .block + description)
            _ = reader.string("description", of: object, at: pointer)
            let output = seeing(flow.object ?? [:]) { $0.reader.template("output", of: object, at: pointer) }
            let place = pointer.appending("flow")
            let read = self.flow(flow, at: place, result: output.map { .template($0) } ?? .lastResult)
            if read?.start == .end {
                reader.report(Problem("flow.empty", at: place, "This flow has no step to start with."))
            }
            return read
        }
        if let (pattern, body) = barePattern(object, describedBy: description) {
            _ = reader.string("description", of: object, at: pointer)
            return self.pattern(pattern, body, at: pointer.appending(pattern.rawValue))
        }
        return seeing([name: .object(object)]) {
            $0.step(.object(object), name: name, at: pointer, .alone(describedBy: description)).map(Flow.init(single:))
        }
    }

    /// A pattern that no step's member stands beside is the flow itself; else it is a step.
    private func barePattern(_ object: JSONObject, describedBy description: Form) -> (Pattern, JSONValue)? {
        for pattern in Pattern.allCases {
            guard let body = reader.present(pattern.rawValue, in: object) else { continue }
            let beside = ["description", pattern.rawValue] + description.names
            if object.keys.allSatisfy(beside.contains) { return (pattern, body) }
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
        if reader.present(Flow.startName, in: object) == nil { reader.reportMissing(Flow.startName, at: pointer) }
        let start = reader.string(Flow.startName, of: object, at: pointer)
        let outline = FlowOutline(object, at: pointer, &reader)
        report(outline, at: pointer)
        let before = outline.predecessors()
        let outer = reader.around.before
        let steps = seeing(object) { parser in
            outline.names.enumerated().compactMap { position, name in
                let ways = before[position].map { object[outline.names[$0]] ?? .null }
                return parser.after(ways + (position == outline.start ? outer : [])) {
                    $0.flowStep(name, of: object, at: pointer)
                }
            }
        }
        return start.map { Flow(start: Target(named: $0), steps: steps, result: result) }
    }

    private mutating func flowStep(_ name: String, of flow: JSONObject, at pointer: JSONPointer) -> Step? {
        let place = pointer.appending(name)
        if !Self.isStepName(name) {
            reader.report(
                Problem(
                    "document.badName", at: place,
                    "A step's name has 1 to 64 letters, digits, and the marks _ and -, and is none of "
                        + "START, END and compensate."))
        }
        return step(flow[name] ?? .null, name: name, at: place, .inFlow)
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

    /// Targets nobody has are wrong, steps nobody reaches are doubtful, and so are circles without an exit wrong.
    private mutating func report(_ outline: FlowOutline, at pointer: JSONPointer) {
        for target in outline.unknownTargets {
            reader.report(
                Problem(
                    "flow.unknownTarget", at: target.pointer,
                    "There is no step \"\(target.name.excerpt)\" in this flow.",
                    hint: target.nearest.map { "Did you mean \"\($0)\"?" }
                        ?? DocumentReader.list(outline.names.prefix(12) + [Target.endName])))
        }
        for name in outline.unreachable() {
            reader.report(
                Problem(
                    "flow.unreachable", at: pointer.appending(name),
                    "No way leads to the step \"\(name.excerpt)\".",
                    hint: "Name it in the next or onError of another step, or take it out.", severity: .warning))
        }
        for circle in outline.endlessCircles() {
            let shown = circle.prefix(12).map(\.excerpt).joined(separator: " → ")
            reader.report(
                Problem(
                    "flow.noExit", at: pointer.appending(circle.first ?? ""),
                    "The flow can never end: \(shown)\(circle.count > 12 ? " → …" : "") has no way out.",
                    hint: "Let one of its ways lead to END."))
        }
    }
}
