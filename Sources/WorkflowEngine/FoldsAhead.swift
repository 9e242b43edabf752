import Threads

/// Runs that another thread folds, in the order in which they are added, while they are still added and the first are taken.
/// One that it has not come to is folded by who takes it, so nobody waits for longer than one fold takes.
final class FoldsAhead: Sendable {
    private enum Place {
        case unfolded(UnfoldedRun?)
        /// Somebody is at it, or it was taken.
        case begun
        case folded(Fold?)
    }

    private struct State {
        var places: [Place] = []
        /// Where the other thread looks next.
        var next = 0
        var isOver = false

        mutating func begin(_ place: Int) -> UnfoldedRun?? {
            guard case .unfolded(let run) = places[place] else { return nil }
            places[place] = .begun
            return .some(run)
        }
    }

    private let state = Monitor(State())

    init() {
        // Without a thread to be had everything is folded by who takes it.
        _ = startThread { [state] in
            while let place = Self.next(in: state) {
                guard let run = state.withLock({ $0.begin(place) }) else { continue }
                let fold = try? run?.fold()
                state.withLock { $0.places[place] = .folded(fold) }
                state.announce()
            }
        }
    }

    /// To wake the other thread takes a call of the system: it is told of so many at once.
    private static let handful = 16

    /// Adds a run, or nil for one that cannot be read.
    func add(_ run: UnfoldedRun?) {
        let count = state.withLock { state in
            state.places.append(.unfolded(run))
            return state.places.count
        }
        if count.isMultiple(of: Self.handful) { state.announce() }
    }

    /// The fold of the run that was added in this place, counted from 0, which is given once; nil where it makes none.
    func take(_ place: Int) -> Fold? {
        if let run = state.withLock({ $0.begin(place) }) { return try? run?.fold() }
        state.wait { if case .folded = $0.places[place] { true } else { false } }
        return state.withLock { state in
            guard case .folded(let fold) = state.places[place] else { return nil }
            state.places[place] = .begun
            return fold
        }
    }

    /// Lets the other thread go.
    func end() {
        state.withLock { $0.isOver = true }
        state.announce()
    }

    private static func next(in state: Monitor<State>) -> Int? {
        state.wait { $0.isOver || $0.next < $0.places.count }
        return state.withLock { state in
            if state.isOver { return nil }
            state.next += 1
            return state.next - 1
        }
    }
}
