import JSON
import WorkflowModel

/// What a step of a flow does in this process.
struct StepBody: Sendable {
    /// The step's.
    let name: String
    /// Where the step stands in its flow.
    var pointer = JSONPointer()
    let perform: @Sendable (JSONValue, Context) async throws -> JSONValue

    /// What a document calls it by: handlers of all flows are known side by side.
    static func handler(of step: String, in flow: String) -> String { "\(flow)/\(step)" }
}

// The document names a handler, `flow/step`, and the flow brings it along.

extension Step {
    /// What this program does, given the run's input or what `input` says.
    ///
    /// It may have been begun before, and cut off. A run goes on with it wherever the flow is known:
    /// ``Fermata/init(store:namespace:workflows:flows:configuration:allowsCommands:)``. The body's task is cancelled when the attempt is not
    /// wanted any more.
    ///
    /// - Parameters:
    ///   - name: What the step is called.
    ///   - input: What it is given.
    ///   - body: The work, with a context to say how it goes; what it gives is the step's result.
    public static func call<Input: Decodable & Sendable, Output: Encodable & Sendable>(
        _ name: String, with input: JSON = "${input}",
        _ body: @escaping @Sendable (Input, Context) async throws -> Output
    ) -> Step {
        call(name, input) { value, context in
            try JSONCoding.encode(await body(try decode(value, for: name), context))
        }
    }

    /// What this program does, given the run's input or what `input` says, that leaves nothing.
    public static func call<Input: Decodable & Sendable>(
        _ name: String, with input: JSON = "${input}",
        _ body: @escaping @Sendable (Input, Context) async throws -> Void
    ) -> Step {
        call(name, input) { value, context in
            try await body(try decode(value, for: name), context)
            return .null
        }
    }

    /// What this program does, given nothing.
    public static func call<Output: Encodable & Sendable>(
        _ name: String, _ body: @escaping @Sendable () async throws -> Output
    ) -> Step {
        call(name, nil) { _, _ in try JSONCoding.encode(await body()) }
    }

    /// What this program does, given nothing, that leaves nothing.
    public static func call(_ name: String, _ body: @escaping @Sendable () async throws -> Void) -> Step {
        call(name, nil) { _, _ in
            try await body()
            return .null
        }
    }

    private static func call(
        _ name: String, _ input: JSON?, _ perform: @escaping @Sendable (JSONValue, Context) async throws -> JSONValue
    ) -> Step {
        var step = Step(name, [:]).setting("call") { .string(StepBody.handler(of: name, in: $0)) }.with(input)
        step.inside = StepInside(body: StepBody(name: name, perform: perform))
        return step
    }

    private static func decode<Input: Decodable>(_ value: JSONValue, for step: String) throws -> Input {
        do {
            return try JSONCoding.decode(Input.self, from: value)
        } catch {
            throw WorkflowFailure.misuse(
                "input.invalid",
                "What the step \"\(step)\" is given is no \(Input.self): \(JSONCoding.explanation(of: error))")
        }
    }
}
