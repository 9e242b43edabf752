import Glibc
import RPCTransport
import Server

/// SIGTERM and SIGINT end the service within two seconds; a second one ends it now.
enum Signals {
    private static var ending: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGINT)
        return set
    }

    /// Call it before any thread is started: threads inherit what is blocked.
    static func block() {
        var set = ending
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    static func end(_ service: Service) {
        _ = startThread {
            var set = ending
            var number: Int32 = 0
            guard sigwait(&set, &number) == 0 else { return }
            service.terminate(exitCode: 128 + number)
            var patience = timespec(tv_sec: 1, tv_nsec: 900_000_000)
            _ = sigtimedwait(&set, nil, &patience)
            _exit(128 + number)
        }
    }
}
