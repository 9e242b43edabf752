package import WorkflowModel

extension Run {
    /// Folds a journal. Nil when it is damaged: it does not begin with the run's creation, begins anew in the middle, holds a
    /// list that is none, or leaves two steps at one path. With `start`, the events are those that follow it.
    package static func replay(
        id: String, workflow: Workflow, events: [(event: RunEvent, at: Timestamp)], from start: Run? = nil
    ) -> Run? {
        var events = events[...]
        guard var run = start ?? begin(id: id, workflow: workflow, events.popFirst()) else { return nil }
        for (event, at) in events {
            guard run.hasPlace(for: event) else { return nil }
            run.apply(event, seq: run.seq + 1, at: at)
        }
        return run.hasOnePathEach ? run : nil
    }

    private static func begin(id: String, workflow: Workflow, _ first: (event: RunEvent, at: Timestamp)?) -> Run? {
        guard case (.created(let creation), let at)? = first, let options = try? RunOptions.parse(creation.options)
        else { return nil }
        return Run(id: id, workflow: workflow, creation: creation, options: options, at: at)
    }

    /// What happens to a step happens at its path: a second one there would be started again without end.
    private var hasOnePathEach: Bool {
        active.count < 2 || Set(active.map(\.path)).count == active.count
    }

    /// Whether `apply` can rely on what the event holds.
    private func hasPlace(for event: RunEvent) -> Bool {
        switch event {
        case .created: return false
        case .stepStarted(let start):
            // By its place: a step is much to copy.
            guard let list = start.input, let index = position(of: start.path),
                case .forEach(let forEach) = active[index].step.kind
            else { return true }
            return FanOut(recorded: list, of: forEach) != nil
        default: return true
        }
    }
}
