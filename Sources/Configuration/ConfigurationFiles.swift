/// Where the files of configuration are.
package struct ConfigurationFiles: Sendable {
    /// `$XDG_CONFIG_HOME/fermata/config.json`, else `~/.config/fermata/config.json`; nil without a home.
    package let user: String?
    /// The workspace's file, whether it is there or not; nil where no folder is a workspace.
    package let workspace: String?
    private let home: String?
    private let workspaceFolder: String

    /// Nothing is read.
    package static let none = ConfigurationFiles(configurationHome: nil, home: nil, directory: nil)

    /// The workspace's file is the nearest `.fermata/config.json` from the working directory up to the root of its
    /// repository; outside of a repository only the working directory itself is looked at, for what lies above it may be
    /// anybody's.
    package init(configurationHome: String?, home: String?, directory: String?) {
        self.home = home
        user = (configurationHome ?? home.map { $0 + "/.config" }).map { $0 + "/fermata/config.json" }
        let folder = directory.map(Self.workspace) ?? ""
        workspaceFolder = folder
        let file = folder + Self.name
        workspace = directory == nil || file == user ? nil : file
    }

    private static let name = "/.fermata/config.json"

    private static func workspace(of directory: String) -> String {
        var folder = directory
        while true {
            if FilePlace.isThere(folder + name) { break }
            if FilePlace.isThere(folder + "/.git") { return folder }
            guard let slash = folder.lastIndex(of: "/"), !folder.isEmpty else { return directory }
            folder = String(folder[..<slash])
        }
        return folder == directory || isInRepository(folder) ? folder : directory
    }

    private static func isInRepository(_ directory: String) -> Bool {
        var folder = directory
        while !folder.isEmpty {
            if FilePlace.isThere(folder + "/.git") { return true }
            folder = String(folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)])
        }
        return false
    }

    /// Reads what is there, the weakest layer first.
    package func load() throws(ConfigurationProblem) -> MergedConfiguration {
        var merged = MergedConfiguration()
        if let user, let slash = user.lastIndex(of: "/") {
            let folder = String(user[..<slash])
            if let file = try ConfigurationFile(user, .user, folder: folder, home: home) { try merged.add(file) }
        }
        if let workspace,
            let file = try ConfigurationFile(workspace, .workspace, folder: workspaceFolder, home: nil)
        {
            try merged.add(file)
        }
        return merged
    }
}
