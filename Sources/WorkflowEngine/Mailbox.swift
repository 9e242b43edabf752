import CSystem
import Glibc

/// What reaches the engine's thread.
package enum EngineInput: Sendable {
    case report(AttemptKey, AttemptReporter.Report)
    /// Something to do on the engine's thread, within a turn.
    case call(@Sendable (Engine) -> Void)
    /// The store may hold appends of others.
    case storeChanged
    /// Another engine on the store came, gave a sign of life, or went.
    case enginesChanged
}

extension AttemptReporter.Report {
    /// Whether it may be the end of one before it.
    fileprivate var isJoined: Bool {
        switch self {
        case .text, .thinking: true
        default: false
        }
    }
}

/// The one way to the engine's thread: whatever arrived while a turn ran is the next turn.
///
/// Sound although unchecked: the mutex guards every member that changes, and the pointers live as long as the mailbox.
package final class Mailbox: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let filled: UnsafeMutablePointer<pthread_cond_t>
    private let taken: UnsafeMutablePointer<pthread_cond_t>
    private var inputs: [EngineInput] = []
    private var isWaiting = false
    private var isClosed = false
    /// How many of the inputs may wait for others.
    private var inputsAhead = 0
    /// Posts that wait for the engine to keep up.
    private var postsBlocked = 0

    package init() {
        mutex = .allocate(capacity: 1)
        filled = .allocate(capacity: 1)
        taken = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(filled, &attributes)
        pthread_cond_init(taken, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(taken)
        pthread_cond_destroy(filled)
        pthread_mutex_destroy(mutex)
        taken.deallocate()
        filled.deallocate()
        mutex.deallocate()
    }

    /// Never waits. False after `close`, when nothing is taken any more.
    @discardableResult
    package func post(_ input: consuming EngineInput) -> Bool { post(input, isAhead: false) }

    /// For what is followed by more in a moment: the engine takes it with that, or by itself after a millisecond. Else as `post`.
    @discardableResult
    package func postAhead(_ input: consuming EngineInput) -> Bool { post(input, isAhead: true) }

    private func post(_ input: consuming EngineInput, isAhead: Bool) -> Bool {
        pthread_mutex_lock(mutex)
        let isTaken = !isClosed
        if isTaken, !joinLast(input) {
            inputs.append(input)
            if isAhead { inputsAhead += 1 }
        }
        let mustWake = isWaiting
        isWaiting = false
        pthread_mutex_unlock(mutex)
        if mustWake { pthread_cond_signal(filled) }
        return isTaken
    }

    /// Text that follows text of the same attempt, which the engine has not taken yet, is joined to it, and thoughts to
    /// thoughts. False when the input is something else.
    private func joinLast(_ input: EngineInput) -> Bool {
        guard case .report(let key, let report) = input, report.isJoined,
            case .report(let lastKey, let last)? = inputs.last, lastKey == key
        else { return false }
        switch (last, report) {
        case (.text(var joined), .text(let text)):
            // The array lets go of the text, so that it grows in place.
            inputs[inputs.count - 1] = .storeChanged
            joined += text
            inputs[inputs.count - 1] = .report(key, .text(joined))
        case (.thinking(let earlier), .thinking(let text)):
            inputs[inputs.count - 1] = .report(key, .thinking(earlier + text))
        default: return false
        }
        return true
    }

    /// For a reader that can outrun the engine: returns when the engine has taken what was posted before, so at most one such post waits.
    /// False after `close`, when nothing is taken any more.
    @discardableResult
    package func postInStep(_ input: EngineInput) -> Bool {
        pthread_mutex_lock(mutex)
        while postsBlocked > 0, !isClosed { pthread_cond_wait(taken, mutex) }
        let isTaken = !isClosed
        if isTaken {
            inputs.append(input)
            postsBlocked += 1
        }
        let mustWake = isWaiting
        isWaiting = false
        pthread_mutex_unlock(mutex)
        if mustWake { pthread_cond_signal(filled) }
        return isTaken
    }

    /// Takes everything, in the order it came. Waits for something until the timeout has passed (nil waits for ever); `buffer` is emptied first and lends
    /// its storage.
    package func drain(into buffer: inout [EngineInput], timeout: Duration?) {
        buffer.removeAll(keepingCapacity: true)
        pthread_mutex_lock(mutex)
        if timeout != .zero {
            wait(until: timeout.map(Self.deadline(after:))) { !inputs.isEmpty }
            if inputsAhead > 0 { wait(until: Self.deadline(after: .milliseconds(1))) { inputs.count > inputsAhead } }
        }
        inputsAhead = 0
        swap(&buffer, &inputs)
        if postsBlocked > 0 {
            postsBlocked = 0
            pthread_cond_signal(taken)
        }
        pthread_mutex_unlock(mutex)
    }

    /// Returns when it is so, at the deadline, or when nothing comes any more. The mutex is locked.
    private func wait(until deadline: timespec?, for isSo: () -> Bool) {
        while !isClosed, !isSo() {
            isWaiting = true
            defer { isWaiting = false }
            if var deadline {
                if pthread_cond_timedwait(filled, mutex, &deadline) == ETIMEDOUT { return }
            } else {
                pthread_cond_wait(filled, mutex)
            }
        }
    }

    package func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_mutex_unlock(mutex)
        pthread_cond_broadcast(filled)
        pthread_cond_broadcast(taken)
    }

    private static func deadline(after timeout: Duration) -> timespec {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let nanoseconds = Int64(time.tv_nsec) + timeout.components.attoseconds / 1_000_000_000
        time.tv_sec += Int(timeout.components.seconds) + Int(nanoseconds / 1_000_000_000)
        time.tv_nsec = Int(nanoseconds % 1_000_000_000)
        return time
    }
}
