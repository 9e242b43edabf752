extension Program {
    var names: [Expression.Name] {
        var isOperand = [Bool](repeating: false, count: nodes.count)
        for node in nodes {
            if let (operand, _) = selection(node) { isOperand[Int(operand)] = true }
        }
        var names = nodes.indices.filter { !isOperand[$0] }.compactMap { name(endingAt: NodeID($0)) }
        names.sort { $0.offset < $1.offset }
        return names
    }

    var unknownFunctions: [Expression.Name] {
        zip(nodes, offsets).compactMap { node, offset in
            guard case .unknownCall(let word) = node else { return nil }
            return Expression.Name(path: [words[Int(word)]], offset: Int(offset))
        }
    }

    /// The names that lead from a free name to a node, as they are written: `a.b.c`; nil when anything else is on the way.
    func qualifiedName(endingAt end: NodeID) -> String? {
        var path: [String] = []
        var id = end
        while case .select(let operand, let word) = nodes[Int(id)] {
            path.append(words[Int(word)])
            id = operand
        }
        guard case .name(let word) = nodes[Int(id)] else { return nil }
        path.append(words[Int(word)])
        return path.reversed().joined(separator: ".")
    }

    /// The path that ends at a node; nil when it does not lead down to a name that must be bound.
    private func name(endingAt end: NodeID) -> Expression.Name? {
        var path: [String] = []
        var id = end
        while let (operand, member) = selection(nodes[Int(id)]) {
            path.append(member)
            id = operand
        }
        guard case .name(let word) = nodes[Int(id)], ValueType(rawValue: words[Int(word)]) == nil else { return nil }
        path.append(words[Int(word)])
        var isTested = false
        if case .has = nodes[Int(end)] { isTested = true }
        return Expression.Name(path: path.reversed(), offset: Int(offsets[Int(id)]), isTested: isTested)
    }

    /// What a node selects from by a constant name.
    private func selection(_ node: Node) -> (operand: NodeID, member: String)? {
        switch node {
        case .select(let operand, let word), .has(let operand, let word):
            return (operand, words[Int(word)])
        case .index(let operand, let index):
            guard case .constant(let constant) = nodes[Int(index)], case .string(let member) = constants[Int(constant)]
            else { return nil }
            return (operand, member)
        default:
            return nil
        }
    }
}
