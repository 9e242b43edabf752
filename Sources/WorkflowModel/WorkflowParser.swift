import Expressions
package import JSON

/// A document was not a workflow; everything that is wrong with it.
package struct InvalidWorkflow: Error, Sendable {
    package var problems: [Problem]
}

extension Workflow {
    /// Reads and checks a document.
    package static func parse(_ document: JSONValue) throws(InvalidWorkflow) -> (Workflow, warnings: [Problem]) {
        let (workflow, problems) = read(document, hosting: nil)
        guard let workflow, !problems.contains(where: { $0.severity == .error }) else {
            throw InvalidWorkflow(problems: problems)
        }
        return (workflow, problems)
    }

    /// Everything that is wrong with, or doubtful in, a document. Given the handlers that somebody hosts, or the MCP
    /// servers that are configured, a call of another is doubtful too.
    package static func problems(
        in document: JSONValue, hosting handlers: [String]? = nil, servers: [String]? = nil
    ) -> [Problem] {
        read(document, hosting: handlers, servers: servers).problems
    }

    private static func read(
        _ document: JSONValue, hosting handlers: [String]?, servers: [String]? = nil
    ) -> (workflow: Workflow?, problems: [Problem]) {
        var parser = WorkflowParser(handlers: handlers, servers: servers)
        let workflow = parser.workflow(document)
        return (workflow, parser.reader.problems)
    }
}

struct WorkflowParser {
    /// How deep steps may stand within steps: more than anybody writes, and little enough for every stack.
    private static let greatestDepth = 64

    /// Those that somebody hosts; nil when nobody can say.
    let handlers: [String]?
    /// The MCP servers that are configured; nil when nobody can say.
    let servers: [String]?
    var reader = DocumentReader()
    var agents: [String: Agent] = [:]
    /// Those that are declared, however broken; nil when nobody can say.
    var agentNames: [String]? = []
    /// As the document has them.
    var declaredAgents: JSONObject = [:]
    var agentReading = AgentReading.whole
    /// Whether a tool is read, whose arguments a model chooses.
    var isTool = false
    /// The members of the state that steps set, in the order they were read.
    var stateWrites: [String] = []
    /// Whether what is read undoes something, or cleans up: nothing undoes that.
    var isUndoing = false
    private var depth = 0

    /// Which part of an agent is read.
    enum AgentReading {
        /// All but what verifies its answers by a step.
        case declaring
        case whole
        /// One that verifies answers itself.
        case verifying
    }

    init(handlers: [String]?, servers: [String]? = nil) {
        self.handlers = handlers
        self.servers = servers
    }

    mutating func workflow(_ document: JSONValue) -> Workflow? {
        let root = JSONPointer()
        guard let object = reader.object(document, at: root, as: .document) else { return nil }
        let name = reader.string("name", of: object, at: root)
        if let name, !Self.isName(name) {
            reader.report(
                Problem(
                    "document.badName", at: root.appending("name"),
                    "A workflow's name has 1 to 128 letters, digits, and the marks . _ - /."))
        }
        _ = reader.string("$schema", of: object, at: root)
        let description = reader.string("description", of: object, at: root)
        let input = reader.present("input", in: object).flatMap { reader.schema($0, at: root.appending("input")) }
        if input != nil { reader.around.input = object["input"] ?? .bool(true) }
        let found = Self.names(in: document)
        let state = initialState(object, setLater: found.state)
        readAgents(object, bound: found.items)
        let steps = Self.steps(of: object)
        let output = seeing(steps) { $0.reader.template("output", of: object, at: root) }
        let cleanup = cleanup(object, seeing: steps, at: root)
        let redaction = redaction(object, at: root)
        guard let flow = body(of: object, at: root), let name else { return nil }
        if cleanup != nil, flow["cleanup"] != nil {
            reader.report(
                Problem(
                    "document.badName", at: root.appending("flow").appending("cleanup"),
                    "A step cannot have the name \"cleanup\" where the document has a cleanup flow."))
        }
        return Workflow(
            name: name, description: description, document: document, input: input, state: state, output: output,
            flow: flow, cleanup: cleanup, redaction: redaction)
    }

