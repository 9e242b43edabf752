package import Configuration
import Glibc
package import Server

extension Setting<String> {
    /// `$XDG_STATE_HOME/fermata/fermata.db`; without a home, a store that ends with the process.
    package static var location: Setting<String> {
        if let state = variable("XDG_STATE_HOME") { return Setting(state + "/fermata/fermata.db", from: .environment) }
        if let home = variable("HOME") { return Setting(home + "/.local/state/fermata/fermata.db", from: .builtIn) }
        return Setting(OpenStore.inMemory, from: .builtIn)
    }
}

extension ConfigurationFiles {
    /// Those of the user and of the working directory. A relative `XDG_CONFIG_HOME` counts as none.
    package static var ofThisProcess: ConfigurationFiles {
        ConfigurationFiles(
            configurationHome: variable("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil },
            home: variable("HOME"), directory: currentDirectory)
    }
}

/// An environment variable that says something.
package func variable(_ name: String) -> String? {
    guard let value = getenv(name), value[0] != 0 else { return nil }
    return String(cString: value)
}

/// Where the process works.
package var currentDirectory: String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
}
