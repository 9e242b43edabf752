import JSON
import WorkflowModel

/// The steps and flows that a run can stand in, by numbers, for a snapshot to refer to: those of its workflow in the
/// document's order, and after them those that a program has opened, which are written down with it.
final class StepTable {
    private(set) var steps: [Step] = []
    private(set) var flows: [Flow] = []
    /// What is written down of steps that no document has: name, kind and source.
    private(set) var definitions: [JSONValue] = []
    private var stepNumbers: [ObjectIdentifier: Int] = [:]
    private var flowNumbers: [ObjectIdentifier: Int] = [:]

    init(_ workflow: Workflow) {
        add(workflow.flow)
        if let cleanup = workflow.cleanup { add(cleanup) }
    }

    /// Adds the steps that a snapshot has written down.
    func add(definitions: [JSONValue]) throws(UnreadableState) {
        for definition in definitions {
            guard let name = definition["name"]?.string, let kind = definition["kind"]?.string,
                let source = definition["source"]?.object,
                let read = StepDefinition(recorded: source, name: name, kind: kind)
            else { throw UnreadableState("definitions") }
            add(read.step)
        }
    }

    private func add(_ flow: Flow) {
        flowNumbers[ObjectIdentifier(flow)] = flows.count
        flows.append(flow)
        for step in flow.steps { add(step) }
    }

    private func add(_ step: Step) {
        stepNumbers[ObjectIdentifier(step)] = steps.count
        steps.append(step)
        for (_, flow) in step.kind.flows { add(flow) }
        if case .agent(let agent) = step.kind {
            for step in agent.agent.steps { add(step) }
        }
        if let compensation = step.compensation { add(compensation) }
    }

    // MARK: References

    /// Its number and its name, by which another order of steps is found out. One that nobody has is written down.
    func reference(to step: Step) -> JSONValue {
        if stepNumbers[ObjectIdentifier(step)] == nil {
            definitions.append([
                "name": .string(step.name), "kind": .string(step.kind.name), "source": .object(step.source),
            ])
            add(step)
        }
        let number = stepNumbers[ObjectIdentifier(step)] ?? 0
        return [number.stored, .string(step.name)]
    }

    func step(_ reference: JSONValue?) throws(UnreadableState) -> Step {
        guard let number = reference?[0]?.int, steps.indices.contains(number),
            steps[number].name == reference?[1]?.string
        else { throw UnreadableState("step") }
        return steps[number]
    }

    /// A flow of its own around one step is told by the step.
    func reference(to flow: Flow) -> (name: String, JSONValue) {
        if let number = flowNumbers[ObjectIdentifier(flow)] {
            return ("flow", [number.stored, .string(flow.start.name)])
        }
        return ("step", reference(to: flow.steps[0]))
    }

    func flow(in scope: JSONValue) throws(UnreadableState) -> Flow {
        guard let reference = scope["flow"] else { return Flow(single: try step(scope["step"])) }
        guard let number = reference[0]?.int, flows.indices.contains(number),
            flows[number].start.name == reference[1]?.string
        else { throw UnreadableState("flow") }
        return flows[number]
    }
}
