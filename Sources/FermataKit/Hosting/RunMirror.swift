import JSON
import Synchronization
import WorkflowCore
import WorkflowModel

/// A run as it was after a commit.
struct RunSnapshot: Sendable {
    var seq: Int
    var executionID: String?
    var status: RunStatus
    var isPaused: Bool
    var progress: Progress
    var questions: [Interaction]
    /// How it ended; nil while it goes on.
    var ending: Ending?

    enum Ending: Sendable {
        case completed(JSONValue)
        case failed(WorkflowFailure)
    }

    init(_ run: WorkflowModel.Run) {
        seq = run.seq
        executionID = run.executionID
        status = RunStatus(run.status)
        isPaused = run.isPaused
        progress = Progress(current: run.progress.current, total: run.progress.total, message: run.progress.message)
        questions = run.interactions
        switch run.status {
        case .completed: ending = .completed(run.output ?? .null)
        case .failed:
            let unknown = WorkflowFailure(kind: "run.failed", message: "The run failed.")
            ending = .failed(run.failure.map { WorkflowFailure($0) } ?? unknown)
        case .cancelled:
            ending = .failed(
                .misuse(WorkflowFailure.runCancelled, run.cancelReason ?? "The run was cancelled."))
        case .pending, .inProgress, .awaiting:
            // It is kept for whoever has the program that it began with.
            if let change = run.programRecord?.change {
                ending = .failed(WorkflowFailure(change.failure))
            }
        }
    }
}

/// What the holder of a handle knows of its run: as it was at the newest commit, and what was said since. Safe from any thread.
final class RunMirror: Sendable {
    struct Text: Sendable {
        var step: String
        var attempt: Int
        var text: String
    }

    private struct Waiter {
        let continuation: UnsafeContinuation<Void, Never>
        let activity: Activity?
        /// Whether nothing but the run's end is news to it.
        let isForEnd: Bool

        func goOn() {
            activity?.begin()
            continuation.resume()
        }
    }

    private struct State {
        var snapshot: RunSnapshot
        /// What whoever has a handle is told once the run is there no more.
        var deletion: WorkflowFailure?
        var logs: [String] = []
        /// What the attempts have said that are under way, and the last ones that were.
        var texts: [Text] = []
        var version = 0
        var waiters: [Int: Waiter] = [:]
        var waits = 0
    }

    private let state: Mutex<State>
    private static let logsKept = 1000
    private static let textsKept = 64

    init(_ snapshot: RunSnapshot) {
        state = Mutex(State(snapshot: snapshot))
    }

    var snapshot: RunSnapshot { state.withLock { $0.snapshot } }
    var deletion: WorkflowFailure? { state.withLock { $0.deletion } }
    var logs: [String] { state.withLock { $0.logs } }
    var texts: [Text] { state.withLock { $0.texts } }
    /// Grows with every change.
    var version: Int { state.withLock { $0.version } }

    func update(_ snapshot: RunSnapshot, logs: [String] = []) {
        change { state in
            state.snapshot = snapshot
            if logs.isEmpty { return }
            state.logs.append(contentsOf: logs)
            if state.logs.count > Self.logsKept { state.logs.removeFirst(state.logs.count - Self.logsKept) }
        }
    }

    func delete(_ run: String) {
        change { $0.deletion = .misuse(WorkflowFailure.runNotFound, "The run \"\(run)\" was deleted.") }
    }

    func update(_ progress: Progress) {
        change { $0.snapshot.progress = progress }
    }

    func say(_ text: String, step: String, attempt: Int) {
        change { state in
            if let index = state.texts.lastIndex(where: { $0.step == step && $0.attempt == attempt }) {
                state.texts[index].text += text
            } else {
                state.texts.append(Text(step: step, attempt: attempt, text: text))
                if state.texts.count > Self.textsKept { state.texts.removeFirst() }
            }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let waiters: [Int: Waiter] = state.withLock { state in
            body(&state)
            state.version += 1
            let hasEnded = state.snapshot.ending != nil
            // Most wait for the end.
            guard state.waiters.contains(where: { hasEnded || !$0.value.isForEnd }) else { return [:] }
            let due = state.waiters.filter { hasEnded || !$0.value.isForEnd }
            for number in due.keys { state.waiters[number] = nil }
            return due
        }
        for waiter in waiters.values { waiter.goOn() }
    }

    /// Returns when something has changed since that version, or the task is cancelled. Whoever waits as part of an activity does nothing
    /// meanwhile.
    nonisolated(nonsending) func change(since version: Int, in activity: Activity? = nil) async {
        activity?.end()
        await wait(in: activity) { $0.version != version }
    }

    /// How the run ended, once it has; nil when the task is cancelled first.
    nonisolated(nonsending) func ending() async -> RunSnapshot.Ending? {
        await wait(isForEnd: true) { $0.snapshot.ending != nil }
        return snapshot.ending
    }

    /// Returns at the next change, or at once where it is so already; and when the task is cancelled.
    private nonisolated(nonsending) func wait(
        in activity: Activity? = nil, isForEnd: Bool = false, unless isSo: @Sendable (State) -> Bool
    ) async {
        let number = state.withLock { state in
            state.waits += 1
            return state.waits
        }
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let waiter = Waiter(continuation: continuation, activity: activity, isForEnd: isForEnd)
                let isDue = state.withLock { state in
                    if isSo(state) || Task.isCancelled { return true }
                    state.waiters[number] = waiter
                    return false
                }
                if isDue { waiter.goOn() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.goOn()
        }
    }
}

extension RunStatus {
    init(_ status: WorkflowModel.RunStatus) {
        switch status {
        case .pending: self = .pending
        case .inProgress: self = .inProgress
        case .awaiting: self = .awaiting
        case .completed: self = .completed
        case .failed: self = .failed
        case .cancelled: self = .cancelled
        }
    }
}
