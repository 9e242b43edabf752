import Glibc
import Synchronization
import Threads

/// An HTTP server on the loopback interface that says what a test wants, in pieces the test cuts, and may break off.
package final class LoopbackServer: Sendable {
    /// One connection, from the end of its request on.
    package struct Exchange: Sendable {
        /// The request's head and body, as they came.
        package let request: String
        fileprivate let descriptor: Int32

        /// False when nobody listens any more.
        @discardableResult
        package func send(_ text: String) -> Bool {
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }

        /// An answer whose end is the end of the connection.
        package func begin(_ status: Int = 200, _ headers: [String] = []) {
            let lines = ["HTTP/1.1 \(status) Said", "Connection: close"] + headers
            send(lines.joined(separator: "\r\n") + "\r\n\r\n")
        }

        /// Returns when the client has closed the connection.
        package func waitForClose() {
            var byte: UInt8 = 0
            while recv(descriptor, &byte, 1, 0) > 0 {}
        }

        /// Breaks the connection off, so that the client sees a reset and no orderly end.
        package func breakOff() {
            var none = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &none, socklen_t(MemoryLayout<linger>.size))
        }
    }

    package let port: Int
    private let listener: Int32
    private let received = Mutex<[String]>([])

    /// `answer` is called for each request, on a thread of its own; the connection ends when it returns.
    package init(_ answer: @escaping @Sendable (Exchange) -> Void) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                precondition(bind(listener, address, size) == 0 && listen(listener, 64) == 0)
                getsockname(listener, address, &size)
            }
        }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        _ = startThread { [weak self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                // Who closed the listener while we wait in it would let us take another server's connections.
                guard descriptor >= 0 else { return _ = close(listener) }
                _ = startThread { [weak self] in
                    let request = Self.read(descriptor)
                    self?.received.withLock { $0.append(request) }
                    answer(Exchange(request: request, descriptor: descriptor))
                    close(descriptor)
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    package var url: String { "http://127.0.0.1:\(port)" }

    /// The requests so far, oldest first.
    package var requests: [String] { received.withLock { $0 } }

    private static func read(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 {
                let length = parts[0].split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
                let wanted = length.flatMap { Int($0.split(separator: " ").last ?? "") } ?? 0
                if parts[1].utf8.count >= wanted { return text }
            }
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return text }
            bytes += chunk[..<count]
        }
    }
}
