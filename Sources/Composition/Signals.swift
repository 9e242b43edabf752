import CSystem
import Glibc
import Server
import Synchronization
import Threads

/// SIGTERM and SIGINT end the service within two seconds; a second one ends it now. Before `end` they end the process at once, which then has
/// nothing to lose.
enum Signals {
    /// Where the handler, which may do little, writes the number of its signal.
    private static let alarm = Atomic<Int32>(-1)

    static func end(_ service: Service) {
        var ends: [Int32] = [0, 0]
        guard fermata_pipe(&ends) == 0 else { return }
        let (rung, bell) = (ends[0], ends[1])
        alarm.store(bell, ordering: .releasing)
        let isListening = startThread {
            let number = Int32(next(from: rung, within: -1) ?? 0)
            service.terminate(exitCode: 128 + number)
            _ = next(from: rung, within: 1900)
            _exit(128 + number)
        }
        guard isListening else { return }
        for number in [SIGTERM, SIGINT] {
            signal(number) { number in
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(Signals.alarm.load(ordering: .acquiring), &byte, 1)
            }
        }
    }

    /// The next signal's number; nil when none came in time. Milliseconds, -1 waits for ever.
    private static func next(from rung: Int32, within milliseconds: Int32) -> UInt8? {
        var ready = pollfd(fd: rung, events: Int16(POLLIN), revents: 0)
        while poll(&ready, 1, milliseconds) < 0, errno == EINTR {}
        guard ready.revents != 0 else { return nil }
        var byte: UInt8 = 0
        return read(rung, &byte, 1) == 1 ? byte : nil
    }
}
