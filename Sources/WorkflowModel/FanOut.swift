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
    /// The places that wait for nothing more, the next one to open last.
    private var ready: [Int]
    /// How many flows each place still waits for; empty where none waits.
    private var missing: [Int]
    private let dependents: [[Int]]
    private var remaining: Int

    package init(items: [JSONValue], keys: [String] = [], dependencies: Dependencies? = nil) {
        self.items = items
        self.keys = keys
        self.dependencies = dependencies
        settled = Array(repeating: nil, count: items.count)
        remaining = items.count
        missing = dependencies?.before.map(\.count) ?? []
        dependents = dependencies?.after ?? []
        ready = items.indices.reversed()
        if !missing.isEmpty { ready.removeAll { [missing] in missing[$0] > 0 } }
    }

    /// One that is as `fresh` was at first, and has come so far since.
    package init(resuming fresh: FanOut, settled: [Settled?], open: Set<Int>, firstFailure: Failure?) {
        self = fresh
        self.settled = settled
        self.open = open
        self.firstFailure = firstFailure
        remaining = settled.count { $0 == nil }
        for (place, settled) in settled.enumerated() {
            guard !dependents.isEmpty, case .succeeded? = settled?.outcome else { continue }
            for other in dependents[place] { missing[other] -= 1 }
        }
        ready = items.indices.reversed().filter { [missing] place in
            settled[place] == nil && !open.contains(place) && (missing.isEmpty || missing[place] == 0)
        }
    }

    package var isDone: Bool { remaining == 0 }

    /// The next flow that may be opened, if there may be one more than are open.
    package func nextToOpen(limit: Int?) -> Int? {
        if let limit, open.count >= limit { return nil }
        return ready.last
    }

    package mutating func open(_ place: Int) {
        open.insert(place)
        if let position = ready.lastIndex(of: place) { ready.remove(at: position) }
    }

    /// Records what a flow left. What depends on a flow that failed is not done at all.
    package mutating func settle(_ place: Int, _ outcome: Outcome, duration: Duration) {
        open.remove(place)
        put(outcome, at: place, duration: duration)
        guard !dependents.isEmpty else { return }
        guard case .failed = outcome else { return release(dependents[place]) }
        var failed = [place]
        while let place = failed.popLast() {
            let failure = Failure(
                kind: "forEach.dependencyFailed", message: "\"\(keys[place])\", which it depends on, failed.",
                isRetryable: false)
            for other in dependents[place] where settled[other] == nil {
                put(.failed(failure), at: other, duration: .zero)
                failed.append(other)
            }
        }
    }

    private mutating func put(_ outcome: Outcome, at place: Int, duration: Duration) {
        settled[place] = Settled(outcome: outcome, duration: duration)
        remaining -= 1
        if case .failed(let failure) = outcome { firstFailure = firstFailure ?? failure }
    }

    /// Something that these waited for is done.
    private mutating func release(_ places: [Int]) {
        for place in places {
            missing[place] -= 1
            guard missing[place] == 0 else { continue }
            var (low, high) = (0, ready.count)
            while low < high {
                let middle = (low + high) / 2
                if ready[middle] > place { low = middle + 1 } else { high = middle }
            }
            ready.insert(place, at: low)
        }
    }
}
