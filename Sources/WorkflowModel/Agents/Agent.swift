package import Expressions
package import JSON

package struct AgentStep: Sendable {
    package var agent: Agent
    package var prompt: Template
}

/// A model with its instructions and tools, declared under the document's `agents` or in place. A class, since every
/// run that stands in one of its steps points to it.
package final class Agent: Sendable {
    /// How many turns the model has where its document does not say.
    package static let defaultTurnLimit = 20
    /// How often it is told what is wrong with an answer that must fit a schema.
    package static let repairLimit = 3

    /// What a last answer must fit, which then is JSON.
    package struct Form: Sendable {
        package var schema: JSONValue
        package var validator: JSONSchema
    }

    /// What looks at an answer before it is the step's; `result` is the step's result as it would be.
    package enum Verification: Sendable {
        case condition(Expression)
        /// Says so by failing, or by `{passed: false, feedback}`.
        case step(Step)
    }

    /// `provider/model`.
    package let model: String
    package let system: Template?
    package let tools: [AgentTool]
    package let maxTurns: Int
    package let output: Form?
    package let verification: Verification?
    package let settings: ModelSettings

    init(
        model: String, system: Template?, tools: [AgentTool] = [], maxTurns: Int = defaultTurnLimit,
        output: Form? = nil, verification: Verification? = nil, settings: ModelSettings = ModelSettings()
    ) {
        self.model = model
        self.system = system
        self.tools = tools
        self.maxTurns = maxTurns
        self.output = output
        self.verification = verification
        self.settings = settings
    }

    /// What a model calls by a name, also where it is one of all the tools of a server.
    package func tool(_ name: String) -> AgentTool? {
        guard let (tool, part) = tools.owner(of: name) else { return nil }
        return part.map { tool.one($0, called: name) } ?? tool
    }

    /// The steps that its tools and its verification are.
    package var steps: [Step] {
        let verification: [Step] = if case .step(let step)? = self.verification { [step] } else { [] }
        return tools.map(\.step) + verification
    }
}

/// How a model is to answer; what is absent is left to its provider.
package struct ModelSettings: Sendable, Hashable {
    /// The most tokens of one answer.
    package var maxTokens: Int?
    package var temperature: Double?
    package var topP: Double?
    /// The most tokens it may think before it answers.
    package var thinkingTokens: Int?
    /// Texts that end an answer.
    package var stop: [String] = []

    package init() {}
}

/// What a model may call in the midst of its answer.
package struct AgentTool: Sendable {
    /// The name that a call's arguments have in the words of its command.
    package static let argumentsName = "args"
    /// The name that its own name has there.
    package static let calledName = "tool"
    /// How many bytes of a result the model is given where its document does not say.
    package static let defaultResultLimit = 100_000

    /// With a `*` at its end where it stands for all tools of a server.
    package var name: String
    package var description: String?
    /// What its arguments must fit; nil leaves that to the server it is from.
    package var input: Agent.Form?
    /// A `call`, a `command` or a `tool`, which stands alone.
    package var step: Step
    /// Asked before each call.
    package var approval: ApprovalStep?
    /// How many bytes of a result the model is given.
    package var maxResultBytes = defaultResultLimit

    package var offer: ModelTool {
        ModelTool(name: name, description: description, input: input?.schema, origin: origin)
    }
}
