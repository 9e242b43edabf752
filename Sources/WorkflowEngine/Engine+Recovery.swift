import Threads
import WorkflowCore
import WorkflowModel
package import WorkflowStore

extension Engine {
    /// How many runs of the namespace nobody performs.
    package func strandedRuns() throws(EngineError) -> Int {
        guard configuration.recovers, configuration.performs else { return 0 }
        do {
            return try journal.ownersOfUnparkedRuns(namespace: configuration.namespace).count { !isAlive($0) }
        } catch {
            throw .store(error)
        }
    }

    /// From now on bodies may start; the runs that nobody performs, and this host can, are taken on first.
    package func beginEffects() {
        guard !effectsMayBegin else { return }
        effectsMayBegin = true
        guard configuration.recovers, configuration.performs else { return }
        insist { $0.adoptStrandedRuns() }
    }

    /// This host can perform more than it could: the runs that waited for it are taken on.
    package func adoptMore() {
        guard effectsMayBegin, configuration.recovers, configuration.performs else { return }
        insist { $0.adoptStrandedRuns() }
    }

    private func adoptStrandedRuns() {
        guard effectsMayBegin, configuration.performs, (try? openTurn()) != nil else { return }
        let stranded = (try? journal.unparkedRuns(namespace: configuration.namespace)) ?? []
        // Asked once an owner, and not once a run: it is a look into the file system.
        let alive = Set(stranded.compactMap(\.owner)).filter { isAlive($0) }
        takeOn(stranded.filter { isOursToPerform($0) && !($0.owner.map(alive.contains) ?? false) })
        // One that is frozen already gives no sign that would make us look.
        guard alive.contains(where: { $0 != registry.engineID }) else { return }
        alarm(at: turn.now + .milliseconds(1)) { $0.lookAtOwners() }
    }

    /// Looks who of the engines that perform runs of ours is still there: the runs of one that is dead or frozen are
    /// taken on at once. One that lives is looked at again when its silence would be too long.
    func lookAtOwners() {
        guard store != nil, effectsMayBegin, configuration.recovers, configuration.performs,
            let owners = try? journal.ownersOfUnparkedRuns(namespace: configuration.namespace)
        else { return }
        var (lost, silence) = (Set<String>(), Duration?.none)
        for case let owner? in Set(owners) where owner != registry.engineID {
            guard let left = registry.vitality(of: owner) else {
                lost.insert(owner)
                continue
            }
            silence = min(silence ?? left, left)
        }
        if let silence { alarm(at: turn.now + silence + .milliseconds(1)) { $0.lookAtOwners() } }
        let isNews = !lost.isSubset(of: lostOwners)
        lostOwners = lost
        if isNews { insist { $0.adoptStrandedRuns() } }
    }

    /// Takes on a run that nobody performs, if this engine can do something for it.
    package func adopt(_ id: RunID) throws(EngineError) {
        guard effectsMayBegin, configuration.performs, let record = try storedRun(id), isOursToPerform(record),
            !hasLivingOwner(record)
        else { return }
        try openTurn()
        // Only now nobody else moves it.
        if let record = try storedRun(id), isOursToPerform(record), !hasLivingOwner(record) { try takeOn(record) }
    }

    private func isOursToPerform(_ record: RunRecord) -> Bool {
        record.namespace == configuration.namespace && !record.status.isTerminal && record.status != .pending
    }

    /// Of many runs so many are folded at once by another thread, while something is decided about those before them.
    private static let batch = 128

    private func takeOn(_ records: [RunRecord]) {
        guard records.count > Self.batch else {
            for record in records { _ = try? takeOn(record) }
            return
        }
        var rest = records[...]
        var next = foldAhead(&rest)
        while let (batch, folds) = next {
            next = foldAhead(&rest)
            for (record, fold) in zip(batch, folds.get()) { _ = try? takeOn(record, folded: fold) }
        }
    }

    /// Nil when none is left. A run that cannot be read has no fold: who loads it is told why.
    private func foldAhead(
        _ rest: inout ArraySlice<RunRecord>
    ) -> (batch: ArraySlice<RunRecord>, folds: Ahead<[Fold?]>)? {
        guard !rest.isEmpty else { return nil }
        let batch = rest.prefix(Self.batch)
        rest = rest.dropFirst(Self.batch)
        let runs = batch.map { try? read($0, as: $0.id, upTo: .max) }
        return (batch, Ahead { runs.map { try? $0?.fold() } })
    }

    /// Takes on a run that is under way and whose owner is gone, as its row says within this turn.
    private func takeOn(_ record: RunRecord, folded: Fold? = nil) throws(EngineError) {
        let live = try load(record, folded: folded)
        guard live.record.owner == record.owner else { return }
        let wasOwned = live.record.owner
        live.record.owner = nil
        guard canGoOn(live) else {
            live.record.owner = wasOwned
            return
        }
        if let wasOwned { registry.endProcesses(of: wasOwned, run: record.id) }
        try decide(wasOwned == nil ? .advance : .takeOver, in: live)
    }

    /// Whether an engine that is alive, this one or another, performs the run.
    package func hasLivingOwner(_ record: RunRecord) -> Bool { isAlive(record.owner) }

    private func isAlive(_ owner: String?) -> Bool {
        guard let owner else { return false }
        return owner == registry.engineID || registry.isAlive(owner)
    }

    /// Before runs are claimed, and every second as long as any is ours.
    func showLife() throws(StoreError) {
        guard !showsLife else { return }
        try registry.announce()
        showsLife = true
        alarm(at: turn.now + .seconds(1)) { engine in
            engine.showsLife = false
            guard engine.live.all.contains(where: { $0.record.owner == engine.registry.engineID }) else { return }
            try? engine.showLife()
        }
    }

    /// Whether some step of the run can go on here: its body can be performed, or it needs none.
    private func canGoOn(_ live: LiveRun) -> Bool {
        live.run.active.contains { active in
            switch active.phase {
            case .running: active.step.onInterrupted != .retry || mayStart(active.step, in: live)
            case .entered, .backingOff: !active.step.kind.hasBody || mayStart(active.step, in: live)
            case .asking, .waiting, .open, .child, .failed: false
            }
        }
    }
}
