import JSON
import WorkflowEngine

/// A kind of run: its workflow and what is asked of it, with figures that the seed draws.
struct Scenario: Sendable {
    /// A document without its name; its input and its options where it has some.
    struct Plan {
        var document: JSONObject
        var input: JSONValue = .null
        var options: JSONValue?
    }

    let name: String
    let plan: @Sendable (inout SeededRandom) -> Plan

    init(_ name: String, _ plan: @escaping @Sendable (inout SeededRandom) -> Plan) {
        self.name = name
        self.plan = plan
    }

    func request(_ id: String, _ random: inout SeededRandom) -> RunRequest {
        let plan = plan(&random)
        var document = plan.document
        document["name"] = .string(name)
        var request = RunRequest(definition: .document(.object(document)), cwd: "/")
        request.runID = id
        request.input = plan.input
        request.options = plan.options
        request.starts = random.chance(0.9)
        return request
    }

    static let all: [Scenario] = [
        approvals, inputs, timers, signals, retries, runRetries, branches, items, routing, workers, subtasks, drafts,
        parents,
        compensations, cancellations, chains, interruptions, silence, timeouts, budgets, specialists, programs, agents,
    ]
}

extension SeededRandom {
    mutating func json(_ bounds: ClosedRange<Int>) -> JSONValue { .number(JSONNumber(number(bounds))) }
}
