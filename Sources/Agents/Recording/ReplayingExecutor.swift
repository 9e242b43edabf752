import JSON
package import WorkflowEngine
package import WorkflowModel

/// Lets a recording answer for models and their tools; nobody else is asked.
package final class ReplayingExecutor: StepExecutor {
    /// One for the steps of all kinds.
    private final class Source {
        let path: String
        private var recording: Result<Recording, Failure>?

        init(path: String) { self.path = path }

        func exchange(for request: JSONValue) throws(Failure) -> Exchange {
            var loaded = try load()
            recording = nil
            defer { recording = .success(loaded) }
            return try loaded.take(request)
        }

        func load() throws(Failure) -> Recording {
            let loaded = recording ?? Result { () throws(Failure) in try Recording(at: path) }
            recording = loaded
            return try loaded.get()
        }
    }

    private let base: any StepExecutor
    private let source: Source

    private init(_ base: any StepExecutor, _ source: Source) {
        self.base = base
        self.source = source
    }

    /// Stands in for those who perform the steps of these kinds. The file is read when it is first needed.
    package static func install(in engine: Engine, path: String, kinds: [String] = trafficKinds) {
        let source = Source(path: path)
        for kind in kinds {
            guard let base = engine.executor(of: kind) else { continue }
            engine.install(ReplayingExecutor(base, source), for: kind)
        }
    }

    package func readiness(for step: StepKind) -> Readiness {
        switch step {
        case .agent, .tool: return .ready
        default:
            let readiness = base.readiness(for: step)
            return readiness != .ready && isRecorded(step) ? .ready : readiness
        }
    }

    /// What a model or a tool once said, at once; what nobody wanted any more then says no more now.
    package func start(_ attempt: Attempt, reporter: AttemptReporter) {
        guard let request = attempt.traffic else { return base.start(attempt, reporter: reporter) }
        do throws(Failure) {
            for report in try source.exchange(for: request).reports { reporter.report(report) }
        } catch {
            reporter.report(.failed(error))
        }
    }

    package func stop(_ key: AttemptKey) { base.stop(key) }

    /// Whether a model called such a step as a tool.
    private func isRecorded(_ step: StepKind) -> Bool {
        guard let recording = try? source.load() else { return false }
        switch step {
        case .call(let call): return recording.contains { $0["call"]?["handler"]?.string == call.handler }
        case .command: return recording.contains { $0["command"] != nil }
        default: return false
        }
    }
}
