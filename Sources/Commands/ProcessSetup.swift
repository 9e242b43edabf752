import Glibc
package import WorkflowModel

/// What the kernel is given to start a process.
package struct ProcessSetup {
    /// The program and its arguments. A program without a slash is looked up in our own PATH.
    var arguments: [String]
    /// `NAME=value`.
    var environment: [String]
    var directory: String
    /// Otherwise stdin is /dev/null.
    var hasInput: Bool

    /// Throws `command.failed` for what no process can be given.
    package init(
        _ work: CommandWork, in directory: String, hasInput: Bool, inherited: CommandEnvironment
    ) throws(Failure) {
        arguments = work.arguments
        environment = inherited.entries(adding: work.environment)
        self.hasInput = hasInput
        self.directory =
            switch work.cwd {
            case nil: directory
            case let cwd? where cwd.hasPrefix("/"): cwd
            case let cwd?: "\(directory)/\(cwd)"
            }
        guard !arguments.isEmpty, !program.isEmpty else { throw refused("the command names no program") }
        for name in work.environment.keys.sorted() where name.isEmpty || name.contains("=") {
            throw refused("'\(name)' cannot name a variable of its environment")
        }
        guard !(arguments + environment + [self.directory]).contains(where: { $0.utf8.contains(0) }) else {
            throw refused("an argument, a variable or the directory holds a NUL character")
        }
    }

    private var program: String { arguments.first ?? "" }

    private func refused(_ reason: String) -> Failure {
        .commandFailed("\(program) was not started: \(reason)", isRetryable: false)
    }

    /// Why the kernel did not start it, from its error number.
    func failure(_ code: Int32) -> Failure {
        let description = String(cString: strerror(code))
        if [EAGAIN, ENOMEM, EMFILE, ENFILE].contains(code) {
            return .commandFailed("\(program) was not started: \(description)", isRetryable: true)
        }
        // This holds only for a directory that can be entered.
        if access("\(directory)/.", X_OK) != 0 {
            return refused("its directory \(directory) cannot be entered: \(String(cString: strerror(errno)))")
        }
        guard code == ENOENT || code == ENOTDIR else {
            return refused("it cannot be executed: \(description)")
        }
        return .programNotFound(program, directory: directory)
    }
}
