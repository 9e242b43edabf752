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
    /// The one step of a workflow that is a program.
    package let program: Step?
    /// What runs when a run is cancelled, before it ends.
    package let cleanup: Flow?
    /// What is hidden of its runs; nil where that is nothing.
    package let redaction: Redaction?

    init(
        name: String, description: String?, document: JSONValue, input: JSONSchema?, state: JSONObject,
        output: Template?, flow: Flow, cleanup: Flow? = nil, redaction: Redaction? = nil
    ) {
        self.name = name
        self.description = description
        self.version = ContentHash.of(document).prefix(16).description
        self.document = document
        self.input = input
        self.state = state
        self.output = output
        self.flow = flow
        self.program = flow.program
        self.cleanup = cleanup
        self.redaction = redaction
    }
}

extension Workflow {
    /// Every step there is, at any depth.
    package var allSteps: [Step] {
        flow.allSteps + (cleanup?.allSteps ?? [])
    }
}
