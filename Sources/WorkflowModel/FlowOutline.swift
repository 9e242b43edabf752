import JSON

/// The ways between the steps of a flow, read off its document, so that a broken step hides nothing about the others.
struct FlowOutline {
    /// A name that no step has, and where it stands.
    struct UnknownTarget {
        var pointer: JSONPointer
        var name: String
        /// What was probably meant. The outline goes there, so that one slip is told once.
        var nearest: String?
    }

    let names: [String]
    private(set) var unknownTargets: [UnknownTarget] = []
    /// Where each step leads, by position; END is the position behind the last step.
    private var ways: [[Int]] = []
    private(set) var start: Int?
    /// Whether it is known where every step leads.
    private var isComplete = true
    private var positions: [String: Int] = [:]

    init(_ flow: JSONObject, at pointer: JSONPointer, _ reader: inout DocumentReader) {
        names = flow.keys.filter { $0 != Flow.startName }
        for (position, name) in names.enumerated() { positions[name] = position }
        if let name = flow[Flow.startName]?.string {
            start = position(of: name, at: pointer.appending(Flow.startName), &reader)
        }
        for name in names {
            let ways = ways(of: flow[name] ?? .null, at: pointer.appending(name), &reader)
            self.ways.append(ways)
        }
    }

    /// The steps that lead to each step, and to END, by position.
    func predecessors() -> [[Int]] {
        var found = [[Int]](repeating: [], count: names.count + 1)
        for (from, targets) in ways.enumerated() {
            for target in Set(targets) { found[target].append(from) }
        }
        return found
    }
}

// MARK: Reading

extension FlowOutline {
    private var end: Int { names.count }

    private mutating func ways(of step: JSONValue, at pointer: JSONPointer, _ reader: inout DocumentReader) -> [Int] {
        guard case .object(let step) = step else {
            isComplete = false
            return [end]
        }
        var ways: [Int] = []
        if let name = step["onError"]?.string {
            ways.append(position(of: name, at: pointer.appending("onError"), &reader))
        }
        if reader.present("fail", in: step) != nil { ways.append(end) }
        let place = pointer.appending("next")
        switch reader.present("next", in: step) {
        case nil: ways.append(end)
        case .string(let name):
            ways.append(position(of: name, at: place, &reader))
            // Whoever does not approve sends the flow to its end.
            if reader.present("approval", in: step) != nil { ways.append(end) }
        case .array(let choices) where !choices.isEmpty:
            for (index, choice) in choices.enumerated() {
                if let name = choice["to"]?.string {
                    ways.append(position(of: name, at: place.appending(index).appending("to"), &reader))
                } else {
                    ways.append(unknown())
                }
            }
        default: ways.append(unknown())
        }
        return ways
    }

    /// Where a way leads of which only the document's author knows.
    private mutating func unknown() -> Int {
        isComplete = false
        return end
    }

    private mutating func position(of name: String, at pointer: JSONPointer, _ reader: inout DocumentReader) -> Int {
        if name == Target.endName { return end }
        if let position = positions[name] { return position }
        let nearest = reader.nearest(to: name, among: names + [Target.endName])
        unknownTargets.append(UnknownTarget(pointer: pointer, name: name, nearest: nearest))
        return nearest.map { positions[$0] ?? end } ?? unknown()
    }
}

// MARK: Judging

extension FlowOutline {
    /// Steps that no way leads to: of several that lead to each other the first.
    func unreachable() -> [String] {
        guard let start, isComplete else { return [] }
        var reached = Set<Int>()
        Self.follow(ways, from: [start], into: &reached)
        let lost = names.indices.filter { !reached.contains($0) }
        let before = predecessors()
        let first = lost.filter { step in !before[step].contains { $0 != step && !reached.contains($0) } }
        var told: [Int] = []
        for step in first + lost where !reached.contains(step) {
            told.append(step)
            Self.follow(ways, from: [step], into: &reached)
        }
        return told.sorted().map { names[$0] }
    }

    /// Circles that no way leads out of, each in the order it is gone through.
    func endlessCircles() -> [[String]] {
        let before = predecessors()
        var ending = Set<Int>()
        Self.follow(before, from: [end], into: &ending)
        var reached = Set<Int>()
        if let start, isComplete {
            Self.follow(ways, from: [start], into: &reached)
        } else {
            reached = Set(names.indices)
        }
        var circles: [[String]] = []
        for step in names.indices where reached.contains(step) && !ending.contains(step) {
            var inside = Set<Int>()
            Self.follow(ways, from: [step], into: &inside)
            circles.append(circle(among: innermost(of: inside, before)))
            // What leads into this circle is told with it.
            Self.follow(before, from: Array(inside), into: &ending)
        }
        return circles
    }

    /// Those of the steps that lead to none but themselves.
    private func innermost(of steps: Set<Int>, _ before: [[Int]]) -> [Int] {
        // Going back from a step to all that lead to it: who is left over to the last leads to no others.
        var seen = Set<Int>()
        var last: Int?
        for step in steps.sorted() where !seen.contains(step) {
            Self.follow(before, from: [step], into: &seen)
            last = step
        }
        var found = Set<Int>()
        Self.follow(ways, from: last.map { [$0] } ?? [], into: &found)
        return found.sorted()
    }

    /// Every one of these steps leads to others of them, so that some go in a circle.
    private func circle(among steps: [Int]) -> [String] {
        let places = Dictionary(uniqueKeysWithValues: steps.enumerated().map { ($1, $0) })
        let graph = Dependencies(before: steps.map { ways[$0].compactMap { places[$0] } })
        return graph.circle?.map { names[steps[$0]] } ?? []
    }

    private static func follow(_ ways: [[Int]], from starts: [Int], into seen: inout Set<Int>) {
        var open = starts.filter { seen.insert($0).inserted }
        while let step = open.popLast() {
            guard ways.indices.contains(step) else { continue }
            for next in ways[step] where seen.insert(next).inserted { open.append(next) }
        }
    }
}
