import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// One process with an engine and its client, from its start to its end. The simulation gives it turns.
final class EngineProcess {
    enum Life {
        case running
        /// It does not run since then, and does not know it.
        case frozen(since: Int64)
        case gone
    }

    let name: String
    let engine: Engine
    private(set) var journal: FaultyJournal!
    private(set) var listener: Listener!
    private(set) var bodies: Bodies!
    private unowned let simulation: Simulation
    private(set) var life = Life.running
    /// Set while a turn is under way: it cannot begin another, whatever comes.
    private var isBusy = false
    private var nextTurn: Int64?
    private var inputs: [EngineInput] = []
    /// Whether the turn under way is the last one.
    private var isEnding = false
    private var isToldOfStore = false

    init(_ name: String, handlers: Set<String>, in simulation: Simulation) {
        self.name = name
        self.simulation = simulation
        engine = Engine(mailbox: Mailbox(), environment: simulation.clock.environment)
        journal = FaultyJournal(self, in: simulation)
        listener = Listener(self, in: simulation)
        bodies = Bodies(handlers, of: self, in: simulation)
        engine.observer = listener
        // So that most runs are read from one, and most states are written.
        engine.configuration.snapshots.events = 12
        engine.configuration.snapshots.eventsAtRest = 5
        engine.configuration.snapshots.growth = 0
        engine.open(journal, LivingEngines(name, in: simulation))
        engine.install(bodies, for: "call", "agent", "program", "step")
        post(.call { $0.beginEffects() })
    }

    var isGone: Bool { if case .gone = life { true } else { false } }

    var isRunning: Bool { if case .running = life { true } else { false } }

    /// How long other engines see it as one that lives: it touched its lock within the last seconds.
    var vitality: Duration? {
        switch life {
        case .running: return .milliseconds(5000)
        case .frozen(let since):
            let left = since + 5000 - simulation.clock.elapsed
            return left > 0 ? .milliseconds(left) : nil
        case .gone: return nil
        }
    }

    /// Another engine gave a sign of life, or its last one.
    func noticeEngines() {
        simulation.later(0...20) { [weak self] in self?.post(.enginesChanged) }
    }

    func post(_ input: EngineInput) {
        guard !isGone else { return }
        engine.mailbox.post(input)
        wake()
    }

    /// Something waits in the mailbox.
    func wake() {
        wake(at: simulation.clock.elapsed + simulation.random.between(0...3))
    }

    private func wake(at moment: Int64) {
        guard !isGone, moment < nextTurn ?? .max else { return }
        nextTurn = moment
        simulation.at(moment) { [weak self] in self?.takeTurn(plannedFor: moment) }
    }

    private func takeTurn(plannedFor moment: Int64) {
        guard nextTurn == moment, isRunning, !isBusy else { return }
        nextTurn = nil
        isBusy = true
        _ = engine.timeout()
        engine.mailbox.drain(into: &inputs, timeout: .zero)
        engine.performTurn(inputs)
        isBusy = false
        guard !isGone else { return }
        if isEnding { return simulation.end(self) }
        // What was to wake it meanwhile found it busy.
        if let missed = nextTurn {
            nextTurn = nil
            wake(at: max(missed, simulation.clock.elapsed))
        }
        if let timeout = engine.timeout() { wake(at: simulation.clock.elapsed + max(timeout.milliseconds, 1)) }
    }

    /// Others appended to the store; it notices within 50 ms.
    func noticeStore() {
        guard !isGone, !isToldOfStore else { return }
        isToldOfStore = true
        simulation.later(0...50) { [weak self] in
            guard let self, !isGone else { return }
            isToldOfStore = false
            post(.storeChanged)
        }
    }

    // MARK: Life and death

    func freeze() {
        life = .frozen(since: simulation.clock.elapsed)
    }

    func thaw() {
        life = .running
        nextTurn = nil
        wake()
    }

    /// Nothing it does counts any more.
    func die() {
        life = .gone
        journal.die()
    }

    /// The client is gone: its bodies are cut off, and soon the engine stops.
    func loseClient() {
        bodies.hostLeaves()
        listener.clientLeaves()
        wake()
        simulation.later(1...2000) { [weak self] in
            guard let self, !isGone else { return }
            isEnding = true
            post(.call { $0.stop() })
        }
    }
}

/// Which engines live, as the simulation knows it.
private final class LivingEngines: EngineRegistry {
    let engineID: String
    let processes: any ProcessLedger = NoLedger()
    private unowned let simulation: Simulation

    init(_ engineID: String, in simulation: Simulation) {
        self.engineID = engineID
        self.simulation = simulation
    }

    func announce() {}

    func vitality(of engineID: String) -> Duration? {
        simulation.processes.first { $0.name == engineID }?.vitality
    }

    func endProcesses(of engineID: String, run: String) {}
}
