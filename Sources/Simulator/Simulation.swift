import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// How a world is simulated, beside its seed.
package struct SimulationOptions: Sendable {
    /// How many runs the client asks for; children come on top.
    package var runs = 20
    package var hasFaults = true
    /// Whether each observation is written down.
    package var traces = false

    package init() {}
}

/// What became of one seed.
package struct SimulationOutcome: Sendable {
    package var seed: UInt64
    package var violation: Violation?
    package var coverage: Coverage
    /// A line an observation, where that was asked for.
    package var trace: [String]
}

/// A world of engines on one store under virtual time: whatever happens in it, and in which order, follows from the seed.
///
/// First things go wrong while a client asks for runs, answers, signals, pauses and cancels; then nothing goes wrong any more, and
/// every run must come to its end.
package final class Simulation {
    private enum Phase {
        case chaos, calm, over
    }

    /// Virtual milliseconds.
    private static let chaosLasts: Int64 = 40_000
    private static let calmLastsAtMost: Int64 = 1_800_000
    private static let fewestFaults = 10

    private let seed: UInt64
    let options: SimulationOptions
    var random: SeededRandom
    let clock: VirtualClock
    let store = MemoryStore()
    let auditor: Auditor
    private var client: Client!
    private var slots: [Slot] = []
    private var agenda = DeadlineHeap<() -> Void>()
    private let checkers: [any Checker] = [
        GaplessJournal(), SameReplay(), SameSnapshot(), OneAnswerEach(), DurableBeforeVisible(), RecordedStepOnce(),
        AttemptNumbers(),
        OneOwner(), EveryRunEnds(), TextOffsets(), TimersFireOnce(),
    ]
    private var phase = Phase.chaos
    private(set) var coverage = Coverage()
    private var violation: Violation?
    private var trace: [String] = []
    private var requests = 0
    var isDiskFull = false

    /// A place where one engine after the other runs.
    private struct Slot {
        let name: String
        let handlers: Set<String>
        var incarnations = 0
        var process: EngineProcess?
    }

    package init(seed: UInt64, options: SimulationOptions) {
        self.seed = seed
        self.options = options
        random = SeededRandom(seed: seed)
        clock = VirtualClock(random.fork())
        auditor = Auditor(store)
        client = Client(in: self)
    }

    package func run() -> SimulationOutcome {
        let common: Set<String> = ["work", "flaky", "broken", "route", "plan", "split", "evaluate"]
        for name in ["A", "B", "C"].prefix(random.number(1...3)) {
            slots.append(Slot(name: name, handlers: name == "C" ? common : common.union(["special"])))
        }
        for index in slots.indices { start(index) }
        client.begin()
        if options.hasFaults { Chaos(in: self).begin() }
        at(Self.chaosLasts) { [unowned self] in endChaos() }
        while phase != .over, violation == nil, let moment = agenda.earliest { take(at: moment) }
        if violation == nil { conclude() }
        let outcome = SimulationOutcome(seed: seed, violation: violation, coverage: coverage, trace: trace)
        takeApart()
        return outcome
    }

    private func conclude() {
        do {
            observe(.concluded(try auditor.readAll()))
        } catch {
            fatalError("The store gave back what it never got: \(error)")
        }
        for run in auditor.runs.values { coverage.count(run.status) }
    }

    /// What lives in the world knows it.
    private func takeApart() {
        slots = []
        agenda = DeadlineHeap()
    }

    // MARK: Time

    func at(_ moment: Int64, _ action: @escaping () -> Void) {
        agenda.insert(action, at: Timestamp(milliseconds: moment))
    }

    func later(_ delay: ClosedRange<Int64>, _ action: @escaping () -> Void) {
        at(clock.elapsed + random.between(delay), action)
    }

    private func take(at moment: Timestamp) {
        clock.pass(to: moment.milliseconds)
        agenda.popDue(at: moment)?()
    }

    /// A commit takes its time: the world goes on without the engine that waits for it.
    func passDuringCommit() {
        let end = clock.elapsed + random.between(5...3000)
        while violation == nil, let moment = agenda.earliest, moment.milliseconds <= end { take(at: moment) }
        clock.pass(to: end)
    }

    private func endChaos() {
        let isEnough = !options.hasFaults || coverage.faultCount >= Self.fewestFaults
        guard isEnough, client.hasAskedForEverything else { return later(1000...1000) { [unowned self] in endChaos() } }
        phase = .calm
        isDiskFull = false
        for process in processes {
            process.journal.disarm()
            process.bodies.disarm()
            process.bodies.answerEverything()
            process.listener.readAgain()
            if !process.isRunning { thaw(process) }
        }
        tend(until: clock.elapsed + Self.calmLastsAtMost)
    }

    private func tend(until end: Int64) {
        guard !isDone, clock.elapsed < end else {
            // What is under way may still be told and answered, and what was asked late may begin a run again.
            return later(15_000...15_000) { [unowned self] in
                if isDone || clock.elapsed >= end { phase = .over } else { tend(until: end) }
            }
        }
        client.tend()
        later(1000...1000) { [unowned self] in tend(until: end) }
    }

    private var isDone: Bool {
        auditor.runs.values.allSatisfy(\.status.isTerminal) && slots.allSatisfy { $0.process != nil }
    }

    var isChaotic: Bool { phase == .chaos }

    /// Whether clients and their bodies may do what they should not.
    var mayFail: Bool { isChaotic && options.hasFaults }

    // MARK: Engines

    /// Those that have not ended.
    var processes: [EngineProcess] { slots.compactMap(\.process) }

    private func start(_ index: Int) {
        slots[index].incarnations += 1
        let name = "\(slots[index].name)\(slots[index].incarnations)"
        observe(.engineStarted(name))
        slots[index].process = EngineProcess(name, handlers: slots[index].handlers, in: self)
    }

    func kill(_ process: EngineProcess) {
        end(process)
    }

    /// Whatever the process had under way is cut off, and another one comes soon.
    func end(_ process: EngineProcess) {
        guard !process.isGone, let index = slots.firstIndex(where: { $0.process === process }) else { return }
        process.die()
        slots[index].process = nil
        observe(.engineGone(process.name))
        for other in processes { other.noticeEngines() }
        later(100...5000) { [unowned self] in start(index) }
    }

    func freeze(_ process: EngineProcess) {
        process.freeze()
        observe(.engineFrozen(process.name))
        for other in processes where other !== process { other.noticeEngines() }
        later(500...15000) { [unowned self] in if !process.isGone, !process.isRunning { thaw(process) } }
    }

    private func thaw(_ process: EngineProcess) {
        process.thaw()
        observe(.engineThawed(process.name))
    }

    /// The process has committed: this is the truth from now on.
    func committed(
        _ rows: [RunRecord], _ snapshots: [SnapshotRecord], deleted: [Int64], by process: EngineProcess
    ) {
        for append in auditor.look() { observe(.appended(append)) }
        var seen: Set<Int64> = []
        for row in rows.reversed() where seen.insert(row.key).inserted && !deleted.contains(row.key) {
            observe(.stored(row))
        }
        for snapshot in snapshots where !deleted.contains(snapshot.run) {
            if let id = auditor.id(of: snapshot.run) { observe(.written(snapshot, of: id, by: process.name)) }
        }
        for key in deleted {
            guard let id = auditor.forget(key) else { continue }
            observe(.deleted(id))
        }
        for other in processes where other !== process { other.noticeStore() }
    }

    // MARK: What happened

    func newRequest() -> Int {
        requests += 1
        return requests
    }

    func note(_ fault: Fault, on process: EngineProcess?) {
        observe(.fault(fault, on: process?.name ?? "the world"))
    }

    func observe(_ observation: Observation) {
        coverage.count(observation)
        if options.traces { trace.append("\(clock.elapsed) \(observation)") }
        guard violation == nil else { return }
        do throws(Violation) {
            for checker in checkers { try checker.observe(observation) }
        } catch {
            fail(error)
        }
    }

    /// A promise was broken; the first one counts.
    func fail(_ error: Violation) {
        guard violation == nil else { return }
        violation = error
        if options.traces { trace.append("\(clock.elapsed) \(error)") }
    }
}
