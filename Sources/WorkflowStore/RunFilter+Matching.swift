package import JSON
internal import WorkflowModel

extension RunFilter {
    package func matches(_ run: RunRecord) -> Bool {
        (namespace == nil || namespace == run.namespace)
            && (statuses.isEmpty || statuses.contains(run.status))
            && (workflow == nil || workflow == run.workflow)
            && (parent == nil || parent == run.parent)
            && (isPaused == nil || isPaused == run.isPaused)
            && (createdAfter.map { run.createdAt > $0 } ?? true)
            && (createdBefore.map { run.createdAt < $0 } ?? true)
            && matches(labels: run.labels)
    }

    /// Whether each label asked for is among `present` with an equal value, by the equality of JSON.
    package func matches(labels present: JSONObject) -> Bool {
        labels.allSatisfy { key, value in present[key] == value }
    }
}
