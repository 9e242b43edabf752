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
    /// What was asked for last, since it mostly is what is asked for next.
    private var newest: (key: Key, workflow: Workflow)?
    /// What runs of programs are made from, by the programs' names.
    private var programs: [String: Workflow] = [:]

    /// The document that says no more than a program's name; nil where a workflow cannot have that name.
    mutating func program(named name: String) -> Workflow? {
        if let known = programs[name] { return known }
        if programs.count >= Self.capacity { programs.removeAll(keepingCapacity: true) }
        programs[name] = Workflow.hosted(named: name)
        return programs[name]
    }

    subscript(key: Key) -> Workflow? {
        mutating get {
            if let newest, newest.key == key { return newest.workflow }
            guard let workflow = workflows[key] else { return nil }
            newest = (key, workflow)
            return workflow
        }
        set {
            newest = nil
            if workflows.count >= Self.capacity { workflows.removeAll(keepingCapacity: true) }
            workflows[key] = newValue
        }
    }
}
