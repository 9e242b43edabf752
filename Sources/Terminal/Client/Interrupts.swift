import CSystem
import Glibc
import Threads

/// Ctrl-C and SIGTERM as bytes on a descriptor, so that a command can wait for them among other things.
package enum Interrupts {
    /// The descriptor to watch; -1 when the system has none to give. Call it before any thread is started: threads
    /// inherit what is blocked. A third signal ends the process at once; the second may come while a session ends.
    package static func watch() -> Int32 {
        var signals = both
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        var ends: [Int32] = [-1, -1]
        guard fermata_pipe(&ends) == 0 else { return -1 }
        let output = ends[1]
        let isStarted = startThread {
            var signals = both
            var number: Int32 = 0
            for _ in 1...2 where sigwait(&signals, &number) == 0 {
                var byte = UInt8(truncatingIfNeeded: number)
                write(output, &byte, 1)
            }
            _ = sigwait(&signals, &number)
            _exit(ExitCode.interrupted.rawValue)
        }
        return isStarted ? ends[0] : -1
    }

    private static var both: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        return signals
    }
}
