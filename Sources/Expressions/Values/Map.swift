internal import JSON

/// A map from JSON, or one that an expression made.
enum Map: Sendable {
    case json(JSONObject)
    case entries(Entries)

    var count: Int {
        switch self {
        case .json(let members): members.count
        case .entries(let entries): entries.pairs.count
        }
    }

    /// The value of a key; whole numbers of any type are the same key.
    subscript(key: Value) -> Value? {
        if case .string(let name) = key { return self[name] }
        guard case .entries(let entries) = self else { return nil }
        return Key(key).flatMap { entries[$0] }
    }

    subscript(name: String) -> Value? {
        switch self {
        case .json(let members): members[name].map(Value.init)
        case .entries(let entries): entries[.text(Text(name))]
        }
    }

    var keys: List {
        switch self {
        case .json(let members): .values(members.map { .string($0.key) })
        case .entries(let entries): .values(entries.pairs.map(\.key))
        }
    }
}

extension Map {
    /// The entries in the order of the literal.
    struct Entries: Sendable {
        private(set) var pairs: [(key: Value, value: Value)] = []
        private var index: [Key: Int] = [:]

        init(minimumCapacity: Int) {
            pairs.reserveCapacity(minimumCapacity)
            index.reserveCapacity(minimumCapacity)
        }

        subscript(key: Key) -> Value? { index[key].map { pairs[$0].value } }

        mutating func insert(_ key: Value, _ value: Value, _ budget: inout Budget) throws(Reason) {
            try budget.spend(hashing: key)
            guard key.type != .double, let position = Key(key) else { throw .notAKey(key.type) }
            guard index.updateValue(pairs.count, forKey: position) == nil else { throw .repeatedKey(key.keyText) }
            pairs.append((key, value))
        }
    }

    /// A key as it is looked up: 1, 1u and 1.0 are one.
    enum Key: Hashable, Sendable {
        case bool(Bool)
        case int(Int)
        /// Beyond the greatest int.
        case uint(UInt64)
        case text(Text)

        /// Nil for what is the key of no map.
        init?(_ value: Value) {
            switch value {
            case .bool(let value): self = .bool(value)
            case .string(let text): self = .text(Text(text))
            default:
                guard let numeric = value.numeric else { return nil }
                if let int = numeric.exactInt {
                    self = .int(int)
                } else if let uint = numeric.exactUInt {
                    self = .uint(uint)
                } else {
                    return nil
                }
            }
        }
    }
}
