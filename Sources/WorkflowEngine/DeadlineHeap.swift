package import WorkflowModel

/// What is due when, earliest first. An entry that was overtaken by a newer one stays until it is due; whoever pops it checks.
package struct DeadlineHeap<Content> {
    private var entries: [(moment: Timestamp, content: Content)] = []

    package init() {}

    package var earliest: Timestamp? { entries.first?.moment }

    package mutating func insert(_ content: Content, at moment: Timestamp) {
        entries.append((moment, content))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].moment < entries[parent].moment else { break }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    /// Removes the earliest entry if its moment has come.
    package mutating func popDue(at now: Timestamp) -> Content? {
        guard let first = entries.first, first.moment <= now else { return nil }
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var parent = 0
        while true {
            let left = parent * 2 + 1
            guard left < entries.count else { break }
            let right = left + 1
            let child = right < entries.count && entries[right].moment < entries[left].moment ? right : left
            guard entries[child].moment < entries[parent].moment else { break }
            entries.swapAt(child, parent)
            parent = child
        }
        return first.content
    }
}
