internal import Calendar
internal import JSON

extension Value {
    /// Values of two types are unequal, but numbers compare on one line whatever their types.
    func equals(_ other: Value, _ budget: inout Budget) throws(Reason) -> Bool {
        try budget.spend(reading: self)
        try budget.spend(reading: other)
        switch (self, other) {
        case (.null, .null): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.string(let left), .string(let right)):
            return left.isIdentical(to: right)
        case (.bytes(let left), .bytes(let right)):
            return left == right
        case (.list(let left), .list(let right)): return try left.equals(right, &budget)
        case (.map(let left), .map(let right)): return try left.equals(right, &budget)
        case (.type(let left), .type(let right)): return left == right
        case (.timestamp(let left), .timestamp(let right)): return left == right
        case (.duration(let left), .duration(let right)): return left == right
        default:
            guard let left = numeric, let right = other.numeric else { return false }
            return left.order(right) == .equal
        }
    }

    /// What `in` asks: an element of a list, a key of a map.
    func contains(_ element: Value, _ budget: inout Budget) throws(Reason) -> Bool {
        switch self {
        case .list(let list):
            for index in 0..<list.count {
                try budget.spend(1)
                if try list[index].equals(element, &budget) { return true }
            }
            return false
        case .map(let map):
            try budget.spend(hashing: element)
            return map[element] != nil
        default:
            throw .noOverload("in", [element.type, type])
        }
    }

    func element(at index: Value, _ budget: inout Budget) throws(Reason) -> Value {
        switch self {
        case .list(let list):
            guard let number = index.numeric else { throw .noOverload("[]", [type, index.type]) }
            guard let position = number.exactInt else { throw .notAnIndex }
            guard 0..<list.count ~= position else { throw .noIndex(count: list.count) }
            return list[position]
        case .map(let map):
            try budget.spend(hashing: index)
            if let value = map[index] { return value }
            throw .noKey(index.keyText)
        default:
            throw .noOverload("[]", [type, index.type])
        }
    }
}

extension List {
    fileprivate func equals(_ other: List, _ budget: inout Budget) throws(Reason) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count {
            try budget.spend(1)
            guard try self[index].equals(other[index], &budget) else { return false }
        }
        return true
    }
}

extension Map {
    fileprivate func equals(_ other: Map, _ budget: inout Budget) throws(Reason) -> Bool {
        guard count == other.count else { return false }
        switch self {
        case .json(let members):
            for (name, value) in members {
                try budget.spend(1)
                guard let counterpart = other[name], try Value(value).equals(counterpart, &budget) else { return false }
            }
        case .entries(let entries):
            for (key, value) in entries.pairs {
                try budget.spend(1)
                guard let counterpart = other[key], try value.equals(counterpart, &budget) else { return false }
            }
        }
        return true
    }
}
