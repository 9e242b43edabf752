import JSON
import WorkflowModel

/// What an agent may call: a function of this program, or whatever a document may give an agent.
///
/// ```swift
/// let look = Tool("look", "Looks a word up.", input: ["type": "object", "properties": ["word": ["type": "string"]]]) {
///     (query: Query, context) in
///     context.log("looking \(query.word) up")
///     return try await lookUp(query.word)
/// }
/// ```
///
/// Each call is a step of its own: recorded, and not made again once it is. What the function throws is told to the model.
public struct Tool: Sendable {
    private let name: String
    private let members: JSONObject
    private let body: (@Sendable (JSONValue, Context) async throws -> JSONValue)?

    /// A function of this program.
    ///
    /// - Parameters:
    ///   - name: What the model calls it by: 1 to 64 letters, digits, `_` and `-`.
    ///   - description: What it is for, as the model is told.
    ///   - schema: The JSON Schema of its arguments.
    ///   - approval: Who is asked before each call; nil for nobody.
    ///   - body: What it does with the arguments; what it gives is what the model is told.
    public init<Input: Decodable & Sendable, Output: Encodable & Sendable>(
        _ name: String, _ description: String, input schema: JSON = ["type": "object"],
        approval: ApprovalPolicy? = nil, _ body: @escaping @Sendable (Input, Context) async throws -> Output
    ) {
        self.name = name
        var members: JSONObject = [
            "name": .string(name), "description": .string(description.literal), "input": schema.value,
        ]
        members["approval"] = approval.map { .object($0.json) }
        self.members = members
        self.body = { value, context in
            try JSONCoding.encode(await body(try Input(value, givenTo: "tool", name), context))
        }
    }

    /// A tool as a document has it: a command, or tools of an MCP server: `["tool": "files/read"]`.
    public init(document: JSON) {
        members = document.value.object ?? ["document": document.value]
        name = members["name"]?.string ?? ""
        body = nil
    }

    /// As a document has it whose handlers are called after `owner`, and what it does here.
    func hosted(by owner: String) -> (document: JSONValue, body: StepBody?) {
        guard let body else { return (.object(members), nil) }
        var members = members
        let own = StepBody(name: "\(owner)/\(name)", perform: body)
        members["call"] = .string(own.name)
        return (.object(members), own)
    }
}

extension Decodable {
    /// What a body is given, which may be of another type than it says.
    init(_ value: JSONValue, givenTo kind: String, _ name: String) throws {
        do {
            self = try JSONCoding.decode(Self.self, from: value)
        } catch {
            throw WorkflowFailure.misuse(
                "input.invalid",
                "What the \(kind) \"\(name)\" is given is no \(Self.self): \(JSONCoding.explanation(of: error))")
        }
    }
}
