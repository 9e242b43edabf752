import JSON
import RPC
import RPCTransport
import ServiceProtocol
import WorkflowCore
import WorkflowEngine
import WorkflowModel

/// A `run/result` that is not answered yet.
struct Waiter {
    let reply: Reply
}

extension Session {
    func awaitResult(_ request: GetRunResultRequest, _ reply: Reply) throws {
        let live = try engine.load(request.runID)
        let waitsNot = request.waitMs.map { $0 <= 0 } ?? false
        if live.run.status.isTerminal || !reply.mayWait || waitsNot || phase != .ready {
            return answer(reply) { RunView.result(of: live.run) }
        }
        waiters[request.runID, default: []].append(Waiter(reply: reply))
        guard let wait = request.waitMs else { return }
        let id = request.runID
        engine.alarm(at: engine.now + .milliseconds(wait)) { [weak self] _ in self?.answerWaiter(reply, of: id) }
    }

    private func answerWaiter(_ reply: Reply, of id: RunID) {
        guard let index = waiters[id]?.firstIndex(where: { $0.reply === reply }) else { return }
        waiters[id]!.remove(at: index)
        if waiters[id]!.isEmpty { waiters[id] = nil }
        answerLate(reply) { RunView.result(of: try engine.load(id).run) }
    }

    func answerWaiters(of run: Run) {
        for waiter in waiters.removeValue(forKey: run.id) ?? [] {
            answerLate(waiter.reply) { RunView.result(of: run) }
        }
    }

    /// Everything that waits is answered with the status it has, before whatever the turn answers from here on: nothing ended, so there
    /// is nothing that these answers must come after.
    func answerAllWaiters() {
        for (id, waiting) in waiters {
            for waiter in waiting { answer(waiter.reply) { RunView.result(of: try engine.load(id).run) } }
        }
        waiters = [:]
        engine.refuseProgramRequests(.shuttingDown)
    }

    /// After the end of the input nobody can help a run any more that waits for somebody: who waits for it is answered with the status it has.
    func answerStuckWaiters() {
        for id in Array(waiters.keys) {
            guard let live = try? engine.load(id) else { continue }
            if isStuck(live) { answerWaiters(of: live.run) }
        }
    }

    private func isStuck(_ live: LiveRun) -> Bool {
        let run = live.run
        if run.status != .inProgress || run.isPaused { return true }
        if run.retryAt != nil { return false }
        if engine.isPerformedElsewhere(live.record) { return false }
        return run.active.allSatisfy { active in
            switch active.phase {
            case .asking, .open, .failed: true
            case .waiting(_, let end): end == nil && active.step.timeout == nil
            case .running: false
            case .child(let id, _): (try? engine.load(id)).map(isStuck) ?? true
            case .entered, .backingOff: active.step.kind.hasBody && engine.readiness(for: active.step) != .ready
            }
        }
    }

    func cancelRequest(_ notification: CancelRequestNotification) {
        if let asked = programRequests.removeValue(forKey: notification.id) {
            engine.withdraw(asked.key, of: asked.executionID)
            return answer(asked.reply) { throw RPCError.requestCancelled }
        }
        for (id, waiting) in waiters {
            guard let waiter = waiting.first(where: { $0.reply.id == notification.id }) else { continue }
            waiters[id]!.removeAll { $0.reply === waiter.reply }
            if waiters[id]!.isEmpty { waiters[id] = nil }
            return answer(waiter.reply) { throw RPCError.requestCancelled }
        }
    }
}
