package import JSON
package import RPC

/// A text that the configuration has, or the name of the environment variable that holds it: `{"secret": "NAME"}`.
package enum SecretText: Sendable, Hashable {
    case text(String)
    case secret(variable: String)

    package var variable: String? {
        if case .secret(let name) = self { name } else { nil }
    }

    /// The text; nil where its variable is not set. `variable` gives our own environment.
    package func resolved(_ variable: (String) -> String?) -> String? {
        switch self {
        case .text(let text): text
        case .secret(let name): variable(name)
        }
    }
}

extension SecretText: ParameterValue {
    package static var expectation: String { "a string, or {\"secret\": the name of an environment variable}" }
    package static var declaration: (shape: Shape, sample: SecretText) {
        let secret = Members(ofRead: [
            .required("secret", .string, "The environment variable that holds the text.")
        ])
        return (.either([.string, .object(secret)]), .text(""))
    }

    package init(parameter value: JSONValue, at pointer: JSONPointer) throws(RPCError) {
        if let text = value.string {
            self = .text(text)
        } else if let members = value.object, members.count == 1, let name = members["secret"]?.string,
            name.isVariableName
        {
            self = .secret(variable: name)
        } else {
            throw Self.mismatch(value, at: pointer)
        }
    }
}
