import JSON
package import Secrets
package import WorkflowCore
package import WorkflowModel
package import WorkflowStore

/// What an engine may do beside deciding.
package struct EngineConfiguration: Sendable {
    /// Whose runs this engine performs.
    package var namespace = "default"
    /// Whether step bodies are performed here at all; without it the engine only decides, lists and answers.
    package var performs = true
    /// Whether runs that nobody performs are taken on when effects begin.
    package var recovers = true
    /// When states are written down.
    package var snapshots = SnapshotRule()
    /// The agents that documents may name beside their own.
    package var agents = ConfiguredAgents()

    /// The programs of this process itself, beside those of its client.
    package var programs: Set<String> = []

    package init() {}
}

/// The engine: one thread, in turns.
///
/// A turn drains the mailbox, decides, applies, commits, and only then lets effects and bytes out. It is not Sendable on purpose: it is made on its thread, and whoever wants something of
/// it posts to its mailbox.
package final class Engine {
    package let mailbox: Mailbox
    package let environment: Environment
    package var configuration = EngineConfiguration()
    /// What is covered in all that attempts say, before anybody hears it; nil where nothing is secret. Set before the first
    /// attempt.
    package var mask: SecretMask?
    /// Whoever sets it lets go of it at the end: it usually knows the engine.
    package var observer: (any EngineObserver)?

    private(set) var store: (journal: any Journal, registry: any EngineRegistry)?
    var executors = Executors()
    var live = RunTable<LiveRun>()
    var workflows = WorkflowCache()
    /// The deadlines of the runs in memory.
    var deadlines = DeadlineHeap<RunID>()
    var alarms = DeadlineHeap<(Engine) -> Void>()
    /// The earliest deadline of a run that is not in memory; nil when it must be looked up.
    var parkedWake: ParkedWake = .unknown
    /// Up to when the runs that were due were looked at. What could not go on then, since another engine must perform it
    /// or it cannot be read, is not looked at again by itself.
    var wokenUntil = Timestamp.earliest
    var turn = Turn()
    /// What the mailbox fills for each turn.
    private var inputs: [EngineInput] = []
    /// Runs created here that hold steps which this host does not allow: those steps fail, instead of waiting for a host that does.
    var forbidden: Set<RunID> = []
    /// The runs whose programs are under way here, by their executions.
    var programs = RunTable<LiveRun>()
    /// Runs whose programs turned out to be other ones here than those they began with.
    var changedPrograms: Set<RunID> = []
    /// Runs that other engines moved, by their keys in the store, and nobody has looked at since.
    var unseen: [Int64] = []
    /// What a turn that failed had taken and nobody will give again, such as an attempt's reports; tried again, in
    /// this order.
    var held: [EngineInput] = []
    /// The runs of such a turn, each once.
    var heldRuns: [RunID] = []
    /// Until when the store is left alone after a turn that failed: then come what is held, and the deadlines.
    var holdsUntil: Timestamp?
    /// The owners of runs of ours that were found dead or frozen, and whose runs were taken on as far as this host can.
    var lostOwners: Set<String> = []
    /// Whether this engine has begun to show every second that it lives.
    var showsLife = false
    var effectsMayBegin = false
    package private(set) var isStopped = false
    /// Whether attempts were stopped for good, and are not heard any more.
    private var isQuiet = false

    enum ParkedWake {
        case unknown
        case known(Timestamp?)
    }

    package init(mailbox: Mailbox, environment: Environment) {
        self.mailbox = mailbox
        self.environment = environment
    }

    /// Gives the engine its store. Nothing but `alarm` and `stop` is asked of it before.
    package func open(_ journal: any Journal, _ registry: any EngineRegistry) {
        precondition(store == nil, "An engine has one store.")
        store = (journal, registry)
    }

    /// With all that was decided: what waits for more of its run is written before anybody looks.
    package var journal: any Journal {
        recordJoined()
        return store!.journal
    }

    package var registry: any EngineRegistry { store!.registry }

    /// Calls `body` in a turn of its own when the moment has come.
    package func alarm(at moment: Timestamp, _ body: @escaping (Engine) -> Void) {
        alarms.insert(body, at: moment)
    }

    package var now: Timestamp { turn.now }

    /// How many inputs the turn began with: a measure of the pressure.
    package var inputsOfTurn: Int { turn.inputs }

    /// How many attempts this engine performs now.
    package var attemptsUnderWay: Int { live.all.reduce(0) { $0 + $1.attempts.count } }

    /// How many runs are in memory; between turns those that have attempts under way.
    package var runsInMemory: Int { live.count }

    /// Says who performs the steps of a kind.
    package func install(_ executor: any StepExecutor, for kinds: String...) {
        for kind in kinds { executors[kind] = executor }
    }

    /// Who performs the steps of a kind.
    package func executor(of kind: String) -> (any StepExecutor)? { executors[kind] }

    /// Runs turns until somebody calls `stop`. Under a clock that is not the world's, `pacing` says how long a turn truly waits.
    package func run(pacing: (Duration?) -> Duration? = { $0 }) {
        while !isStopped { runTurn(within: pacing(timeout())) }
        mailbox.close()
        // What was asked meanwhile is heard, to be refused.
        mailbox.drain(into: &inputs, timeout: .zero)
        for case .call(let body) in inputs { body(self) }
        observer?.turnEnded(error: nil)
    }

    /// One turn of what is there, or comes in time; nil waits for ever.
    package func runTurn(within timeout: Duration?) {
        mailbox.drain(into: &inputs, timeout: timeout)
        performTurn(inputs)
    }

    /// Ends the loop after this turn. Attempts under way are told to stop; their runs stay recoverable.
    package func stop() {
        isStopped = true
        effectsMayBegin = false
        stopAttempts()
        mailbox.close()
    }

    func stopAttempts() {
        isQuiet = true
        for run in live.all {
            for attempt in run.attempts { stopAttempt(attempt.path, attempt.number, of: run) }
        }
    }

    /// One turn; the simulator calls it instead of `run`.
    package func performTurn(_ inputs: [EngineInput]) {
        turn.now = environment.now()
        turn.inputs = inputs.count
        // Further away than a pause it is only where the clock was set back.
        if let moment = holdsUntil, moment <= turn.now || moment - turn.now > Self.pause { releaseHeld() }
        for input in inputs { take(input) }
        while let body = alarms.popDue(at: turn.now) { body(self) }
        if !unseen.isEmpty, holdsUntil == nil { lookAround() }
        if store != nil, holdsUntil == nil { wakeDueRuns() }
        endTurn()
    }

    func take(_ input: EngineInput) {
        switch input {
        case .call(let body): body(self)
        case .storeChanged: lookAround()
        case .enginesChanged: lookAtOwners()
        // What was stopped is interrupted, whatever it still has to say: half of it would be worse than nothing.
        case .report where isQuiet: break
        // An attempt is heard in the order it spoke.
        case .report where !held.isEmpty: held.append(input)
        case .report(let key, let report): take(report, of: key)
        }
    }

    /// How long the loop may sleep; nil when nothing happens by itself. Whoever calls `performTurn` himself asks this
    /// before each turn.
    package func timeout() -> Duration? {
        var earliest = holdsUntil ?? nextDeadline()
        if let alarm = alarms.earliest { earliest = min(earliest ?? alarm, alarm) }
        guard let earliest else { return nil }
        // The wall clock may jump while we sleep, so a deadline is looked at again at least this often.
        return min(max(earliest - environment.now(), .zero), .seconds(10))
    }

    /// When something happens by itself to a run, in memory or parked.
    private func nextDeadline() -> Timestamp? {
        var earliest = deadlines.earliest
        if store != nil, case .unknown = parkedWake {
            do {
                // What may not be written cannot be woken.
                parkedWake = .known(journal.isReadOnly ? nil : try journal.nextWake(after: wokenUntil))
            } catch {
                // A store that does not say is asked again.
                return environment.now() + Self.pause
            }
        }
        if case .known(let moment?) = parkedWake { earliest = min(earliest ?? moment, moment) }
        return earliest
    }

    /// How long a store that failed is left alone.
    static let pause = Duration.milliseconds(200)

    // MARK: Deciding

    /// Whether this engine may start the step's body: the run is ours, or nobody's, and somebody here can perform it.
    func mayStart(_ step: Step, in live: LiveRun) -> Bool {
        guard mayPerform(live), let executor = executors[step.kind.name] else { return false }
        switch step.kind {
        case .program where changedPrograms.contains(live.id): return false
        // Its program asks for it.
        case .hosted: return false
        default: break
        }
        switch executor.readiness(for: step.kind) {
        case .ready: return true
        case .notPermitted: return forbidden.contains(live.id)
        case .missingHandler: return false
        }
    }

    func mayPerform(_ live: LiveRun) -> Bool {
        configuration.performs && effectsMayBegin && live.record.namespace == configuration.namespace
            && (live.record.owner == nil || live.record.owner == registry.engineID)
    }

    /// Why a step that the flow has come to does not start here.
    package func readiness(for step: Step) -> Readiness {
        executors[step.kind.name]?.readiness(for: step.kind)
            ?? .notPermitted("Nobody here performs \(step.kind.name) steps.")
    }

    /// Opens the turn for a run in memory: what is decided about it is decided on the truth.
    func openTurn(for live: LiveRun) throws(EngineError) {
        try openTurn()
        do throws(EngineError) {
            try refresh(live)
        } catch {
            noteUnavailable(error)
            throw error
        }
    }

    /// Decides a command about a run in memory, and records what became fact.
    func perform(_ command: Command, on live: LiveRun) throws(EngineError) {
        try openTurn(for: live)
        try decide(command, in: live)
    }

    /// Decides a command, records what became fact and gives the run as it is then.
    @discardableResult
    package func perform(_ command: Command, on id: RunID, expectedSeq: Int? = nil) throws(EngineError) -> LiveRun {
        try openTurn()
        let live = try loadToDecide(id)
        if let expectedSeq, expectedSeq != live.run.seq {
            throw .seqConflict(expected: expectedSeq, actual: live.run.seq)
        }
        try decide(command, in: live)
        return live
    }

    func decide(_ command: Command, in live: LiveRun) throws(EngineError) {
        let before = Family(of: live)
        if case .resume = command { changedPrograms.remove(live.id) }
        // What waits of this run is written with what is decided now, and not while it is: the decider may ask what is in the store.
        let waits = turn.joined === live
        if waits { turn.joined = nil }
        do {
            let surroundings = RunSurroundings(engine: self, live: live)
            try live.decider.decide(command, DecisionContext(now: turn.now, surroundings: surroundings))
        } catch {
            if waits { turn.joined = live }
            throw .refused(error)
        }
        try record(live)
        do throws(EngineError) {
            try settleFamily(of: live, after: command, before)
        } catch {
            // Half of what was decided may not be committed.
            noteUnavailable(error)
            throw error
        }
    }

    /// Writes what was decided into the open turn: now, or with what is decided next about the run.
    func record(_ live: LiveRun) throws(EngineError) {
        guard !live.decider.events.isEmpty else { return }
        // Memory is ahead of the store from here on: should the turn fail, this run is among those that go back.
        turn.touch(live)
        if turn.joined !== live { recordJoined() }
        turn.joined = turn.isJoining ? live : nil
        if !turn.isJoining { try append(live) }
    }

    /// What `body` decides last waits for what is decided next about the same run in this turn, to be one append with that.
    package func joining<Answer>(_ body: () throws(EngineError) -> Answer) throws(EngineError) -> Answer {
        let isJoining = turn.isJoining
        turn.isJoining = true
        defer { turn.isJoining = isJoining }
        return try body()
    }

    /// Writes what waits for more. What cannot be written fails the turn.
    func recordJoined() {
        guard let live = turn.joined else { return }
        turn.joined = nil
        if turn.failure == nil { try? append(live) }
    }

    private func append(_ live: LiveRun) throws(EngineError) {
        let events = live.decider.takeEvents()
        let firstSeq = live.run.seq - events.count + 1
        let at = live.run.lastAt
        let text = EventCoding.encode(events, of: live.decider.run.origin.workflow)
        do {
            if live.stored == nil {
                settle(live)
                live.record.key = try journal.insert(live.record)
                live.stored = live.record.standing
                if live.record.wakeAt != nil { turn.changesWakes = true }
            }
            try journal.append(run: live.record.key, firstSeq: firstSeq, at: at, events: text)
            live.tail.add(events: events.count, bytes: text.count)
            try recordInteractions(of: events, in: live)
        } catch {
            throw fault(error)
        }
        observer?.recorded(events, firstSeq: firstSeq, at: at, in: live)
    }

    /// Keeps the rows of questions in step. What nobody waits for any more is withdrawn.
    func recordInteractions(of events: [RunEvent], in live: LiveRun) throws(StoreError) {
        // By their places: to take each event out of the list would copy it.
        for index in events.indices where events[index].isAboutInteraction {
            switch events[index] {
            case .interactionRequested(let interaction): try put(interaction, in: live)
            case .voteRecorded(let id, _):
                if let interaction = live.run.interaction(id) { try put(interaction, in: live) }
            case .interactionResolved(let resolution):
                try settle(resolution.interactionID, as: resolution.outcome.rawValue, in: live)
            default: break
            }
        }
        guard live.openInteractions.count > live.run.interactions.count else { return }
        for id in live.openInteractions where live.run.interaction(id) == nil {
            try settle(id, as: "withdrawn", in: live)
        }
    }

    private func put(_ interaction: Interaction, in live: LiveRun) throws(StoreError) {
        var body = interaction.json
        body["runId"] = .string(live.id)
        body["executionId"] = live.run.executionID.map { .string($0) }
        live.openInteractions.insert(interaction.id)
        try journal.put(
            InteractionRecord(
                id: interaction.id, run: live.record.key, executionID: live.run.executionID ?? "",
                // It is there to be listed.
                body: .object(live.veil?.hide(body) ?? body),
                isOpen: true))
    }

    private func settle(_ id: String, as status: String, in live: LiveRun) throws(StoreError) {
        live.openInteractions.remove(id)
        try journal.put(
            InteractionRecord(
                id: id, run: live.record.key, executionID: live.run.executionID ?? "",
                body: ["status": .string(status)],
                isOpen: false))
    }

    /// The turn cannot be committed any more.
    func fault(_ error: StoreError) -> EngineError {
        turn.failure = turn.failure ?? error
        return .store(error)
    }
}
