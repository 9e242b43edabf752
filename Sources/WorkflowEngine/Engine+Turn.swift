import WorkflowCore
import WorkflowModel
import WorkflowStore

extension Engine {
    /// Takes the store's write lock, once a turn, before the first decision: what is decided is decided on the truth.
    package func openTurn() throws(EngineError) {
        if let failure = turn.failure { throw .store(failure) }
        guard !turn.isOpen else { return }
        let foreign: [JournalEntry]
        do {
            foreign = try journal.begin()
            turn.isOpen = true
        } catch {
            throw fault(error)
        }
        do throws(EngineError) {
            try take(foreign)
        } catch {
            noteUnavailable(error)
            throw error
        }
    }

    /// Looks for what others appended.
    func lookAround() {
        guard store != nil, !turn.isOpen, turn.failure == nil else { return }
        do {
            try take(try journal.poll())
        } catch let error as EngineError {
            noteUnavailable(error)
        } catch {
            // What cannot be read now is still there at the next look.
        }
    }

    /// What others appended is told once, so each of their runs stays noted until it was looked at.
    private func take(_ foreign: [JournalEntry]) throws(EngineError) {
        if !foreign.isEmpty { parkedWake = .unknown }
        for entry in foreign where !unseen.contains(entry.run) { unseen.append(entry.run) }
        while let key = unseen.first {
            do throws(EngineError) {
                try look(at: key)
            } catch {
                // What cannot be read at all keeps nobody from the rest.
                if case .store(.unavailable) = error { throw error }
            }
            unseen.removeFirst()
        }
    }

    private func look(at key: Int64) throws(EngineError) {
        guard let record = try storedRun(key: key) else { return }
        if let live = live[record.id] {
            live.isStale = true
            try reload(live)
            turn.touch(live)
        }
        observer?.moved(record.id)
        turn.moved.append(record.id)
    }

    /// Commits what was decided; then, and only then, effects and bytes leave.
    func endTurn() {
        repeat {
            goOnWithMovedRuns()
            goOnWithPrograms()
            settleTouchedRuns()
            // Opening the turn only now may have told of further runs that moved.
        } while !turn.moved.isEmpty && turn.failure == nil
        recordJoined()
        if turn.isOpen {
            if turn.failure == nil { writeSnapshots() }
            if turn.failure == nil {
                do {
                    try journal.commit()
                } catch {
                    turn.failure = error
                }
            }
            if turn.failure != nil { journal.rollback() }
        }
        let failure = turn.failure
        if turn.changesWakes { parkedWake = .unknown }
        if let failure {
            abandonTurn()
            observer?.turnEnded(error: .store(failure))
        } else {
            holdsUntil = held.isEmpty && heldRuns.isEmpty ? nil : holdsUntil
            wokenUntil = turn.wokenUntil ?? wokenUntil
            observer?.turnEnded(error: nil)
            performEffects()
            observer?.effectsBegun()
        }
        let waiting = turn.waiting
        turn.end()
        for body in waiting { body(failure.map { .store($0) }) }
    }

    /// Calls `body` when this turn is over: what it decided is durable then and its effects have begun, or it is forgotten.
    package func whenTurnEnds(_ body: @escaping (EngineError?) -> Void) {
        turn.waiting.append(body)
    }

    /// Does what may not be forgotten: should the turn fail, it is done again.
    func insist(on work: @escaping @Sendable (Engine) -> Void) {
        turn.unrepeatable.append(.call { $0.insist(on: work) })
        work(self)
    }

    private func goOnWithMovedRuns() {
        while turn.failure == nil, let id = turn.moved.popLast() {
            turn.visited.append(id)
            goOn(with: id)
        }
    }

    /// A run that another engine moved may be ours to go on with.
    private func goOn(with id: RunID) {
        do throws(EngineError) {
            let live = try load(id)
            if live.program != nil { turn.touch(live) }
            guard mayPerform(live), !live.run.status.isTerminal, live.run.status != .pending else { return }
            try perform(.advance, on: id)
        } catch {
            noteUnavailable(error)
        }
    }

    /// A store that cannot be reached fails the turn, so that what was meant is tried again; nothing else does.
    func noteUnavailable(_ error: EngineError) {
        if case .store(.unavailable(let reason)) = error { _ = fault(.unavailable(reason)) }
    }

    /// Brings the rows of the runs that moved up to date: status, owner, deadline.
    private func settleTouchedRuns() {
        guard turn.failure == nil else { return }
        for live in turn.touched where !live.isDeleted {
            settle(live)
            if live.isSettled { continue }
            do throws(EngineError) {
                try openTurn()
                do {
                    try journal.update(live.record)
                } catch {
                    throw fault(error)
                }
            } catch {
                return
            }
            if live.record.wakeAt != live.stored?.wakeAt { turn.changesWakes = true }
            live.stored = live.record.standing
        }
    }

    func settle(_ live: LiveRun) {
        live.record.status = live.run.status
        live.record.isPaused = live.run.isPaused
        live.record.startedAt = live.run.startedAt
        live.record.endedAt = live.run.endedAt
        live.record.lastSeq = live.run.seq
        let hasBodies = live.run.active.isPerformed
        // What is over is nobody's, whoever performed it.
        let isOurs = live.record.owner == nil || live.record.owner == registry.engineID
        guard isOurs || live.record.status.isTerminal else { return }
        if hasBodies {
            if live.record.owner == nil { claim(live) }
            live.record.wakeAt = nil
        } else {
            live.record.owner = nil
            live.record.wakeAt = live.status.isTerminal ? nil : live.run.nextDeadline(after: .earliest)
        }
    }

