import Composition
import JSON
import SQLiteStore
import Synchronization
import Threads
import WorkflowEngine
import WorkflowModel

/// The engine on a thread, with nothing between it and who asks: a flow of three steps, whose bodies give back what they get.
final class BareEngine: Sendable {
    private let mailbox = Mailbox()
    private let ends = Ends()

    init(at path: String) {
        let (mailbox, ends) = (mailbox, ends)
        let isBegun = startThread {
            let engine = Engine(mailbox: mailbox, environment: .live)
            guard let store = try? OpenStore(at: path, engineID: engine.environment.makeID()) else {
                preconditionFailure("The store cannot be opened.")
            }
            engine.open(store.journal, store.registry)
            engine.install(EchoingTasks(), for: "call")
            let watch = EndWatch(ends)
            engine.observer = watch
            store.watch { change in mailbox.post(change == .journal ? .storeChanged : .enginesChanged) }
            engine.performTurn([
                .call { engine in
                    engine.beginEffects()
                    _ = try? engine.register(Self.three)
                }
            ])
            engine.run()
            engine.observer = nil
            withExtendedLifetime(store) {}
        }
        precondition(isBegun)
    }

    func run() async throws {
        var request = RunRequest(definition: .registered(name: "three", version: nil), cwd: "/")
        request.input = "hello"
        request.starts = true
        await withCheckedContinuation { continuation in
            ends.wait(continuation)
            mailbox.post(.call { [request] in _ = try? $0.create(request) })
        }
    }

    func close() async {
        await withCheckedContinuation { continuation in
            mailbox.post(
                .call { engine in
                    engine.stop()
                    continuation.resume()
                })
        }
    }

    private static let three: JSONValue = [
        "name": "three",
        "flow": [
            "START": "a", "a": ["call": "echo", "with": "${input}", "next": "b"],
            "b": ["call": "echo", "with": "${steps.a.result}", "next": "c"],
            "c": ["call": "echo", "with": "${steps.b.result}"],
        ],
    ]
}

/// Who waits for the end of the one run under way.
private final class Ends: Sendable {
    private let waiter = Mutex<CheckedContinuation<Void, Never>?>(nil)

    func wait(_ continuation: CheckedContinuation<Void, Never>) {
        waiter.withLock { $0 = continuation }
    }

    func tell() {
        waiter.withLock { waiter in
            defer { waiter = nil }
            return waiter
        }?.resume()
    }
}

/// Each body is a task, as those of the library are.
private final class EchoingTasks: StepExecutor {
    func readiness(for step: StepKind) -> Readiness { .ready }
    func stop(_ key: AttemptKey) {}

    func start(_ attempt: Attempt, reporter: AttemptReporter) {
        guard case .call(_, let input) = attempt.work else { return }
        Task { reporter.report(.succeeded(input)) }
    }
}

/// Tells of a run's end once that is durable.
private final class EndWatch: EngineObserver {
    private let ends: Ends
    private var hasEnded = false

    init(_ ends: Ends) {
        self.ends = ends
    }

    func recorded(_ events: [WorkflowModel.RunEvent], firstSeq: Int, at: Timestamp, in live: LiveRun) {
        for case .completed in events { hasEnded = true }
    }

    func turnEnded(error: EngineError?) {
        guard error == nil, hasEnded else { return }
        hasEnded = false
        ends.tell()
    }

    func said(_ text: AttemptText, offset: Int, in live: LiveRun) {}
    func progressed(current: Int, total: Int, message: String?, in live: LiveRun) {}
    func moved(_ record: RunID) {}
    func effectsBegun() {}
}
