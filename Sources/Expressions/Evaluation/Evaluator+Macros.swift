extension Evaluator {
    /// Runs a macro over the elements of a list or the keys of a map.
    mutating func run(_ macro: Macro, slot: Int, _ parts: NodeList, at id: NodeID) throws(Failure) -> Value {
        let bodies = program.lists[parts.indices]
        let range = try evaluate(bodies.first!)
        let body = bodies[bodies.startIndex + 1]
        let elements: List
        switch range {
        case .list(let list): elements = list
        case .map(let map):
            try spend(map.count, at: id)
            elements = map.keys
        default: throw failure(.noOverload(macro.rawValue, [range.type]), at: id)
        }
        switch macro {
        case .all: return .bool(try !some(elements, slot, body, is: false))
        case .exists: return .bool(try some(elements, slot, body, is: true))
        case .existsOne: return .bool(try count(elements, slot, body) == 1)
        case .filter: return .list(.values(try filter(elements, slot, body)))
        case .map where bodies.count == 2: return .list(.values(try transform(elements, slot, nil, body)))
        case .map: return .list(.values(try transform(elements, slot, body, bodies.last!)))
        }
    }

    /// Like `||` over all elements: a failure counts only when no element decides.
    private mutating func some(
        _ elements: List, _ slot: Int, _ predicate: NodeID, is deciding: Bool
    ) throws(Failure) -> Bool {
        var firstFailure: Failure?
        for index in 0..<elements.count {
            locals[slot] = elements[index]
            do throws(Failure) {
                if try condition(predicate) == deciding { return true }
            } catch {
                guard error.reason.isAbsorbable else { throw error }
                firstFailure = firstFailure ?? error
            }
        }
        if let firstFailure { throw firstFailure }
        return false
    }

    private mutating func count(_ elements: List, _ slot: Int, _ predicate: NodeID) throws(Failure) -> Int {
        var count = 0
        for index in 0..<elements.count {
            locals[slot] = elements[index]
            if try condition(predicate) { count += 1 }
        }
        return count
    }

    private mutating func filter(_ elements: List, _ slot: Int, _ predicate: NodeID) throws(Failure) -> [Value] {
        var kept: [Value] = []
        for index in 0..<elements.count {
            let element = elements[index]
            locals[slot] = element
            if try condition(predicate) { kept.append(element) }
        }
        return kept
    }

    private mutating func transform(
        _ elements: List, _ slot: Int, _ predicate: NodeID?, _ body: NodeID
    ) throws(Failure) -> [Value] {
        var results: [Value] = []
        for index in 0..<elements.count {
            locals[slot] = elements[index]
            if let predicate, try !condition(predicate) { continue }
            results.append(try evaluate(body))
        }
        return results
    }
}
