import JSON

/// The revisions of the protocol, as far as they differ for a client that lists and calls tools.
enum Revision {
    /// The current one, in which every request says who asks, and nothing is agreed on before.
    static let stateless = "2026-07-28"
    /// Those before it, newest first, which begin with `initialize`.
    static let withHandshake = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]

    /// What a server says that does not know a revision.
    static let unsupportedCode = -32022

    private static let prefix = "io.modelcontextprotocol/"

    /// What every request of the current revision says of who asks.
    static func preamble(client: JSONValue) -> JSONObject {
        [
            prefix + "protocolVersion": .string(stateless), prefix + "clientInfo": client,
            prefix + "clientCapabilities": [:],
        ]
    }
}
