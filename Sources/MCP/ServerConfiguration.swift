/// An MCP server as its host configures it: a program that speaks the Model Context Protocol on its standard streams.
package struct ServerConfiguration: Sendable, Hashable {
    /// What documents call it.
    package var name: String
    /// The program and its arguments, without a shell.
    package var command: [String]
    /// What it has beside the few variables that every command has.
    package var environment: [String: String]
    /// Where it runs; nil is where the service runs.
    package var cwd: String?

    package init(name: String, command: [String], environment: [String: String] = [:], cwd: String? = nil) {
        self.name = name
        self.command = command
        self.environment = environment
        self.cwd = cwd
    }
}

/// How much a server may say, and how long it is waited for.
package struct ServerLimits: Sendable {
    package var messageBytes = 16 << 20
    /// How long a server may take to say which revisions of the protocol it speaks.
    package var probe: Duration = .seconds(5)
    /// How long it may take after that until it is ready.
    package var start: Duration = .seconds(60)
    /// How many pages a list of tools may have.
    package var pages = 100

    package init() {}
}
