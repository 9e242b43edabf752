import HTTP
import JSON
import WorkflowModel

/// What a service over HTTP understands and says: the part in which providers differ.
protocol ModelDialect: Sendable {
    /// Where its service is when nobody says, and the environment variable that holds its key.
    static var defaultBaseURL: String { get }
    static var defaultKeyVariable: String { get }

    init()

    /// The path below the base URL.
    var path: String { get }
    /// What says who asks.
    func headers(key: String?) -> [(name: String, value: String)]
    func body(_ work: AgentWork, model: String, _ settings: ProviderSettings) -> JSONValue
    func makeReading() -> any AnswerReading
}

/// An answer as it comes, an event at a time.
protocol AnswerReading: Sendable {
    /// What the event adds to the text; nil where it adds nothing.
    mutating func take(_ event: JSONValue) throws(Failure) -> String?
    /// The same of an answer that came whole, from a server that does not stream; nil where it is none.
    mutating func take(whole answer: JSONValue) throws(Failure) -> String?
    /// What the model has thought since this was last asked.
    mutating func takeThoughts() -> String
    /// Whether an event said that nothing more comes.
    var isOver: Bool { get }
    /// The whole answer; nil where its end has not come.
    func answer() throws(Failure) -> ModelAnswer?
}

/// How a provider is reached, and what it costs.
package struct ProviderSettings: Sendable {
    /// Without a slash at its end.
    package var baseURL: String?
    /// The name of the environment variable that holds the key.
    package var keyVariable: String?
    /// Sent with each request, beside those of the provider's own.
    package var headers: [(name: String, value: String)] = []
    /// By the model's name.
    package var prices: [String: ModelPrices] = [:]

    package init() {}
}

/// What a million tokens cost, in the currency the user thinks in.
package struct ModelPrices: Sendable, Hashable {
    package var input: Double
    package var output: Double
    package var cacheRead: Double
    package var cacheWrite: Double

    package init(input: Double, output: Double, cacheRead: Double, cacheWrite: Double) {
        self.input = input
        self.output = output
        self.cacheRead = cacheRead
        self.cacheWrite = cacheWrite
    }

    /// In millionths of the currency: what one token costs, when a million cost a price.
    func micros(_ usage: ModelUsage) -> Int {
        let cost =
            Double(usage.inputTokens) * input + Double(usage.outputTokens) * output
            + Double(usage.cacheReadTokens) * cacheRead + Double(usage.cacheWriteTokens) * cacheWrite
        return Int(exactly: cost.rounded()) ?? 0
    }
}

extension Conversation.Result {
    /// What the model is told of a call's end, and whether it is a failure.
    var forModel: (text: String, isError: Bool) {
        switch self {
        case .returned(.string(let text)): (text, false)
        case .returned(let output): (output.serialized(), false)
        case .failed(let failure): ("\(failure.kind): \(failure.message)", true)
        }
    }
}

extension AgentWork {
    /// The instructions, with the schema that the last answer must fit.
    var instructions: String? {
        guard let output else { return system }
        let demand = "Your last answer must be JSON alone, without a fence around it, and fit this JSON Schema:\n"
        return [system, demand + output.serialized()].compactMap(\.self).joined(separator: "\n\n")
    }
}

extension Failure {
    static func malformed(_ message: String) -> Failure {
        Failure(kind: "model.malformed", message: message)
    }
}

extension JSONValue {
    /// A number of things; nil for anything that is none.
    var count: Int? { int.flatMap { $0 >= 0 ? $0 : nil } }
}
