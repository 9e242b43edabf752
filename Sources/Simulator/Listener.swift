import Synchronization
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// The client's side of one engine: it asks, is answered when the turn was committed, and is told of the runs that it created.
///
/// What it cannot be told at once, because it does not read or the events came from another engine, it reads from the journal later.
final class Listener: EngineObserver {
    private struct Request {
        let id: Int
        let reply: Reply
        let then: (Result<Answer, EngineError>) -> Void
    }

    private unowned let process: EngineProcess
    private let simulation: Simulation
    private var requests: [Request] = []
    /// The newest event it was told of each run it listens to.
    private var told: [RunID: Int] = [:]
    private var recorded: [(run: LiveRun, firstSeq: Int, events: [RunEvent])] = []
    /// Runs whose journal holds more than was told, in the order in which they fell behind.
    private var lagging: [RunID] = []
    /// What was said and not told yet, and from where on.
    private var texts: [(key: AttemptKey, text: AttemptText)] = []
    /// How many bytes of each attempt have left.
    private var sent: [AttemptKey: Int] = [:]
    private(set) var isReading = true
    private var isPresent = true

    init(_ process: EngineProcess, in simulation: Simulation) {
        self.process = process
        self.simulation = simulation
    }

    // MARK: Asking

    func ask(
        _ what: String, _ body: @escaping @Sendable (Engine) throws(EngineError) -> Answer,
        then: @escaping (Result<Answer, EngineError>) -> Void = { _ in }
    ) {
        guard isPresent else { return }
        let reply = Reply()
        requests.append(Request(id: simulation.newRequest(), reply: reply, then: then))
        simulation.observe(.asked(requests.last!.id, of: process.name, what: what))
        process.post(.call { engine in reply.set(Result { () throws(EngineError) in try body(engine) }) })
    }

    /// The client listens to a run from its first event.
    func subscribe(_ run: RunID) {
        if told[run] == nil { told[run] = 0 }
    }

    func stopReading() {
        isReading = false
    }

    func readAgain() {
        isReading = true
        process.post(.call { _ in })
    }

    func clientLeaves() {
        isPresent = false
        isReading = false
    }

    // MARK: Being told

    func recorded(_ events: [RunEvent], firstSeq: Int, at: Timestamp, in live: LiveRun) {
        recorded.append((live, firstSeq, events))
    }

    func said(_ text: AttemptText, offset: Int, in live: LiveRun) {
        guard !texts.contains(where: { $0.text === text }) else { return }
        let key = AttemptKey(runID: live.id, path: text.path, number: text.attempt)
        texts.append((key, text))
    }

    func progressed(current: Int, total: Int, message: String?, in live: LiveRun) {}

    func moved(_ record: RunID) {
        lag(record)
    }

    func turnEnded(error: EngineError?) {
        defer { recorded.removeAll(keepingCapacity: true) }
        guard !process.isGone else { return }
        answer(failingWith: error)
        process.bodies.turnEnded(failed: error != nil)
        if error != nil {
            for (run, _, _) in recorded { lag(run.id) }
            return
        }
        remember()
        for (run, firstSeq, events) in recorded { tell(run.id, firstSeq, events) }
        guard isReading else { return }
        catchUp()
        for (key, text) in texts {
            let start = sent[key, default: 0]
            guard start < text.bytes.count else { continue }
            sent[key] = text.bytes.count
            simulation.observe(.textTold(key, offset: start, Array(text.bytes[start...]), by: process.name))
        }
        texts.removeAll(keepingCapacity: true)
    }

    func effectsBegun() {}

    private func answer(failingWith error: EngineError?) {
        let (answered, open) = requests.parted { $0.reply.result != nil }
        requests = open
        for request in answered {
            let result = error.map { .failure($0) } ?? request.reply.result!
            let answer = try? result.get()
            simulation.observe(.answered(request.id, by: process.name, answer?.run, seq: answer?.seq))
            request.then(result)
        }
    }

    /// What memory has is what the store has.
    private func remember() {
        var seen: Set<RunID> = []
        for (live, _, _) in recorded where seen.insert(live.id).inserted && simulation.auditor.runs[live.id] != nil {
            simulation.observe(.remembered(live.run, by: process.name))
        }
    }

    private func tell(_ run: RunID, _ firstSeq: Int, _ events: [RunEvent]) {
        guard let last = told[run] else { return }
        guard isReading, !lagging.contains(run), firstSeq == last + 1 else { return lag(run) }
        for (offset, event) in events.enumerated() {
            simulation.observe(.told(run, seq: firstSeq + offset, event, by: process.name))
        }
        told[run] = last + events.count
    }

    private func lag(_ run: RunID) {
        if told[run] != nil, !lagging.contains(run) { lagging.append(run) }
    }

    private func catchUp() {
        lagging = lagging.filter { run in
            guard let last = told[run], let row = try? process.engine.storedRun(run),
                let events = try? process.engine.events(of: row, afterSeq: last, limit: .max, maxBytes: .max)
            else { return simulation.auditor.runs[run] != nil }
            for recorded in events {
                simulation.observe(.told(run, seq: recorded.seq, recorded.event, by: process.name))
            }
            told[run] = events.last?.seq ?? last
            return false
        }
    }
}

/// What an engine says to a request.
struct Answer: Sendable {
    var run: RunID?
    var seq: Int?
    var questions: [InteractionRecord] = []
}

/// An answer that comes with a turn.
final class Reply: Sendable {
    private let state = Mutex<Result<Answer, EngineError>?>(nil)

    var result: Result<Answer, EngineError>? { state.withLock { $0 } }

    func set(_ result: Result<Answer, EngineError>) {
        state.withLock { $0 = result }
    }
}

extension Array {
    /// Those for which it holds and the others, both in their order.
    fileprivate func parted(_ isWanted: (Element) -> Bool) -> (wanted: [Element], others: [Element]) {
        (filter(isWanted), filter { !isWanted($0) })
    }
}
