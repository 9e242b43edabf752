package import WorkflowModel

extension Run {
    /// Folds a journal. Nil when it is damaged: it does not begin with the run's creation, begins anew in the middle, holds a
    /// list that is none, or leaves two steps at one path. With `start`, the events are those that follow it.
    package static func replay(
        id: String, workflow: Workflow, events: some Sequence<(event: RunEvent, at: Timestamp)>, from start: Run? = nil
    ) -> Run? {
        var run = start
        var seq = start?.seq ?? 0
        for (event, at) in events {
            seq += 1
            if case .created(let creation) = event {
                guard run == nil, let options = try? RunOptions.parse(creation.options) else { return nil }
                run = Run(id: id, workflow: workflow, creation: creation, options: options, at: at)
            } else {
                guard run?.hasPlace(for: event) ?? false else { return nil }
                run?.apply(event, seq: seq, at: at)
            }
        }
        guard let run, run.hasOnePathEach else { return nil }
        return run
    }

    /// What happens to a step happens at its path: a second one there would be started again without end.
    private var hasOnePathEach: Bool {
        active.count < 2 || Set(active.map(\.path)).count == active.count
    }

    /// Whether `apply` can rely on what the event holds.
    private func hasPlace(for event: RunEvent) -> Bool {
        guard case .stepStarted(let start) = event, let list = start.input,
            case .forEach(let forEach)? = active(at: start.path)?.step.kind
        else { return true }
        return FanOut(recorded: list, of: forEach) != nil
    }
}
