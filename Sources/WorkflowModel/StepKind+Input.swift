package import Expressions
package import JSON

extension StepKind {
    /// What the body gets; null for a kind without a body, or whose body is the client's program. Throws failures and
    /// expression errors alone.
    package func bodyInput(_ bindings: @autoclosure () -> Bindings) throws -> JSONValue {
        switch self {
        case .call(let call): return try call.with?.evaluate(bindings()) ?? [:]
        case .command(let command): return try command.input(bindings())
        case .tool(let tool): return try tool.with?.evaluate(bindings()) ?? [:]
        case .agent(let step):
            var input: JSONObject = ["model": .string(step.agent.model)]
            if let system = step.agent.system {
                input["system"] = .string(try system.evaluate(bindings()).plainText)
            }
            input["prompt"] = .string(try step.prompt.evaluate(bindings()).plainText)
            return .object(input)
        case .workflow, .approval, .input, .wait, .parallel, .forEach, .pattern, .set, .fail, .program, .hosted:
            return .null
        }
    }

    /// Whether it has a body that always gets the same.
    var hasConstantInput: Bool {
        switch self {
        case .call(let call): call.with?.isConstant ?? true
        case .tool(let tool): tool.with?.isConstant ?? true
        case .agent(let step): step.prompt.isConstant && step.agent.system?.isConstant ?? true
        case .command(let command):
            (command.arguments + command.environment.map(\.value)).allSatisfy(\.isConstant)
                && command.cwd?.isConstant ?? true && command.stdin?.isConstant ?? true
        case .workflow, .approval, .input, .wait, .parallel, .forEach, .pattern, .set, .fail, .program, .hosted: false
        }
    }
}

extension CommandStep {
    fileprivate func input(_ bindings: Bindings) throws -> JSONValue {
        var words: [JSONValue] = [.string(program)]
        for argument in arguments {
            let text = try argument.evaluate(bindings).plainText
            if text.utf8.contains(0) { throw Failure.nullByte }
            words.append(.string(text))
        }
        var input: JSONObject = ["command": .array(words)]
        if let cwd { input["cwd"] = .string(try cwd.evaluate(bindings).plainText) }
        if !environment.isEmpty || !secrets.isEmpty {
            var variables = JSONObject()
            for (name, secret) in secrets { variables[name] = ["secret": .string(secret)] }
            for (name, value) in environment {
                variables[name] = .string(try value.evaluate(bindings).plainText)
            }
            input["env"] = .object(variables)
        }
        if let stdin { input["stdin"] = .string(try stdin.evaluate(bindings).plainText) }
        return .object(input)
    }
}

extension Failure {
    fileprivate static let nullByte = Failure(
        kind: "command.badArgument", message: "An argument of a command cannot hold a NUL character.",
        isRetryable: false)
}

extension JSONValue {
    /// A string as it is, null as nothing, anything else as its JSON text.
    package var plainText: String {
        switch self {
        case .string(let text): text
        case .null: ""
        default: serialized()
        }
    }
}
