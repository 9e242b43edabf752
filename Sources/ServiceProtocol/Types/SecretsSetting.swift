import RPC

/// What nobody may see: `config.secrets` {names: [environment variable, …]}.
package struct SecretsSetting: Sendable, Hashable {
    /// The variables whose values are covered.
    package var names: [String] = []

    init(in config: Parameters?) throws(RPCError) {
        let summary = "What is covered in all that is kept and told."
        guard let params = try config?.optional("secrets", as: Parameters.self, summary) else { return }
        names =
            try params.optional("names", "Environment variables whose values are secret, beside those of keys.") ?? []
        for name in names {
            // It may be the secret itself, so it is not repeated.
            let isName = name.isVariableName
            try params.require(isName, "names", "must be the names of environment variables, never their values")
        }
    }
}

extension String {
    /// Letters, digits and underscores, no digit first, as POSIX has it.
    package var isVariableName: Bool {
        guard let first = utf8.first, !(0x30...0x39).contains(first) else { return false }
        return utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
            default: false
            }
        }
    }
}
