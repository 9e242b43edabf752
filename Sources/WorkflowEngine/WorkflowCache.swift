import WorkflowModel

/// Parsed workflows by namespace, name and version, so that a document is read once and not for every run.
struct WorkflowCache {
    struct Key: Hashable {
        var namespace: String
        var name: String
        var version: String
    }

    private static let capacity = 256
    private var workflows: [Key: Workflow] = [:]

    subscript(key: Key) -> Workflow? {
        get { workflows[key] }
        set {
            if workflows.count >= Self.capacity { workflows.removeAll(keepingCapacity: true) }
            workflows[key] = newValue
        }
    }
}
