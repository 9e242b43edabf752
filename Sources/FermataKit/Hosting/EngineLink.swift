import Synchronization
import WorkflowEngine
import WorkflowModel

/// The way from Swift's tasks to the engine's thread and back. What is asked is answered once it is durable.
final class EngineLink: Sendable {
    let mailbox: Mailbox
    let activity = Activity()
    /// Passed by each step before its body, after it, and when the workflow goes on.
    let probe: Probe?
    private let fault = Mutex<EngineError?>(nil)

    init(_ mailbox: Mailbox, probe: Probe?) {
        self.mailbox = mailbox
        self.probe = probe
    }

    /// The store could not be opened: whoever asks is told so.
    func refuse(with error: EngineError) {
        fault.withLock { $0 = error }
    }

    /// Why nothing can be asked of the engine.
    private func obstacle(of engine: Engine) -> EngineError? {
        if engine.isStopped { return .shuttingDown }
        return fault.withLock { $0 }
    }

    /// Asks the engine something that it answers within the turn.
    func ask<Answer: Sendable>(
        _ body: @escaping @Sendable (Engine) throws(EngineError) -> Answer
    ) async throws(WorkflowFailure) -> Answer {
        let result = await withCheckedContinuation { (continuation: Reply<Answer>.Continuation) in
            let reply = Reply(continuation)
            let isTaken = mailbox.post(
                .call { [self] engine in
                    if let obstacle = obstacle(of: engine) { return reply.send(.failure(obstacle)) }
                    let result = Result { () throws(EngineError) in try body(engine) }
                    reply.send(result, atEndOfTurnOf: engine)
                })
            if !isTaken { reply.send(.failure(.shuttingDown)) }
        }
        switch result {
        case .success(let answer): return answer
        case .failure(let error): throw WorkflowFailure(error)
        }
    }

    /// Asks for something that a program waits for, however long, by `post`. Nil when the task is cancelled first, which `withdraw` is
    /// told; what was answered already is answered all the same.
    func ask<Answer: Sendable>(
        by post: @Sendable (Posting) -> Void,
        _ body: @escaping @Sendable (Engine, Reply<Answer>) -> Void, withdraw: @escaping @Sendable (Engine) -> Void,
        answered: @escaping @Sendable () -> Void
    ) async -> Result<Answer, EngineError>? {
        let slot = ReplySlot<Answer>()
        return await withTaskCancellationHandler {
            let result = await withCheckedContinuation { (continuation: Reply<Answer>.Continuation) in
                let reply = Reply(continuation, answered)
                let posting = Posting { [self] engine in
                    if let obstacle = obstacle(of: engine) { return reply.send(.failure(obstacle)) }
                    guard slot.fill(reply) else { return reply.send(.failure(.executionNotFound(""))) }
                    body(engine, reply)
                } refuse: {
                    reply.send(.failure(.shuttingDown))
                }
                post(posting)
            }
            return slot.isWithdrawn ? nil : result
        } onCancel: {
            mailbox.post(
                .call { engine in
                    guard slot.withdraw() else { return }
                    withdraw(engine)
                })
        }
    }

    /// Returns when the engine's clock has gone on by so much.
    func pause(_ duration: Duration) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isTaken = mailbox.post(
                .call { engine in
                    if engine.isStopped { return continuation.resume() }
                    engine.alarm(at: engine.now + duration) { _ in continuation.resume() }
                })
            if !isTaken { continuation.resume() }
        }
    }
}

/// Something for the engine to do, or for nobody: one of both happens.
struct Posting: Sendable {
    let perform: @Sendable (Engine) -> Void
    var refuse: @Sendable () -> Void = {}
}

/// Exactly one answer to somebody who waits.
final class Reply<Answer: Sendable>: Sendable {
    typealias Continuation = CheckedContinuation<Result<Answer, EngineError>, Never>

    private enum State {
        case waiting(Continuation)
        /// The turn that answered is not over.
        case answered(Continuation)
        case sent
    }

    private let state: Mutex<State>
    private let answered: @Sendable () -> Void

    /// `answered` is called before whoever waits goes on.
    init(_ continuation: Continuation, _ answered: @escaping @Sendable () -> Void = {}) {
        state = Mutex(.waiting(continuation))
        self.answered = answered
    }

    /// Answers when the turn was committed; with why not, where it was not.
    func send(_ result: Result<Answer, EngineError>, atEndOfTurnOf engine: Engine) {
        let isFirst = state.withLock { state in
            guard case .waiting(let continuation) = state else { return false }
            state = .answered(continuation)
            return true
        }
        guard isFirst else { return }
        engine.whenTurnEnds { [self] fault in send(fault.map { .failure($0) } ?? result) }
    }

    func send(_ result: Result<Answer, EngineError>) {
        let waiting: Continuation? = state.withLock { state in
            defer { state = .sent }
            switch state {
            case .waiting(let continuation), .answered(let continuation): return continuation
            case .sent: return nil
            }
        }
        guard let waiting else { return }
        answered()
        waiting.resume(returning: result)
    }

    /// Whether nobody has answered yet.
    var isWaiting: Bool {
        state.withLock { if case .waiting = $0 { true } else { false } }
    }
}

/// Where the reply is to what may be withdrawn before it was asked. Used on the engine's thread, but for the outcome.
private final class ReplySlot<Answer: Sendable>: Sendable {
    private enum State {
        case empty
        case filled(Reply<Answer>)
        case withdrawn
    }

    private let state = Mutex(State.empty)

    var isWithdrawn: Bool {
        state.withLock { if case .withdrawn = $0 { true } else { false } }
    }

    /// False when it was withdrawn before.
    func fill(_ reply: Reply<Answer>) -> Bool {
        state.withLock { state in
            guard case .empty = state else { return false }
            state = .filled(reply)
            return true
        }
    }

    /// Whether something is to be taken back: it was asked for, and nobody has answered yet.
    func withdraw() -> Bool {
        let reply: Reply<Answer>? = state.withLock { state in
            switch state {
            case .empty:
                state = .withdrawn
                return nil
            case .filled(let reply) where reply.isWaiting:
                state = .withdrawn
                return reply
            case .filled, .withdrawn: return nil
            }
        }
        reply?.send(.failure(.executionNotFound("")))
        return reply != nil
    }
}
