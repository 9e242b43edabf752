/// Which members or elements of one value have been evaluated, for `unevaluatedProperties` and `unevaluatedItems`.
struct Evaluated {
    private var isWhole = false
    /// By position; empty until the first mark.
    private var marks: [Bool] = []

    func contains(_ position: Int) -> Bool { isWhole || (!marks.isEmpty && marks[position]) }

    mutating func markAll() { isWhole = true }

    /// `count` is how many there are to mark.
    mutating func mark(_ position: Int, of count: Int) {
        guard !isWhole else { return }
        if marks.isEmpty { marks = Array(repeating: false, count: count) }
        marks[position] = true
    }

    mutating func formUnion(_ other: Evaluated) {
        isWhole = isWhole || other.isWhole
        guard !isWhole, !other.marks.isEmpty else { return }
        if marks.isEmpty {
            marks = other.marks
        } else {
            for position in marks.indices where other.marks[position] { marks[position] = true }
        }
    }
}
