package import WorkflowModel

extension Run {
    /// Folds a journal. Nil when it does not begin with the run's creation.
    package static func replay(
        id: String, workflow: Workflow, events: some Sequence<(event: RunEvent, at: Timestamp)>
    ) -> Run? {
        var run: Run?
        var seq = 0
        for (event, at) in events {
            seq += 1
            if case .created(let creation) = event {
                guard let options = try? RunOptions.parse(creation.options) else { return nil }
                run = Run(id: id, workflow: workflow, creation: creation, options: options, at: at)
            } else {
                run?.apply(event, seq: seq, at: at)
            }
        }
        return run
    }
}
