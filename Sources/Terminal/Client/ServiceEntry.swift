/// What a command line says about the service.
package struct ServiceSettings: Sendable, Hashable {
    package var store: String?
    package var allowsCommands = false
    package var retention: String?
    package var logPath: String?
    package var logLevel: String?
    /// Whether step bodies are performed here. A command that only looks or decides performs none.
    package var performs = true
    /// Whether runs that nobody performs are taken on. A command is about one run and takes on no other.
    package var recovers = true

    package init(_ arguments: Arguments) {
        store = arguments["store"]
        allowsCommands = arguments.has("allow-commands")
        retention = arguments["retention"]
        logPath = arguments["log"]
        logLevel = arguments["log-level"]
    }
}

/// Serves one client over two descriptors, and blocks until the session ends: its exit code. It closes neither.
package typealias ServiceEntry = @Sendable (ServiceSettings, _ input: Int32, _ output: Int32) -> Int32
