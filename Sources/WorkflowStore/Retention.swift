package import WorkflowModel

/// Which runs that have ended are old enough to go.
package struct RetentionFilter: Sendable, Hashable {
    /// Those that ended before it.
    package var endedBefore: Timestamp
    /// Nil asks for all namespaces.
    package var namespace: String?
    /// None asks for all that a run can end with.
    package var statuses: [RunStatus] = []

    package init(endedBefore: Timestamp) {
        self.endedBefore = endedBefore
    }

    /// Whether the run itself is meant, whatever it belongs to.
    package func matches(_ run: RunRecord) -> Bool {
        run.status.isTerminal && (run.endedAt.map { $0 < endedBefore } ?? false)
            && (namespace == nil || namespace == run.namespace)
            && (statuses.isEmpty || statuses.contains(run.status))
    }
}

/// How much was removed that no run needed any more.
package struct Leftovers: Sendable, Hashable {
    /// Versions that are not registered and that no run has.
    package var workflows = 0
    /// Answers about runs that are gone.
    package var answers = 0

    package init(workflows: Int = 0, answers: Int = 0) {
        self.workflows = workflows
        self.answers = answers
    }
}
