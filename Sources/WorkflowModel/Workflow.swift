package import Expressions
package import JSON

/// A definition: what runs are made from. A class, since every run of it shares one.
package final class Workflow: Sendable {
    package let name: String
    package let description: String?
    /// A hash of the document's content; member order does not matter.
    package let version: String
    package let document: JSONValue
    package let input: JSONSchema?
    /// The members the state begins with.
    package let state: JSONObject
    /// What the run's output is; without it the last step's result.
    package let output: Template?
    package let flow: Flow

    init(
        name: String, description: String?, document: JSONValue, input: JSONSchema?, state: JSONObject,
        output: Template?, flow: Flow
    ) {
        self.name = name
        self.description = description
        self.version = ContentHash.of(document).prefix(16).description
        self.document = document
        self.input = input
        self.state = state
        self.output = output
        self.flow = flow
    }
}

/// Steps and the ways between them.
package struct Flow: Sendable {
    package static let startName = "START"

    package var start: Target
    /// In the document's order.
    package var steps: [Step]
    private let positions: [String: Int]

    init(start: Target, steps: [Step]) {
        self.start = start
        self.steps = steps
        positions = Dictionary(steps.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { _, last in last })
    }

    package subscript(name: String) -> Step? {
        positions[name].map { steps[$0] }
    }
}
