/// Who performs the steps of each kind. A list, for there are few kinds, and before each start of a step it is asked.
struct Executors {
    private var entries: [(kind: String, executor: any StepExecutor)] = []

    subscript(kind: String) -> (any StepExecutor)? {
        get {
            for index in entries.indices where entries[index].kind == kind { return entries[index].executor }
            return nil
        }
        set {
            entries.removeAll { $0.kind == kind }
            if let newValue { entries.append((kind, newValue)) }
        }
    }
}
