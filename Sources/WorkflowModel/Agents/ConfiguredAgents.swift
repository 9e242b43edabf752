package import JSON

/// The agents of a host, which documents may name beside their own. What names one gets a copy, so that a run stays with
/// the agent that it began with.
package struct ConfiguredAgents: Sendable {
    private let agents: JSONObject

    package init() { agents = [:] }

    /// As a document declares them under `agents`; throws what is wrong with them, with pointers from there.
    package init(_ agents: JSONObject) throws(InvalidWorkflow) {
        self.agents = agents
        guard !agents.isEmpty else { return }
        let problems = Workflow.problems(in: ["name": "agents", "agents": .object(agents), "flow": ["START": "END"]])
        let errors = problems.filter { $0.severity == .error && $0.pointer.tokens.first == "agents" }
        guard errors.isEmpty else { throw InvalidWorkflow(problems: errors) }
    }

    /// A document, with those declared that it names and does not declare.
    package func declared(in document: JSONValue) -> JSONValue {
        guard !agents.isEmpty, case .object(var members) = document else { return document }
        var declared = JSONObject()
        switch members["agents"] {
        case nil, .null?: break
        case .object(let own)?: declared = own
        case .some: return document
        }
        let own = declared.count
        var open = [document]
        while let value = open.popLast() {
            switch value {
            case .object(let object):
                if let name = object["agent"]?.string, declared[name] == nil, let agent = agents[name] {
                    declared[name] = agent
                    open.append(agent)
                }
                open += object.map(\.value)
            case .array(let elements): open += elements
            default: break
            }
        }
        if declared.count > own { members["agents"] = .object(declared) }
        return .object(members)
    }

    /// A step that stands alone, with its agent in the place of its name, and the one that verifies it.
    package func placed(in step: JSONValue) -> JSONValue {
        guard case .object(var members) = step, let name = members["agent"]?.string,
            case .object(var agent)? = agents[name]
        else { return step }
        agent["verify"] = agent["verify"].map(placed)
        members["agent"] = .object(agent)
        return .object(members)
    }
}
