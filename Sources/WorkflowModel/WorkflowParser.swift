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
        "$schema", "name", "description", "input", "state", "output", "agents", "flow", "cleanup",
    ]

    var reader = DocumentReader()
    var agents: [String: Agent] = [:]

    mutating func workflow(_ document: JSONValue) -> Workflow? {
        let root = JSONPointer()
        guard let object = reader.object(document, at: root, members: Self.members + Pattern.allCases.map(\.rawValue))
        else { return nil }
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
        let cleanup = reader.present("cleanup", in: object).flatMap { flow($0, at: root.appending("cleanup")) }
        guard let flow = body(of: object, at: root), let name else { return nil }
        if cleanup != nil, flow["cleanup"] != nil {
            reader.report(
                Problem(
                    "document.badName", at: root.appending("flow").appending("cleanup"),
                    "A step cannot have the name \"cleanup\" where the document has a cleanup flow."))
        }
        return Workflow(
            name: name, description: description, document: document, input: input, state: state, output: output,
            flow: flow, cleanup: cleanup)
    }

    /// The flow, or the pattern that stands in its place.
    private mutating func body(of object: JSONObject, at pointer: JSONPointer) -> Flow? {
        let names = ["flow"] + Pattern.allCases.map(\.rawValue)
        let present = names.filter { reader.present($0, in: object) != nil }
        guard let name = present.first else {
            reader.reportMissing(
                "flow", at: pointer,
                hint: "A flow looks like {\"START\": \"first\", \"first\": {…, \"next\": \"END\"}}. "
                    + "One of the patterns may stand in its place: \(names.dropFirst().joined(separator: ", ")).")
            return nil
        }
        if present.count > 1 {
            reader.report(
                Problem(
                    "document.ambiguousFlow", at: pointer,
                    "A workflow is one flow, this one has \(present.map { "\"\($0)\"" }.joined(separator: " and ")).",
                    hint: "A pattern can stand as a step inside the flow."))
        }
        let place = pointer.appending(name)
        return Pattern(rawValue: name).map { pattern($0, object[name]!, at: place) } ?? flow(object[name]!, at: place)
    }

    /// Reads what stands where these names are known, beside those that are known already.
    mutating func binding<Result>(_ names: [String], _ read: (inout WorkflowParser) -> Result) -> Result {
        let outer = reader.boundNames
        reader.boundNames += names
        defer { reader.boundNames = outer }
        return read(&self)
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
}
