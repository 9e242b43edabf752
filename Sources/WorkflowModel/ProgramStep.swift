package import JSON

/// A program that the client hosts, in the place of a flow: what it does, it says step by step while it runs.
package struct ProgramStep: Sendable {
    package var name: String

    package init(name: String) { self.name = name }
}

/// A step that a program has opened while it ran, as its start records it.
package struct StepDefinition: Sendable {
    package let step: Step

    package init(_ step: Step) { self.step = step }
}

extension StepDefinition: Hashable {
    package static func == (left: StepDefinition, right: StepDefinition) -> Bool {
        left.step.name == right.step.name && left.step.source == right.step.source
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(step.name)
    }
}

// MARK: Reading

extension StepDefinition {
    /// A step that the engine performs, as a document writes it; it goes nowhere.
    package static func performing(_ step: JSONValue, key: String) throws(InvalidWorkflow) -> StepDefinition {
        var parser = WorkflowParser(handlers: nil)
        let read = parser.seeing([key: step]) { $0.step(step, name: key, at: JSONPointer(), .alone()) }
        return try checked(read, parser)
    }

    /// A step whose body the program runs, with what it says of it: `retry`, `timeoutMs` and the like.
    package static func hosting(_ members: JSONObject, key: String) throws(InvalidWorkflow) -> StepDefinition {
        var parser = WorkflowParser(handlers: nil)
        return try checked(parser.hostedStep(members, name: key), parser)
    }

    /// As its start has it in the journal; nil when it is damaged.
    package init?(recorded definition: JSONObject, name: String, kind: String) {
        let read =
            if kind == StepKind.hosted.name {
                try? Self.hosting(definition, key: name)
            } else {
                try? Self.performing(.object(definition), key: name)
            }
        guard let read, read.step.kind.name == kind else { return nil }
        self = read
    }

    private static func checked(_ step: Step?, _ parser: WorkflowParser) throws(InvalidWorkflow) -> StepDefinition {
        let problems = parser.reader.problems.filter { $0.severity == .error }
        guard let step, problems.isEmpty else { throw InvalidWorkflow(problems: problems) }
        return StepDefinition(step)
    }
}

extension Workflow {
    /// What a hosted program's runs are made from where no document has its name; nil when no workflow could.
    package static func hosted(named name: String) -> Workflow? {
        try? parse(["name": .string(name), "program": .string(name)]).0
    }

}

extension Flow {
    /// The steps that a program has opened, as a flow that nothing leads through.
    package convenience init(opened steps: [Step]) {
        self.init(start: .end, steps: steps)
    }

    /// The one step of a flow that is a program.
    var program: Step? {
        guard let step = steps.first, case .program = step.kind else { return nil }
        return step
    }
}

extension Workflow {
    /// Whether going on from a step is a decision of the flow it is in: a program decides for itself.
    package func decides(at path: String) -> Bool {
        program == nil || path.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "[") }
    }
}

extension WorkflowParser {
    /// A program in the place of a flow: its step has no name in paths, so that keys are paths.
    mutating func program(of object: JSONObject, at pointer: JSONPointer) -> Flow? {
        guard let name = reader.string("program", of: object, at: pointer) else { return nil }
        if !Self.isName(name) {
            reader.report(
                Problem(
                    "document.badName", at: pointer.appending("program"),
                    "A program's name has 1 to 128 letters, digits, and the marks . _ - /."))
        }
        return Flow(
            single: Step(
                name: name, description: nil, kind: .program(ProgramStep(name: name)), set: nil, output: nil,
                timeout: nil, heartbeatTimeout: nil, retry: RetryPolicy(), onError: nil, onInterrupted: .retry,
                next: .always(.end), source: ["program": .string(name)]))
    }

    fileprivate mutating func hostedStep(_ object: JSONObject, name: String) -> Step? {
        let root = JSONPointer()
        // Most say nothing.
        guard object.isEmpty || reader.object(.object(object), at: root, as: .hosted) != nil else { return nil }
        let retry = reader.present("retry", in: object).map { reader.retryPolicy($0, at: root.appending("retry")) }
        return Step(
            name: name, description: nil, kind: .hosted, set: nil, output: nil,
            timeout: reader.duration("timeoutMs", of: object, at: root),
            heartbeatTimeout: reader.duration("heartbeatTimeoutMs", of: object, at: root),
            retry: retry ?? RetryPolicy(), onError: nil,
            onInterrupted: reader.choice("onInterrupted", of: object, at: root) ?? .retry, next: .always(.end),
            source: object)
    }
}

extension Form {
    /// What a program may say of a step whose body it runs.
    static let hosted = Form(
        step.members.filter { ["retry", "timeoutMs", "heartbeatTimeoutMs", "onInterrupted"].contains($0.name) })
}
