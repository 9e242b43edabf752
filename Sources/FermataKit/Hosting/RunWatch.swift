import Synchronization
import WorkflowEngine
import WorkflowModel

/// The runs that somebody in this process has a handle of. Safe from any thread.
final class RunMirrors: Sendable {
    private struct Weak: Sendable {
        weak var mirror: RunMirror?
    }

    private let mirrors = Mutex<[String: Weak]>([:])

    /// The one mirror of a run, for as long as anybody has it.
    func mirror(of run: String, _ snapshot: RunSnapshot) -> RunMirror {
        mirrors.withLock { mirrors in
            if let known = mirrors[run]?.mirror {
                known.update(snapshot)
                return known
            }
            let mirror = RunMirror(snapshot)
            mirrors[run] = Weak(mirror: mirror)
            return mirror
        }
    }

    func known(_ run: String) -> RunMirror? {
        mirrors.withLock { mirrors in
            guard let weak = mirrors[run] else { return nil }
            let mirror = weak.mirror
            if mirror == nil { mirrors[run] = nil }
            return mirror
        }
    }
}

/// Tells the mirrors what the engine has committed.
final class RunWatch: EngineObserver {
    private struct News {
        let mirror: RunMirror
        /// The run, where it is not as it was.
        var live: LiveRun?
        var logs: [String] = []
        var said: [(text: String, step: String, attempt: Int)] = []
        var progress: Progress?
    }

    private let mirrors: RunMirrors
    private let registry: WorkflowRegistry
    private unowned let engine: Engine
    private var news: [String: News] = [:]

    init(_ mirrors: RunMirrors, _ registry: WorkflowRegistry, of engine: Engine) {
        self.mirrors = mirrors
        self.registry = registry
        self.engine = engine
    }

    func recorded(_ events: [WorkflowModel.RunEvent], firstSeq: Int, at: Timestamp, in live: LiveRun) {
        if live.run.status.isTerminal { registry.forget(run: live.id) }
        note(live) { news in
            news.live = live
            for case .logged(let entry) in events { news.logs.append(entry.message) }
        }
    }

    func said(_ text: AttemptText, offset: Int, in live: LiveRun) {
        // What a model thinks is told on the wire alone.
        guard !text.isThought else { return }
        note(live) { news in
            let piece = String(decoding: text.bytes[offset...], as: UTF8.self)
            news.said.append((piece, text.path, text.attempt))
        }
    }

    func progressed(current: Int, total: Int, message: String?, in live: LiveRun) {
        note(live) { $0.progress = Progress(current: current, total: total, message: message) }
    }

    func moved(_ record: RunID) {
        guard let mirror = mirrors.known(record) else { return }
        do throws(EngineError) {
            let live = try engine.load(record)
            note(live) { $0.live = live }
        } catch {
            if case .runNotFound = error { mirror.delete(record) }
        }
    }

    func turnEnded(error: EngineError?) {
        defer { news.removeAll(keepingCapacity: true) }
        guard error == nil else { return }
        for news in news.values {
            for said in news.said { news.mirror.say(said.text, step: said.step, attempt: said.attempt) }
            if let live = news.live { news.mirror.update(RunSnapshot(live.run), logs: news.logs) }
            if let progress = news.progress { news.mirror.update(progress) }
        }
    }

    func effectsBegun() {}

    private func note(_ live: LiveRun, _ body: (inout News) -> Void) {
        if let index = news.index(forKey: live.id) { return body(&news.values[index]) }
        guard let mirror = mirrors.known(live.id) else { return }
        var first = News(mirror: mirror)
        body(&first)
        news[live.id] = first
    }
}
