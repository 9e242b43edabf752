import JSON
import RPC

/// What a command has at hand.
package struct CommandContext {
    package let arguments: Arguments
    package let screen: Screen
    package let version: String
    /// Who sits at the terminal.
    package let user: String
    let entry: ServiceEntry
    let care: StoreCare
    let interrupts: Int32

    /// Opens a session with the service, has it do `body`, and ends it. Only a session that `performs` runs a step.
    func withClient<Outcome>(
        performs: Bool = false, allowsCommands: Bool = false, _ body: (LocalClient) throws -> Outcome
    ) throws -> Outcome {
        var settings = ServiceSettings(arguments)
        settings.performs = performs
        settings.recovers = false
        let client = try LocalClient(entry, settings, interrupts: interrupts)
        defer { client.close() }
        var capabilities = JSONObject()
        if allowsCommands { capabilities["commands"] = true }
        _ = try client.call(
            "initialize",
            [
                "clientInfo": ["name": "fermata-cli", "version": .string(version)], "namespace": "default",
                "capabilities": .object(capabilities),
            ])
        try client.notify("initialized")
        return try body(client)
    }

    /// A command line that goes on from here, on the same store.
    func commandLine(_ words: String...) -> String {
        let store = arguments["store"].map { ["--store", $0.shellQuoted] } ?? []
        return (["fermata"] + words + store).joined(separator: " ")
    }

    /// Writes a value as the one thing that a script reads.
    func write(json value: JSONValue) { screen.line(value.serialized()) }
}

extension String {
    fileprivate var shellQuoted: String {
        let isPlain =
            !isEmpty
            && utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B...0x2F, 0x3A, 0x3D, 0x40, 0x5F: true
                default: false
                }
            }
        return isPlain
            ? self : "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
