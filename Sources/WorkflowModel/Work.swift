package import JSON

/// A step body with its expressions evaluated: what an attempt performs.
package enum Work: Sendable, Hashable {
    case call(handler: String, input: JSONValue)
    case command(CommandWork)
    case agent(AgentWork)
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

/// A call of a model.
package struct AgentWork: Sendable, Hashable {
    /// `provider/model`.
    package var model: String
    package var system: String?
    package var prompt: String

    package init(model: String, system: String? = nil, prompt: String) {
        self.model = model
        self.system = system
        self.prompt = prompt
    }
}
