package import JSON

/// A step that was entered and has not ended.
package struct ActiveStep: Sendable {
    package enum Phase: Sendable, Hashable {
        /// The flow has come here; nothing was started.
        case entered
        /// An attempt is under way.
        case running(since: Timestamp)
        /// The next attempt starts then.
        case backingOff(until: Timestamp)
        /// A person is asked.
        case asking(interactionID: String)
        /// Nil waits for a signal alone.
        case waiting(until: Timestamp?)
        /// Flows run inside.
        case open(since: Timestamp)
        /// A child run is under way.
        case child(runID: String, since: Timestamp)
        /// It has failed, and so has what it is part of.
        case failed
    }

    package let path: String
    package let step: Step
    package let iteration: Int
    /// The key of the scope it is in.
    package let scope: String
    package var phase: Phase = .entered
    /// The number of the newest attempt; 0 before the first.
    package var attempt: Int
    /// How many attempts failed; interruptions do not count.
    package var failures = 0
    /// What the body gets, computed when the first attempt started; nil before it.
    package var recordedInput: JSONValue?
    /// How far the flows inside have come.
    package var fanOut: FanOut?

    package init(path: String, step: Step, iteration: Int, scope: String, attempt: Int = 0) {
        self.path = path
        self.step = step
        self.iteration = iteration
        self.scope = scope
        self.attempt = attempt
    }

    package var input: JSONValue { recordedInput ?? .null }

    /// Where the step goes back to when it is to be tried again.
    package var reentered: ActiveStep {
        var again = self
        again.phase = .entered
        again.failures = 0
        return again
    }
}

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
    package var settled: [Settled?]
    package var open: Set<Int> = []
    /// All places before this one were opened or settled.
    package var next = 0

    package init(items: [JSONValue], keys: [String] = [], dependencies: Dependencies? = nil) {
        self.items = items
        self.keys = keys
        self.dependencies = dependencies
        settled = Array(repeating: nil, count: items.count)
    }

    package var isDone: Bool { open.isEmpty && settled.allSatisfy { $0 != nil } }

    package var firstFailure: Failure? {
        for case .failed(let failure)? in settled.lazy.map(\.?.outcome) { return failure }
        return nil
    }

    /// The next flow that may be opened, if there may be one more than are open.
    package func nextToOpen(limit: Int?) -> Int? {
        if let limit, open.count >= limit { return nil }
        for place in next..<max(next, items.count) where settled[place] == nil && !open.contains(place) {
            guard let dependencies else { return place }
            let isReady = dependencies.before[place].allSatisfy { before in
                if case .succeeded? = settled[before]?.outcome { true } else { false }
            }
            if isReady { return place }
        }
        return nil
    }

    /// Records what a flow left. What depends on a flow that failed is not done at all.
    package mutating func settle(_ place: Int, _ outcome: Outcome, duration: Duration) {
        open.remove(place)
        settled[place] = Settled(outcome: outcome, duration: duration)
        while next < items.count, settled[next] != nil || open.contains(next) { next += 1 }
        guard case .failed = outcome, let dependencies else { return }
        for other in items.indices where settled[other] == nil && dependencies.before[other].contains(place) {
            let failure = Failure(
                kind: "forEach.dependencyFailed", message: "\"\(keys[place])\", which it depends on, failed.",
                isRetryable: false)
            settle(other, .failed(failure), duration: .zero)
        }
    }
}
