internal import CSystem
internal import Synchronization
internal import Threads

/// Performs requests by the system's libcurl, on one thread that starts with the first of them and ends with the client.
///
/// HTTP/2 where the server offers it over TLS; certificates are verified; proxies come from the environment, as libcurl
/// reads it. Redirects are not followed: they would carry a key elsewhere.
package final class HTTPClient: Sendable {
    private struct State: Sendable {
        var nextNumber = 1
        /// Nil before the first request.
        var inbox: TransferInbox?
    }

    private let state = Mutex(State())

    package init() {}

    deinit {
        state.withLock { $0.inbox }?.post(.close)
    }

    /// Why nothing can be requested here, as a sentence; nil when it can.
    package static var obstacle: String? { fermata_curl_open().map { String(cString: $0) } }

    /// Starts a request, and returns at once; nil where there is an obstacle.
    @discardableResult
    package func start(_ request: HTTPRequest, _ listener: any HTTPListener) -> HTTPTransfer? {
        state.withLock { state in
            state.inbox = state.inbox ?? Self.startLoop()
            guard let inbox = state.inbox else { return nil }
            defer { state.nextNumber += 1 }
            let transfer = HTTPTransfer(number: state.nextNumber)
            inbox.post(.start(transfer, request, listener))
            return transfer
        }
    }

    /// Ends a transfer; its listener hears no more of it once what is being told has been.
    package func cancel(_ transfer: HTTPTransfer) {
        state.withLock { $0.inbox }?.post(.cancel(transfer))
    }

    private static func startLoop() -> TransferInbox? {
        guard obstacle == nil, let inbox = TransferInbox() else { return nil }
        return startThread { TransferLoop(inbox).run() } ? inbox : nil
    }
}

/// What reaches the client's thread.
enum TransferOrder: Sendable {
    case start(HTTPTransfer, HTTPRequest, any HTTPListener)
    case cancel(HTTPTransfer)
    case close
}

/// The way to the client's thread.
///
/// Sound although unchecked: libcurl allows to wake a multi handle from any thread, and the handle is never freed.
final class TransferInbox: @unchecked Sendable {
    let multi: UnsafeMutableRawPointer
    private let orders = Mutex<[TransferOrder]>([])

    init?() {
        guard let multi = fermata_curl_multi() else { return nil }
        self.multi = multi
    }

    func post(_ order: TransferOrder) {
        orders.withLock { $0.append(order) }
        fermata_curl_wake(multi)
    }

    func take() -> [TransferOrder] {
        orders.withLock { orders in
            defer { orders = [] }
            return orders
        }
    }
}
