import Synchronization
package import WorkflowEngine
package import WorkflowModel

/// Keeps a file of what models and their tools are asked and answer, whoever performs them.
package final class RecordingExecutor: StepExecutor {
    private let base: any StepExecutor
    private unowned let engine: Engine
    private let recorder: Recorder
    private var underWay: [AttemptKey: ExchangeUnderWay] = [:]

    private init(_ base: any StepExecutor, _ engine: Engine, _ recorder: Recorder) {
        self.base = base
        self.engine = engine
        self.recorder = recorder
    }

    /// Stands before those who perform the steps of these kinds. What is written is added to the file.
    package static func install(in engine: Engine, path: String, kinds: [String] = trafficKinds) {
        let recorder = Recorder(path: path)
        for kind in kinds {
            guard let base = engine.executor(of: kind) else { continue }
            engine.install(RecordingExecutor(base, engine, recorder), for: kind)
        }
    }

    package func readiness(for step: StepKind) -> Readiness { base.readiness(for: step) }

    /// A file that cannot be opened fails the attempt as `model.recordingFailed`, for what would be lost cannot be had
    /// again.
    package func start(_ attempt: Attempt, reporter: AttemptReporter) {
        guard let request = attempt.traffic else { return base.start(attempt, reporter: reporter) }
        do throws(Failure) {
            try recorder.open()
        } catch {
            return reporter.report(.failed(error))
        }
        let exchange = ExchangeUnderWay(Exchange(request: request), at: attempt.key.path, recorder)
        underWay = underWay.filter { !$0.value.isOver }
        underWay[attempt.key] = exchange
        base.start(attempt, reporter: reporter.witnessed { exchange.take($0) })
    }

    package func stop(_ key: AttemptKey) {
        // What the end of the session cuts off is asked again by the next one.
        if let exchange = underWay.removeValue(forKey: key), !engine.isStopped { exchange.stop() }
        base.stop(key)
    }
}

/// The kinds of steps in which models and tools are asked.
package let trafficKinds = ["agent", "tool", "call", "command"]

/// An exchange that grows until its end, and is written then. Safe from any thread.
private final class ExchangeUnderWay: Sendable {
    private let exchange: Mutex<Exchange?>
    private let place: String
    private let recorder: Recorder

    init(_ exchange: Exchange, at place: String, _ recorder: Recorder) {
        self.exchange = Mutex(exchange)
        self.place = place
        self.recorder = recorder
    }

    var isOver: Bool { exchange.withLock { $0 == nil } }

    func take(_ report: AttemptReporter.Report) {
        let whole = exchange.withLock { exchange -> Exchange? in
            guard exchange?.take(report) == true else { return nil }
            return exchange.take()
        }
        write(whole)
    }

    func stop() { write(exchange.withLock { $0.take() }) }

    /// Should the disk be full, the run goes on, and its replay says what is missing.
    private func write(_ whole: Exchange?) {
        guard let whole else { return }
        try? recorder.write(whole, at: place)
    }
}
