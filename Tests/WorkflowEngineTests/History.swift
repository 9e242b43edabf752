import WorkflowEngine
import WorkflowModel

/// What an engine did to the world, in the order it did it.
final class History {
    private(set) var lines: [String] = []

    func note(_ line: String) {
        lines.append(line)
    }

    /// What happened since the last call.
    func take() -> [String] {
        defer { lines = [] }
        return lines
    }
}

/// Notes what an engine's observer is told.
final class RecordingObserver: EngineObserver {
    private let history: History
    private(set) var events: [(run: RunID, seq: Int, type: String)] = []
    private(set) var errors: [EngineError] = []
    private(set) var said: [String] = []

    init(_ history: History) {
        self.history = history
    }

    func recorded(_ events: [RunEvent], as text: EncodedEvents, firstSeq: Int, at: Timestamp, in live: LiveRun) {
        for (offset, event) in events.enumerated() {
            self.events.append((live.run.id, firstSeq + offset, event.type))
            history.note("told \(event.type)")
        }
    }

    func said(_ text: AttemptText, offset: Int, in live: LiveRun) {
        let piece = String(decoding: text.bytes[(offset - text.base)...], as: UTF8.self)
        said.append("\(text.isThought ? "thought " : "")\(offset):\(piece)")
    }

    func progressed(current: Int, total: Int, message: String?, in live: LiveRun) {
        history.note("progress \(current)/\(total)")
    }

    func moved(_ record: RunID) {
        history.note("moved \(record)")
    }

    func turnEnded(error: EngineError?) {
        if let error { errors.append(error) }
        history.note(error == nil ? "ended" : "forgotten")
    }

    func effectsBegun() {}
}