    /// The flow, or the pattern that stands in its place.
    private mutating func body(of object: JSONObject, at pointer: JSONPointer) -> Flow? {
        let names = ["flow"] + Pattern.allCases.map(\.rawValue) + ["program"]
        let present = names.filter { reader.present($0, in: object) != nil }
        if present.isEmpty {
            reader.reportMissing(
                "flow", at: pointer,
                hint: "A flow looks like {\"START\": \"first\", \"first\": {…, \"next\": \"END\"}}. "
                    + "One of the patterns may stand in its place: \(names.dropFirst().joined(separator: ", ")).")
        }
        if present.count > 1 {
            reader.report(
                Problem(
                    "document.ambiguousFlow", at: pointer,
                    "A workflow is one flow, this one has \(present.map { "\"\($0)\"" }.joined(separator: " and ")).",
                    hint: "A pattern can stand as a step inside the flow."))
        }
        let flows = present.map { name in
            let place = pointer.appending(name)
            if name == "program" { return program(of: object, at: pointer) }
            return Pattern(rawValue: name).map { pattern($0, object[name] ?? .null, at: place) }
                ?? flow(object[name] ?? .null, at: place)
        }
        return flows.first ?? nil
    }

    private mutating func cleanup(_ object: JSONObject, seeing steps: JSONObject, at pointer: JSONPointer) -> Flow? {
        guard let value = reader.present("cleanup", in: object) else { return nil }
        isUndoing = true
        defer { isUndoing = false }
        return seeing(steps) { $0.flow(value, at: pointer.appending("cleanup")) }
    }

    /// The steps of the document's own flow, which its `output` and `cleanup` see too.
    private static func steps(of object: JSONObject) -> JSONObject {
        if let flow = object["flow"]?.object { return flow }
        for pattern in Pattern.allCases {
            if let body = object[pattern.rawValue]?.object { return pattern.steps(of: body) }
        }
        return [:]
    }

    /// Reads what stands where these names are known, beside those that are known already.
    mutating func binding<Result>(_ names: [String], _ read: (inout WorkflowParser) -> Result) -> Result {
        let outer = reader.around.roots
        reader.around.roots += names
        defer { reader.around.roots = outer }
        return read(&self)
    }

    /// Reads what stands within a step.
    mutating func within<Result>(_ pointer: JSONPointer, _ read: (inout WorkflowParser) -> Result?) -> Result? {
        guard depth < Self.greatestDepth else {
            reader.report(
                Problem(
                    "document.tooDeep", at: pointer,
                    "Steps stand within steps more than \(Self.greatestDepth) deep here.",
                    hint: "Make a workflow of the inner ones, and a step {\"workflow\": …} in their place."))
            return nil
        }
        depth += 1
        defer { depth -= 1 }
        return read(&self)
    }

    /// Reads what sees these steps, as the document has them, beside those it sees already.
    mutating func seeing<Result>(_ steps: JSONObject, _ read: (inout WorkflowParser) -> Result) -> Result {
        reader.around.flows.append(steps)
        defer { reader.around.flows.removeLast() }
        return read(&self)
    }

    /// Reads a step that `result` comes to from one of these, as the document has them.
    mutating func after<Result>(_ steps: [JSONValue], _ read: (inout WorkflowParser) -> Result) -> Result {
        let outer = reader.around.before
        reader.around.before = steps
        defer { reader.around.before = outer }
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

    private mutating func initialState(_ object: JSONObject, setLater: [String]) -> JSONObject {
        guard let value = reader.present("state", in: object) else {
            reader.around.state = Set(setLater)
            return [:]
        }
        guard case .object(let state) = value else {
            reader.reportType(value, at: JSONPointer().appending("state"), expected: "an object")
            return [:]
        }
        reader.around.state = Set(setLater + state.keys)
        return state
    }

    /// The members of the state that some step sets, and the names that items go by, however broken their steps are;
    /// rather one too many than one too few.
    private static func names(in document: JSONValue) -> (state: [String], items: [String]) {
        var state: [String] = []
        var items: [String] = []
        var open = [document]
        while let value = open.popLast() {
            switch value {
            case .object(let object):
                state += object["set"]?.object?.keys.map(\.self) ?? []
                if let name = object["as"]?.string { items.append(name) }
                open += object.map(\.value)
            case .array(let elements): open += elements
            default: break
            }
        }
        return (state, items)
    }
}
