package import Configuration
package import Secrets
package import WorkflowEngine
import WorkflowModel
package import WorkflowStore

/// How the service is to run, as the command line has it.
package struct ServiceOptions: Sendable {
    package var version: String
    /// `--store`.
    package var store: String?
    /// Where the store is when nobody says: `$XDG_STATE_HOME/fermata/fermata.db`.
    package var defaultStore: Setting<String>
    /// `--allow-commands`.
    package var allowsCommands = false
    /// Whether step bodies are performed here; controls for people only decide.
    package var performs = true
    /// Whether runs that nobody performs are taken on when the session begins.
    package var recovers = true
    /// `--retention`: for how many days runs that ended are kept.
    package var retentionDays: Int?
    package var log = Log(level: .warning)
    package var maxMessageBytes = 16 << 20
    /// Where runs work whose creator does not say.
    package var cwd: String
    /// Where the user and the workspace say what they want.
    package var configurationFiles = ConfigurationFiles.none

    package init(version: String, defaultStore: Setting<String>, cwd: String) {
        self.version = version
        self.defaultStore = defaultStore
        self.cwd = cwd
    }
}

/// What the executable puts together and the session does not know: which store there is, and who performs the steps. Used on the engine's
/// thread.
package struct ServiceComposition {
    package var options: ServiceOptions
    /// Opens the store at a path; `memory:` is one that ends with the process.
    package var openStore: (String) throws(EngineError) -> (journal: any Journal, registry: any EngineRegistry)
    /// What is covered in all that is kept and told; nil where nothing is secret.
    package var mask: (Settings) -> SecretMask? = { _ in nil }
    /// Ends the service when that process dies.
    package var watchProcess: (Int) -> Void
    /// Begins what a session needs once it does more than answer `initialize`, which must be quick; installs what performs
    /// the steps that the client does not host.
    package var beginWork: (Engine, Settings) -> Void

    package init(
        options: ServiceOptions,
        openStore: @escaping (String) throws(EngineError) -> (journal: any Journal, registry: any EngineRegistry),
        watchProcess: @escaping (Int) -> Void, beginWork: @escaping (Engine, Settings) -> Void
    ) {
        self.options = options
        self.openStore = openStore
        self.watchProcess = watchProcess
        self.beginWork = beginWork
    }

    var version: String { options.version }
}
