import Glibc

/// Where the program of a command is.
package enum ProgramPlace {
    /// A program without a slash is looked up in our own PATH; nil where there is none that may be executed.
    package static func path(of program: String) -> String? {
        if program.contains("/") { return isExecutable(program) ? program : nil }
        guard !program.isEmpty, let path = CommandEnvironment.ownVariable("PATH") else { return nil }
        let folders = path.split(separator: ":", omittingEmptySubsequences: false)
        return folders.map { $0.isEmpty ? program : "\($0)/\(program)" }.first(where: isExecutable)
    }

    private static func isExecutable(_ path: String) -> Bool {
        var status = stat()
        return access(path, X_OK) == 0 && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}
