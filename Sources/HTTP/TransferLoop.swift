import CSystem
import Glibc
import Threads

/// The client's thread: takes orders, lets libcurl move the transfers, and tells their listeners.
final class TransferLoop {
    private let inbox: TransferInbox
    private var transfers: [HTTPTransfer: Transfer] = [:]
    /// Those that are not sent yet.
    private var delayed: [(due: Instant, transfer: HTTPTransfer, request: HTTPRequest, listener: any HTTPListener)] = []

    init(_ inbox: TransferInbox) {
        self.inbox = inbox
    }

    func run() {
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, nil)
        while true {
            for order in inbox.take() {
                switch order {
                case .start(let transfer, let request, let listener): start(transfer, request, listener)
                case .cancel(let transfer): cancel(transfer)
                case .close:
                    transfers = [:]
                    return
                }
            }
            sendDelayed()
            fermata_curl_perform(inbox.multi)
            finishDone()
            failSilent()
            fermata_curl_poll(inbox.multi, timeout())
        }
    }

    private func start(_ transfer: HTTPTransfer, _ request: HTTPRequest, _ listener: any HTTPListener) {
        guard request.delay <= .zero else {
            var request = request
            let due = Instant.now + request.delay
            request.delay = .zero
            return delayed.append((due, transfer, request, listener))
        }
        guard let started = Transfer(request, listener, in: inbox.multi) else {
            return listener.ended(HTTPFailure(kind: .unreachable, message: "libcurl has no memory for a transfer."))
        }
        transfers[transfer] = started
    }

    private func cancel(_ transfer: HTTPTransfer) {
        transfers[transfer] = nil
        delayed.removeAll { $0.transfer == transfer }
    }

    private func sendDelayed() {
        guard !delayed.isEmpty else { return }
        let now = Instant.now
        for (_, transfer, request, listener) in delayed.filter({ $0.due <= now }) {
            delayed.removeAll { $0.transfer == transfer }
            start(transfer, request, listener)
        }
    }

    private func finishDone() {
        var code: Int32 = 0
        while let easy = fermata_curl_next_done(inbox.multi, &code) {
            guard let (transfer, done) = transfers.first(where: { $0.value.easy == easy }) else { continue }
            transfers[transfer] = nil
            done.end(code: code)
        }
    }

    private func failSilent() {
        let now = Instant.now
        for (transfer, silent) in transfers where silent.deadline.map({ $0 <= now }) ?? false {
            transfers[transfer] = nil
            silent.fail(.timedOut, "The server was silent for too long.")
        }
    }

    /// Milliseconds until a transfer was silent for too long or one is to be sent; libcurl has deadlines of its own.
    private func timeout() -> Int32 {
        let deadlines = transfers.values.compactMap(\.deadline) + delayed.map(\.due)
        guard let due = deadlines.min() else { return 60_000 }
        let left = (due - Instant.now).components
        return Int32(clamping: max(left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1, 0))
    }
}
