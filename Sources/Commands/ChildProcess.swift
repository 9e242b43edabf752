package import CSystem
import Glibc
package import WorkflowModel

/// A process that was started, with our ends of its pipes. Until it is reaped its id, and that of its group, is
/// nobody else's.
package struct ChildProcess: ~Copyable {
    package let id: pid_t
    /// Readable when the process has ended.
    package let end: Descriptor
    package var stdin: Descriptor?
    package let stdout: Descriptor
    package let stderr: Descriptor

    /// Starts the process as the leader of a new group, with default signals and no descriptor of ours but its three.
    package static func spawn(_ setup: ProcessSetup) throws(Failure) -> ChildProcess {
        guard let stdout = Pipe(), let stderr = Pipe() else { throw setup.failure(errno) }
        var stdin: Pipe?
        if setup.hasInput {
            stdin = Pipe()
            if stdin == nil { throw setup.failure(errno) }
        }
        var id: pid_t = 0
        let status = setup.spawn(
            stdin: stdin?.reading.raw, stdout: stdout.writing.raw, stderr: stderr.writing.raw, id: &id)
        guard status == 0 else { throw setup.failure(status) }
        let end = fermata_pidfd_open(id)
        guard end >= 0 else {
            let reason = errno
            kill(-id, SIGKILL)
            _ = reap(id)
            throw setup.failure(reason)
        }
        return ChildProcess(
            id: id, end: Descriptor(owning: end), stdin: stdin?.keepWriting(), stdout: stdout.keepReading(),
            stderr: stderr.keepReading())
    }

    /// Takes the exit status of a process that has ended or is about to. Nil when somebody else took it.
    package static func reap(_ id: pid_t) -> ExitStatus? {
        var info = siginfo_t()
        while waitid(P_PID, id_t(id), &info, WEXITED) != 0 {
            guard errno == EINTR else { return nil }
        }
        let status = Int(info._sifields._sigchld.si_status)
        return Int(info.si_code) == Int(CLD_EXITED) ? .code(status) : .signal(status)
    }
}

/// How a process ended.
package enum ExitStatus: Sendable {
    case code(Int)
    case signal(Int)

    /// As a shell tells it: 128 and the signal's number after a signal.
    var code: Int {
        switch self {
        case .code(let code): code
        case .signal(let number): 128 + number
        }
    }
}

extension ProcessSetup {
    /// Returns an error number, or 0.
    fileprivate func spawn(stdin: Int32?, stdout: Int32, stderr: Int32, id: inout pid_t) -> Int32 {
        Self.withCStrings(arguments) { arguments in
            Self.withCStrings(environment) { environment in
                fermata_spawn(&id, arguments, environment, directory, [stdin ?? -1, stdout, stderr])
            }
        }
    }

    private static func withCStrings(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Int32) -> Int32 {
        let pointers = strings.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }
}
