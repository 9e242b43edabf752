package import WorkflowModel

extension Standing {
    /// Where a run stands that these events have led to.
    package init(of run: Run, events: some Sequence<RunEvent>) {
        self.init(of: run, in: run.workflow.flow, events: events)
    }

    init(of run: Run, in flow: Flow, events: some Sequence<RunEvent>) {
        self.init(of: run.workflow, in: flow)
        for event in events { record(event) }
        for step in run.active {
            let status: Status =
                switch step.phase {
                case .asking: .awaiting
                case .failed: .failed
                case .entered, .running, .backingOff, .waiting, .open, .child: .active
                }
            record(status, path: step.path, step: step.step.name)
        }
        if run.status.isTerminal { end() }
    }

    private mutating func record(_ event: RunEvent) {
        switch event {
        case .stepStarted(let start): record(.active, path: start.path, step: start.step)
        case .stepCompleted(let completion):
            record(.done, path: completion.path, step: completion.step)
            record(decision: completion.decision.to, path: completion.path, step: completion.step)
        case .stepFailed(let failed) where failed.willRetryAt == nil:
            record(.failed, path: failed.path, step: failed.step)
            if let decision = failed.decision { record(decision: decision.to, path: failed.path, step: failed.step) }
        default: break
        }
    }
}
