import Glibc

/// What a command gets of our own environment: an allow-list, so that no secret of ours reaches a stranger's process.
package struct CommandEnvironment: Sendable {
    package static let names =
        ["PATH", "HOME", "LANG", "TMPDIR", "USER", "LOGNAME", "SHELL", "TZ", "TERM"]
        + [
            "ALL", "ADDRESS", "COLLATE", "CTYPE", "IDENTIFICATION", "MEASUREMENT", "MESSAGES", "MONETARY", "NAME",
            "NUMERIC", "PAPER", "TELEPHONE", "TIME",
        ].map { "LC_" + $0 }

    private var inherited: [String: String] = [:]

    package init(variable: (String) -> String?) {
        for name in Self.names { inherited[name] = variable(name) }
    }

    /// The variable of this process, if it is set.
    package static let ownVariable: @Sendable (String) -> String? = { name in
        getenv(name).map { String(cString: $0) }
    }

    /// `NAME=value` for each; what the step says takes precedence.
    func entries(adding own: [String: String]) -> [String] {
        inherited.merging(own) { _, own in own }.map { "\($0.key)=\($0.value)" }
    }
}
