package import JSON

/// What a workflow's document itself says that bodies of its steps get: the inputs without an expression, by the names of the
/// steps. Not those within patterns, whose words are this version's.
package struct ConstantInputs: Sendable {
    package typealias Entry = (kind: String, input: JSONValue)

    private var entries: [String: Entry] = [:]

    init(of flows: [Flow]) {
        for flow in flows { collect(flow) }
    }

    package subscript(step: String) -> Entry? { entries[step] }

    /// Where a name stands twice, the first step counts.
    private mutating func collect(_ flow: Flow) {
        for step in flow.steps {
            if case .pattern = step.kind { continue }
            if entries[step.name] == nil, let input = step.constantInput {
                entries[step.name] = (step.kind.name, input)
            }
            for (_, flow) in step.kind.flows { collect(flow) }
        }
    }
}