    private func claim(_ live: LiveRun) {
        do {
            try showLife()
        } catch {
            _ = fault(error)
        }
        live.record.owner = registry.engineID
        live.record.epoch += 1
    }

    /// Starts and stops bodies, arms deadlines, and lets parked runs leave memory.
    private func performEffects() {
        for live in turn.touched {
            programTurnEnded(of: live, failed: false)
            // A turn of a model that was recorded is over, though its attempt goes on.
            for index in live.attempts.indices.reversed() where live.attempts[index].hasAnswered {
                live.attempts.remove(at: index)
            }
            if live.record.owner == registry.engineID, !live.isDeleted {
                let run = live.run
                let underWay = live.attempts.map { ($0.path, $0.number) }
                for effect in run.effects(underWay: underWay) { perform(effect, of: live, run) }
                schedule(live, run)
            } else {
                for attempt in live.attempts {
                    stopAttempt(attempt.path, attempt.number, of: live)
                }
                self.live[live.id] = nil
                if !live.isDeleted { keepAwake(live) }
                if live.isDeleted || live.run.status.isTerminal {
                    if !forbidden.isEmpty { forbidden.remove(live.id) }
                    if !changedPrograms.isEmpty { changedPrograms.remove(live.id) }
                }
            }
        }
    }

    private func perform(_ effect: Effect, of live: LiveRun, _ run: Run) {
        switch effect {
        case .stopAttempt(let path, let number):
            stopAttempt(path, number, of: live)
        case .startAttempt(let path, let number): if effectsMayBegin { startAttempt(path, number, of: live, run) }
        }
    }

    func schedule(_ live: LiveRun, _ run: Run) {
        let deadline = live.nextDeadline(of: run, after: turn.now)
        guard deadline != live.scheduled else { return }
        live.scheduled = deadline
        if let deadline { deadlines.insert(live.id, at: deadline) }
    }

    /// Memory goes back to what the store has, and what cannot be said twice is kept. A commit that failed may have happened all
    /// the same, so each run of the turn is looked at again: its effects were not begun.
    private func abandonTurn() {
        for live in turn.touched {
            live.scheduled = nil
            for index in live.attempts.indices { live.attempts[index].hasAnswered = false }
            heldRuns.append(live.id)
            programTurnEnded(of: live, failed: true)
            if live.program != nil { changedPrograms.remove(live.id) }
            guard !live.attempts.isEmpty else {
                self.live[live.id] = nil
                continue
            }
            // A run with bodies under way stays, or they would be started twice.
            live.isStale = (try? reload(live)) == nil
            live.isDeleted = false
            if !live.isStale { schedule(live, live.run) }
        }
        held.append(contentsOf: turn.unrepeatable)
        var seen: Set<RunID> = []
        heldRuns = (heldRuns + turn.visited + turn.moved).filter { seen.insert($0).inserted }
        holdsUntil = holdsUntil ?? turn.now + Self.pause
    }

    func releaseHeld() {
        let inputs = held
        held = []
        turn.moved += heldRuns
        heldRuns = []
        holdsUntil = nil
        for input in inputs { take(input) }
    }

    // MARK: Deadlines

    func wakeDueRuns() {
        while let id = deadlines.popDue(at: turn.now) {
            guard let live = live[id], let moment = live.scheduled, moment <= turn.now else { continue }
            live.scheduled = nil
            failSilentAttempts(of: live)
            _ = try? perform(.advance, on: id)
            if !live.isStale { turn.touch(live) }
        }
        if turn.now < wokenUntil {
            // The clock was set back: deadlines may lie where nobody expects any.
            wokenUntil = turn.now + .milliseconds(-1)
            parkedWake = .unknown
        }
        guard case .known(let moment?) = parkedWake, moment <= turn.now else { return }
        wakeParkedRuns()
    }

    private func wakeParkedRuns() {
        let limit = 1000
        let due: [RunRecord]
        do {
            due = try journal.runsDue(after: wokenUntil, at: turn.now, limit: limit)
        } catch {
            _ = fault(error)
            return
        }
        for record in due { wake(record.id) }
        // Of those that are due at one moment some may be left.
        let last = due.count < limit ? turn.now : due[limit - 1].wakeAt! + .milliseconds(-1)
        turn.wokenUntil = max(last, wokenUntil)
        parkedWake = .unknown
    }

    private func wake(_ id: RunID) {
        do throws(EngineError) {
            turn.touch(try perform(.advance, on: id))
            turn.changesWakes = true
        } catch {
            noteUnavailable(error)
        }
    }

    /// A parked run is woken by its row. Where that says a moment that has passed, for somebody else to go on with the run, or
    /// because it lies before everything, the run is woken at the next one from here.
    private func keepAwake(_ live: LiveRun) {
        guard let moment = live.record.wakeAt, moment <= turn.now,
            let next = live.run.nextDeadline(after: turn.now)
        else { return }
        let id = live.id
        alarm(at: max(next, turn.now + .milliseconds(1))) { $0.insist { $0.wake(id) } }
    }

    private func failSilentAttempts(of live: LiveRun) {
        for attempt in live.attempts {
            guard let timeout = attempt.heartbeatTimeout, attempt.lastBeat + timeout <= turn.now,
                let active = live.run.active(at: attempt.path), active.attempt == attempt.number, active.isRunning
            else { continue }
            let message = "The attempt gave no sign of life for \(timeout.milliseconds) ms."
            let failure = Failure(kind: "step.timedOut", message: message)
            _ = try? perform(.attemptFailed(path: attempt.path, number: attempt.number, failure), on: live.id)
        }
    }
}
