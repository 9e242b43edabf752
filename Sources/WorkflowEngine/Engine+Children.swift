import JSON
import WorkflowCore
import WorkflowModel
import WorkflowStore

/// What a run's parent and children must know of it.
struct Family {
    let status: RunStatus
    let children: [RunID]

    init(of live: LiveRun) {
        status = live.run.status
        children = live.run.active.children
    }
}

/// What a relative of a run that moved is still to be told in this turn.
enum FamilyNews {
    case begin(RunID, path: String, parent: LiveRun)
    case tell(RunID, Command)
}

// A child run is a step of its parent: it begins, is held, and ends in the same commit as what its parent decided, and
// the other way around.

extension Engine {
    /// Tells children what became of their parent, and the parent what became of its child; and whoever moves by it
    /// tells on. One after the other, since a family may be deep.
    func settleFamily(of live: LiveRun, after command: Command, _ before: Family) throws(EngineError) {
        note(live, after: command, before)
        guard !turn.isTellingFamily else { return }
        turn.isTellingFamily = true
        defer { turn.isTellingFamily = false }
        while !turn.family.isEmpty {
            switch turn.family.removeFirst() {
            case .begin(let id, let path, let parent):
                // One that ended at once may have taken others with it.
                guard let active = parent.run.active(at: path), case .child(id, _) = active.phase else { continue }
                try begin(child: id, of: active, in: parent)
            case .tell(let id, let command): try tell(id, command)
            }
        }
    }

    private func note(_ live: LiveRun, after command: Command, _ before: Family) {
        let now = Family(of: live)
        if !now.children.isEmpty || !before.children.isEmpty {
            for active in live.run.active {
                guard case .child(let id, _) = active.phase, !before.children.contains(id) else { continue }
                turn.family.append(.begin(id, path: active.path, parent: live))
            }
            for id in before.children where !now.children.contains(id) {
                turn.family.append(.tell(id, .cancel(reason: nil)))
            }
            switch command {
            case .pause, .resume: turn.family += now.children.map { .tell($0, command) }
            default: break
            }
        }
        guard let parent = live.parent, now.status != before.status else { return }
        if now.status.isTerminal {
            let command = Command.childEnded(path: parent.path, runID: live.id, live.run.outcome)
            turn.family.append(.tell(parent.runID, command))
        } else if before.status == .awaiting || now.status == .awaiting {
            turn.family.append(.tell(parent.runID, .advance))
        }
    }

    /// A relative that is gone, that cannot be read, or that may not do what it is told, is left as it is.
    private func tell(_ id: RunID, _ command: Command) throws(EngineError) {
        do throws(EngineError) {
            try perform(command, on: id)
        } catch {
            switch error {
            case .runNotFound, .refused, .store(.corrupt): return
            default: throw error
            }
        }
    }

    private func begin(child id: RunID, of active: ActiveStep, in parent: LiveRun) throws(EngineError) {
        let (input, origin) = (active.input, parent.run.creation)
        let name = input["workflow"]?.string ?? ""
        let workflow = try workflow(
            namespace: origin.namespace, name: name, version: input["version"]?.string ?? "")
        let reference = ParentReference(
            runID: parent.id, path: active.path, depth: (origin.parent?.depth ?? 0) + 1)
        if let violation = workflow.input?.validate(input["input"] ?? .null).first {
            let place = violation.instance.description
            let message = "The input of the workflow \"\(name)\" does not fit at \"\(place)\": \(violation.message)"
            let failure = Failure(kind: "input.invalid", message: message, isRetryable: false)
            return try decide(.childEnded(path: active.path, runID: id, .failed(failure)), in: parent)
        }
        let creation = RunCreated(
            workflow: name, version: workflow.version, namespace: origin.namespace, cwd: origin.cwd,
            input: input["input"], options: nil, labels: [:], client: origin.client, parent: reference)
        let child = try insert(creation, id: id, workflow, RunOptions(), records: false)
        if forbidden.contains(parent.id) { forbidden.insert(id) }
        try decide(.start(executionID: environment.makeID()), in: child)
    }

    func newestVersion(of workflow: String, namespace: String) -> String? {
        do {
            let registered = try journal.newestVersion(ofWorkflow: workflow, namespace: namespace)
            guard registered == nil, namespace == configuration.namespace else { return registered }
            return try hostedProgram(workflow)?.version
        } catch {
            return nil
        }
    }

    func status(ofRun id: RunID) -> RunStatus? {
        if let live = live[id] { return live.isDeleted ? nil : live.run.status }
        return (try? storedRun(id))?.status
    }

    /// The ids of a run's children, and of theirs.
    func descendants(of id: RunID) throws(EngineError) -> [RunID] {
        var (found, open) = ([RunID](), [id])
        while let parent = open.popLast() {
            var filter = RunFilter()
            filter.parent = parent
            let children = try runRecords(filter, before: nil, limit: .max).map(\.id)
            found += children
            open += children
        }
        return found
    }
}

extension Run {
    /// How it ended, as its parent sees it.
    fileprivate var outcome: ChildOutcome {
        switch status {
        case .completed: .completed(output: output ?? .null)
        case .cancelled: .cancelled(reason: cancelReason)
        case .failed, .pending, .inProgress, .awaiting:
            .failed(failure.map(asChild) ?? Failure(kind: "workflow.failed", message: "The run \(id) failed."))
        }
    }

    private func asChild(_ failure: Failure) -> Failure {
        var failure = failure
        let step = failure.step.map { ", in its step \"\($0)\"" } ?? ""
        failure.message = "The run \(id) failed\(step): \(failure.message)"
        failure.step = nil
        return failure
    }
}
