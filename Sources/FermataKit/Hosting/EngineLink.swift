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
    nonisolated(nonsending) func ask<Answer: Sendable>(
        _ body: @escaping @Sendable (Engine) throws(EngineError) -> Answer
    ) async throws(WorkflowFailure) -> Answer {
        let result: Result<Answer, EngineError> = await ask(by: post) { engine, reply in
            reply.send(Result { () throws(EngineError) in try body(engine) }, atEndOfTurnOf: engine)
        }
        switch result {
        case .success(let answer): return answer
        case .failure(let error): throw WorkflowFailure(error)
        }
    }

    /// Asks, by `post`, for what `body` sends the one reply to, in this turn or a later one. `answered` is called before whoever waits
    /// goes on.
    nonisolated(nonsending) func ask<Answer: Sendable>(
        by post: (Posting) -> Void, answered: @escaping @Sendable () -> Void = {},
        _ body: @escaping @Sendable (Engine, Reply<Answer>) -> Void
    ) async -> Result<Answer, EngineError> {
        await withUnsafeContinuation { continuation in
            let reply = Reply(continuation: continuation, answered: answered)
            post(
                Posting { [self] engine in
                    if let obstacle = obstacle(of: engine) { return reply.send(.failure(obstacle)) }
                    body(engine, reply)
                } refuse: {
                    reply.send(.failure(.shuttingDown))
                })
        }
    }

    func post(_ posting: Posting) {
        if !mailbox.post(.call(posting.perform)) { posting.refuse() }
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

/// Where the one answer goes to somebody who waits. Not checked, which would take more than to ask: a request is answered by the turn
/// that hears it, refused, or kept by the engine, which answers once.
struct Reply<Answer: Sendable>: Sendable {
    let continuation: UnsafeContinuation<Result<Answer, EngineError>, Never>
    /// Called before whoever waits goes on.
    let answered: @Sendable () -> Void

    func send(_ result: Result<Answer, EngineError>) {
        answered()
        continuation.resume(returning: result)
    }

    /// Answers when the turn was committed; with why not, where it was not.
    func send(_ result: Result<Answer, EngineError>, atEndOfTurnOf engine: Engine) {
        engine.whenTurnEnds { [self] fault in send(fault.map { .failure($0) } ?? result) }
    }
}
