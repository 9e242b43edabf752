package import JSON
package import RPC

/// A registered workflow's name, or a document in place.
package enum WorkflowReference: Sendable, Hashable {
    case name(String)
    case document(JSONValue)
}

extension WorkflowReference: ParameterValue {
    package static var expectation: String { "a name or a document" }
    package static var declaration: (shape: Shape, sample: WorkflowReference) {
        (.either([.string, .map(.any)]), .name(""))
    }

    package init(parameter value: JSONValue, at pointer: JSONPointer) throws(RPCError) {
        switch value {
        case .string(let name): self = .name(name)
        case .object: self = .document(value)
        default: throw Self.mismatch(value, at: pointer)
        }
    }
}
