package import JSON

/// The flows inside a step: its branches, its items, or a pattern's one.
package struct FanOut: Sendable {
    package enum Outcome: Sendable, Hashable {
        case succeeded(JSONValue)
        case failed(Failure)
    }

    /// What one flow left, and how long it took.
    package struct Settled: Sendable, Hashable {
        package var outcome: Outcome
        package var duration: Duration

        package init(outcome: Outcome, duration: Duration) {
            self.outcome = outcome
            self.duration = duration
        }
    }

    /// The elements of the list; one null for each branch.
    package let items: [JSONValue]
    /// What each goes by among those that depend on it; empty when nobody asked.
    package let keys: [String]
    package let dependencies: Dependencies?
    /// By place; nil while it is not done.
    package private(set) var settled: [Settled?]
    package private(set) var open: Set<Int> = []
    package private(set) var firstFailure: Failure?
    /// All places before this one were opened or settled.
    private var next = 0
    private var remaining: Int

    package init(items: [JSONValue], keys: [String] = [], dependencies: Dependencies? = nil) {
        self.items = items
        self.keys = keys
        self.dependencies = dependencies
        settled = Array(repeating: nil, count: items.count)
        remaining = items.count
    }

    package var isDone: Bool { remaining == 0 }

    /// The next flow that may be opened, if there may be one more than are open.
    package func nextToOpen(limit: Int?) -> Int? {
        if let limit, open.count >= limit { return nil }
        for place in next..<items.count where settled[place] == nil && !open.contains(place) {
            guard let dependencies else { return place }
            let isReady = dependencies.before[place].allSatisfy { before in
                if case .succeeded? = settled[before]?.outcome { true } else { false }
            }
            if isReady { return place }
        }
        return nil
    }

    package mutating func open(_ place: Int) {
        open.insert(place)
        passOver()
    }

    private mutating func passOver() {
        while next < items.count, settled[next] != nil || open.contains(next) { next += 1 }
    }

    /// Records what a flow left. What depends on a flow that failed is not done at all.
    package mutating func settle(_ place: Int, _ outcome: Outcome, duration: Duration) {
        open.remove(place)
        settled[place] = Settled(outcome: outcome, duration: duration)
        remaining -= 1
        passOver()
        guard case .failed(let failure) = outcome else { return }
        firstFailure = firstFailure ?? failure
        guard let dependencies else { return }
        for other in items.indices where settled[other] == nil && dependencies.before[other].contains(place) {
            let failure = Failure(
                kind: "forEach.dependencyFailed", message: "\"\(keys[place])\", which it depends on, failed.",
                isRetryable: false)
            settle(other, .failed(failure), duration: .zero)
        }
    }
}
