internal import CSystem
internal import Glibc
internal import Threads

/// The way out: bytes leave in the order in which they were sent, and nobody who sends ever waits for the peer.
///
/// Whoever sends while nothing is under way writes at once what the descriptor takes at once. What it does not take is
/// left to a thread, which blocks in `write` until all is out and then ends; meanwhile others only append.
final class Output: Sendable {
    enum Event { case drained, lost }

    private struct State: Sendable {
        /// What nobody has begun to write.
        var pending: [UInt8] = []
        /// All that has been sent and not been written, whoever has it.
        var unwritten = 0
        var isWriting = false
        /// Whether it is the thread that writes: the peer does not take what there is at once.
        var isDraining = false
        var isCongested = false
        var isLost = false
    }

    /// How much whoever writes may wait for the peer.
    private enum Manner {
        /// Not at all.
        case atOnce
        /// A moment: a peer that reads makes room sooner than a thread can start.
        case patient
        case blocking
    }

    private static let patience: Int32 = 1
    /// What one blocking write takes, so that congestion is seen to end soon after it does.
    private static let portion = 65536

    private let descriptor: Int32
    private let highWater: Int
    private let lowWater: Int
    private let state = Monitor(State())
    /// Called on the reader's thread or one of this type's own, never within `send`.
    private let notify: @Sendable (Event) -> Void

    init(descriptor: Int32, highWater: Int, lowWater: Int, notify: @escaping @Sendable (Event) -> Void) {
        self.descriptor = descriptor
        self.highWater = highWater
        self.lowWater = lowWater
        self.notify = notify
    }

    var pendingBytes: Int { state.withLock { $0.unwritten } }

    /// From the high water mark until the low one is reached again.
    var isCongested: Bool { state.withLock { $0.isCongested } }

    func send(_ bytes: [UInt8]) {
        guard !bytes.isEmpty, append(bytes) else { return }
        write(bytes, from: 0, .atOnce)
    }

    /// Keeps what is sent until `endTurn`, so that it leaves in one write. False when somebody is writing anyway.
    func beginTurn() -> Bool {
        state.withLock { state in
            guard !state.isWriting, !state.isLost else { return false }
            state.isWriting = true
            return true
        }
    }

    /// Sends `bytes` and, where `isHeld` says that the turn began with this output held, all that was sent meanwhile.
    /// Only the reader calls it: it may take a moment.
    func endTurn(_ bytes: [UInt8], isHeld: Bool) {
        if isHeld {
            _ = append(bytes)
            write([], from: 0, .patient)
        } else if !bytes.isEmpty, append(bytes) {
            write(bytes, from: 0, .patient)
        }
    }

    /// Blocks while the output is congested.
    func waitWhileCongested() { state.wait { !$0.isCongested } }

    /// Blocks until all that was sent is written, or the output lost.
    func flush() { state.wait { $0.unwritten == 0 } }

    /// Leaves `bytes` to whoever is writing. True when nobody is, and the caller now must write them.
    private func append(_ bytes: [UInt8]) -> Bool {
        state.withLock { state in
            guard !state.isLost else { return false }
            state.unwritten += bytes.count
            guard state.isWriting else {
                state.isWriting = true
                return true
            }
            if state.pending.isEmpty { state.pending = bytes } else { state.pending += bytes }
            if state.isDraining, state.unwritten > highWater { state.isCongested = true }
            return false
        }
    }

    /// Writes `bytes` and then whatever is pending. The caller has set `isWriting`.
    private func write(_ bytes: [UInt8], from offset: Int, _ manner: Manner) {
        var (bytes, offset) = (bytes, offset)
        while true {
            var written = 0
            while offset < bytes.count {
                let count = put(bytes, from: offset, manner)
                guard count >= 0 else { return lose(manner) }
                guard count > 0 || manner == .blocking else { return leaveToThread(bytes, from: offset, written) }
                offset += count
                written += count
                if manner == .blocking {
                    settle(count)
                    written = 0
                }
            }
            (bytes, offset) = ([], 0)
            let isDone = state.withLock { state in
                swap(&state.pending, &bytes)
                state.unwritten -= written
                state.isWriting = !bytes.isEmpty
                state.isDraining = state.isDraining && state.isWriting
                return bytes.isEmpty
            }
            guard !isDone else { return state.announce() }
        }
    }

    /// How many bytes the descriptor took, 0 when it must be tried again, or -1 when it takes no more ever.
    private func put(_ bytes: [UInt8], from offset: Int, _ manner: Manner) -> Int {
        bytes.withUnsafeBytes { bytes in
            let rest = UnsafeRawBufferPointer(rebasing: bytes[offset...])
            guard manner == .blocking else {
                let count = fermata_write_now(descriptor, rest.baseAddress, rest.count)
                guard count == 0, manner == .patient else { return count }
                awaitRoom(Self.patience)
                return fermata_write_now(descriptor, rest.baseAddress, rest.count)
            }
            let count = Glibc.write(descriptor, rest.baseAddress, min(rest.count, Self.portion))
            guard count < 0 else { return count }
            guard errno == EAGAIN || errno == EINTR else { return -1 }
            awaitRoom(-1)
            return 0
        }
    }

    private func awaitRoom(_ milliseconds: Int32) {
        var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&room, 1, milliseconds)
    }

    private func leaveToThread(_ bytes: [UInt8], from offset: Int, _ written: Int) {
        state.withLock { state in
            state.unwritten -= written
            state.isDraining = true
            state.isCongested = state.unwritten > highWater
        }
        let work: @Sendable () -> Void = { self.write(bytes, from: offset, .blocking) }
        // Without a thread, waiting here is the only way left to lose nothing.
        if !startThread(work) { work() }
    }

    private func settle(_ count: Int) {
        let isRelieved = state.withLock { state in
            state.unwritten -= count
            guard state.isCongested, state.unwritten <= lowWater else { return false }
            state.isCongested = false
            return true
        }
        guard isRelieved else { return }
        state.announce()
        notify(.drained)
    }

    private func lose(_ manner: Manner) {
        state.withLock { state in
            state = State()
            state.isLost = true
        }
        state.announce()
        let tell: @Sendable () -> Void = { self.notify(.lost) }
        if manner != .atOnce || !startThread(tell) { tell() }
    }
}
