package import JSON

/// A step body with its expressions evaluated: what an attempt performs. Indirect, since attempts are handed on and on.
package indirect enum Work: Sendable, Hashable {
    case call(handler: String, input: JSONValue)
    case command(CommandWork)
    case agent(AgentWork)
    case tool(ToolWork)
    case program(name: String, input: JSONValue)
    /// The body of a program's step: whoever runs the program runs it.
    case hosted
}

/// A local process.
package struct CommandWork: Sendable, Hashable {
    /// The program and its arguments, as they are given to the kernel: no shell.
    package var arguments: [String]
    /// Relative to the run's working directory; nil means that directory itself.
    package var cwd: String?
    /// What the step adds to the allow-list of the environment.
    package var environment: [String: String]
    /// Variables whose values are found when the process starts, by the names that the user's configuration has them
    /// under.
    package var secrets: [String: String] = [:]
    package var stdin: String?
    package var okExitCodes: [Int]

    package init(
        arguments: [String], cwd: String? = nil, environment: [String: String] = [:], stdin: String? = nil,
        okExitCodes: [Int] = [0]
    ) {
        self.arguments = arguments
        self.cwd = cwd
        self.environment = environment
        self.stdin = stdin
        self.okExitCodes = okExitCodes
    }
}

/// A call of an MCP server's tool.
package struct ToolWork: Sendable, Hashable {
    package var server: String
    package var tool: String
    package var arguments: JSONValue

    package init(server: String, tool: String, arguments: JSONValue) {
        self.server = server
        self.tool = tool
        self.arguments = arguments
    }
}

/// A tool as a model is offered it.
package struct ModelTool: Sendable, Hashable {
    package var name: String
    package var description: String?
    /// The JSON Schema of its arguments.
    package var input: JSONValue?
    /// Where it is from, where a server says what the document does not.
    package var origin: Origin?

    package struct Origin: Sendable, Hashable {
        package var server: String
        package var tool: String
    }

    package init(name: String, description: String?, input: JSONValue?, origin: Origin? = nil) {
        self.name = name
        self.description = description
        self.input = input
        self.origin = origin
    }

    /// Whether nothing is left for its server to say.
    package var isDescribed: Bool { origin == nil || description != nil && input != nil }
}

/// One turn of a model: all that it is to be asked with.
package struct AgentWork: Sendable, Hashable {
    /// `provider/model`.
    package var model: String
    package var system: String?
    package var prompt: String
    /// What was said since; the model's next turn is asked for.
    package var conversation = Conversation()
    /// What it may call.
    package var tools: [ModelTool] = []
    /// The JSON Schema that its last answer must fit; the core sees to it, whatever its provider can do.
    package var output: JSONValue?
    package var settings = ModelSettings()

    package init(model: String, system: String? = nil, prompt: String) {
        self.model = model
        self.system = system
        self.prompt = prompt
    }
}
