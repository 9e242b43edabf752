import Glibc
package import Secrets
import Synchronization
package import WorkflowModel

/// Where the service tells people who look after it what goes on: a line a message, to stderr or a file, never to stdout.
package struct Log: Sendable {
    private let descriptor: Int32
    private let level: LogLevel
    private let cover = Cover()

    /// What nobody may see, for all who have a copy of the log.
    private final class Cover: Sendable {
        let mask = Mutex<SecretMask?>(nil)
    }

    /// To stderr.
    package init(level: LogLevel) {
        descriptor = 2
        self.level = level
    }

    /// To the end of a file, made with mode 0600 where there is none; nil when it cannot be opened.
    package init?(path: String, level: LogLevel) {
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        self.level = level
        guard descriptor >= 0 else { return nil }
    }

    /// Covers this in all lines from now on.
    package func hide(_ mask: SecretMask?) { cover.mask.withLock { $0 = mask } }

    package func write(_ level: LogLevel, _ message: @autoclosure () -> String) {
        guard level >= self.level else { return }
        var moment = timespec()
        clock_gettime(CLOCK_REALTIME, &moment)
        let at = Timestamp(milliseconds: Int64(moment.tv_sec) * 1000 + Int64(moment.tv_nsec) / 1_000_000)
        let text = message()
        let shown = cover.mask.withLock { $0?.hide(text) } ?? text
        var line = "\(at) \(level.rawValue) \(shown)\n"
        line.withUTF8 { bytes in _ = Glibc.write(descriptor, bytes.baseAddress, bytes.count) }
    }
}
