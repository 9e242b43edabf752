internal import JSON
internal import RegularExpressions

/// One evaluation of a program. It recurses as deep as the program is high, which the parser bounds.
struct Evaluator {
    let program: Program
    let bindings: Bindings
    private let haveQualifiedNames: Bool
    var budget: Budget
    /// The variables of the macros that are running, by slot.
    var locals: [Value]
    /// What `matches` was asked for by patterns that are no constants.
    var patterns: [Text: RegularExpression] = [:]

    init(_ program: Program, _ bindings: Bindings, _ budget: Budget) {
        self.program = program
        self.bindings = bindings
        haveQualifiedNames = bindings.haveQualifiedNames
        self.budget = budget
        locals = program.localCount == 0 ? [] : Array(repeating: .null, count: program.localCount)
    }

    /// The value of the whole program, in the form that `convert` gives it.
    mutating func result<Result>(
        _ convert: (Value, inout Budget) throws(Reason) -> Result
    ) throws(Failure) -> Result {
        let value = try evaluate(program.root)
        return try at(program.root) { budget throws(Reason) in try convert(value, &budget) }
    }

    mutating func evaluate(_ id: NodeID) throws(Failure) -> Value {
        try spend(1, at: id)
        let value = try valueOfNode(id)
        if case .number = value { try at(id) { budget throws(Reason) in try budget.spend(reading: value) } }
        return value
    }

    private mutating func valueOfNode(_ id: NodeID) throws(Failure) -> Value {
        switch program.nodes[Int(id)] {
        case .constant(let constant): return program.constants[Int(constant)]
        case .name(let word): return try value(of: program.words[Int(word)], at: id)
        case .local(let slot): return locals[Int(slot)]
        case .select(let operand, let word):
            if let value = try qualifiedValue(of: id) { return value }
            return try select(word, of: try evaluate(operand), at: id)
        case .has(let operand, let word): return .bool(try has(word, in: try evaluate(operand), at: id))
        case .index(let operand, let index):
            let (operand, index) = (try evaluate(operand), try evaluate(index))
            return try at(id) { budget throws(Reason) in try operand.element(at: index, &budget) }
        case .not(let operand): return .bool(!(try condition(operand)))
        case .negate(let operand):
            let operand = try evaluate(operand)
            return try at(id) { _ throws(Reason) in try operand.negated() }
        case .binary(let binary, let left, let right):
            let (left, right) = (try evaluate(left), try evaluate(right))
            return try at(id) { budget throws(Reason) in try binary.apply(left, right, &budget) }
        case .and(let terms): return .bool(try !decide(terms, on: false))
        case .or(let terms): return .bool(try decide(terms, on: true))
        case .choose(let test, let then, let otherwise):
            return try evaluate(try condition(test) ? then : otherwise)
        case .list(let elements): return .list(.values(try values(elements)))
        case .map(let entries): return .map(.entries(try map(entries, at: id)))
        case .call(let function, let arguments):
            let arguments = try values(arguments)
            return try at(id) { budget throws(Reason) in try function.call(arguments, &budget) }
        case .unknownCall(let word):
            throw failure(.unknownFunction(program.words[Int(word)]), at: id)
        case .matches(let text, let pattern):
            return .bool(try matches(try evaluate(text), try evaluate(pattern), at: id))
        case .macro(let macro, let slot, let parts): return try run(macro, slot: Int(slot), parts, at: id)
        }
    }

    /// The value of what must be true or false.
    mutating func condition(_ id: NodeID) throws(Failure) -> Bool {
        let value = try evaluate(id)
        guard case .bool(let holds) = value else { throw failure(.notBool(value.type), at: id) }
        return holds
    }

    mutating func spend(_ cost: Int, at id: NodeID) throws(Failure) {
        do throws(Reason) {
            try budget.spend(cost)
        } catch {
            throw failure(error, at: id)
        }
    }

    func failure(_ reason: Reason, at id: NodeID) -> Failure {
        Failure(reason: reason, offset: Int(program.offsets[Int(id)]))
    }

    /// Tells where the body failed.
    @inline(__always)
    mutating func at<Result>(
        _ id: NodeID, _ body: (inout Budget) throws(Reason) -> Result
    ) throws(Failure) -> Result {
        do throws(Reason) {
            return try body(&budget)
        } catch {
            throw failure(error, at: id)
        }
    }
}

extension Evaluator {
    private func value(of name: String, at id: NodeID) throws(Failure) -> Value {
        if let value = bindings[name] { return Value(value) }
        if let type = ValueType(rawValue: name) { return .type(type) }
        throw failure(.unknownName(name), at: id)
    }

    /// What is bound under a name with dots: `a.b.c` is first looked for as a whole.
    private mutating func qualifiedValue(of id: NodeID) throws(Failure) -> Value? {
        guard haveQualifiedNames, let name = program.qualifiedName(endingAt: id) else { return nil }
        try spend(name.utf8.count, at: id)
        return bindings[name].map { Value($0) }
    }

    private mutating func select(_ word: Int32, of operand: Value, at id: NodeID) throws(Failure) -> Value {
        guard case .map(let map) = operand else { throw failure(.noMembers(in: operand.type), at: id) }
        let name = program.words[Int(word)]
        try spend(name.utf8.count >> 4, at: id)
        guard let value = map[name] else { throw failure(.noKey(name), at: id) }
        return value
    }

    private mutating func has(_ word: Int32, in operand: Value, at id: NodeID) throws(Failure) -> Bool {
        guard case .map(let map) = operand else { throw failure(.noMembers(in: operand.type), at: id) }
        let name = program.words[Int(word)]
        try spend(name.utf8.count >> 4, at: id)
        return map[name] != nil
    }

    private mutating func values(_ list: NodeList) throws(Failure) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(Int(list.count))
        for index in list.indices { values.append(try evaluate(program.lists[index])) }
        return values
    }

    private mutating func map(_ list: NodeList, at id: NodeID) throws(Failure) -> Map.Entries {
        var entries = Map.Entries(minimumCapacity: Int(list.count) / 2)
        for index in stride(from: list.indices.lowerBound, to: list.indices.upperBound, by: 2) {
            let keyID = program.lists[index]
            let (key, value) = (try evaluate(keyID), try evaluate(program.lists[index + 1]))
            try at(keyID) { budget throws(Reason) in try entries.insert(key, value, &budget) }
        }
        return entries
    }

    /// Whether some term has the deciding value. Only when none has, does it matter that one has no value at all.
    private mutating func decide(_ terms: NodeList, on deciding: Bool) throws(Failure) -> Bool {
        var firstFailure: Failure?
        for index in terms.indices {
            do throws(Failure) {
                if try condition(program.lists[index]) == deciding { return true }
            } catch {
                guard error.reason.isAbsorbable else { throw error }
                firstFailure = firstFailure ?? error
            }
        }
        if let firstFailure { throw firstFailure }
        return false
    }
}
