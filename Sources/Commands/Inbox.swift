import Glibc
import Threads

/// The one way to a thread that sleeps in `poll`: a pipe wakes it.
package final class Inbox<Request: Sendable>: Sendable {
    private let wake: Pipe
    private let requests = Monitor<[Request]>([])

    package init() {
        guard let pipe = Pipe() else { preconditionFailure("The system gives no pipe.") }
        wake = pipe
    }

    /// Readable while there is something to take.
    package var wakeDescriptor: Int32 { wake.reading.raw }

    /// Never waits: the pipe holds one byte at most.
    package func post(_ request: Request) {
        requests.withLock { requests in
            if requests.isEmpty {
                var byte: UInt8 = 0
                _ = write(wake.writing.raw, &byte, 1)
            }
            requests.append(request)
        }
    }

    /// Takes everything, in the order it came.
    package func take() -> [Request] {
        requests.withLock { requests in
            guard !requests.isEmpty else { return [] }
            var byte: UInt8 = 0
            _ = read(wake.reading.raw, &byte, 1)
            defer { requests = [] }
            return requests
        }
    }
}
