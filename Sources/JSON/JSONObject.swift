/// The members of an object, in order. Names are compared scalar by scalar; equality ignores the order.
package struct JSONObject: Sendable {
    /// Not a pair: what holds pairs asks the runtime for their type, each time, to let go of them.
    struct Member: Sendable {
        var key: String
        var value: JSONValue
    }

    /// Up to here a linear search is faster than hashing.
    private static let greatestUnindexedCount = 16

    fileprivate(set) var members: [Member] = []
    /// Where each name stands, once there are many.
    private var index: [MemberName: Int]?

    package init() {}

    package init(minimumCapacity: Int) { members.reserveCapacity(minimumCapacity) }

    /// Where a name is repeated, the last value wins, in the place of the first.
    package init(_ members: some Sequence<(String, JSONValue)>) {
        self.init(minimumCapacity: members.underestimatedCount)
        for (key, value) in members { set(key, to: value) }
    }

    package var count: Int { members.count }
    package var isEmpty: Bool { members.isEmpty }
    package var keys: some RandomAccessCollection<String> { members.lazy.map(\.key) }

    /// Setting nil removes the member, which takes time linear in the count. Changing a value in place copies no other.
    package subscript(key: String) -> JSONValue? {
        get { position(of: key).map { members[$0].value } }
        set { replace(key, at: position(of: key), with: newValue) }
        _modify {
            let position = position(of: key)
            var value: JSONValue?
            if let position {
                var taken = JSONValue.null
                swap(&taken, &members[position].value)
                value = consume taken
            }
            defer { replace(key, at: position, with: value) }
            yield &value
        }
    }

    /// The value of the member at a place; nil where another one stands there, or none.
    package func value(at position: Int, named name: String) -> JSONValue? {
        guard position < count, members[position].key.isIdentical(to: name) else { return nil }
        return members[position].value
    }

    /// A member and its place among the others.
    func entry(of key: String) -> (position: Int, value: JSONValue)? {
        position(of: key).map { ($0, members[$0].value) }
    }

    package mutating func set(_ key: consuming String, to value: consuming JSONValue) {
        if let position = position(of: key) {
            members[position].value = value
        } else {
            append(key, value)
        }
    }
}

extension JSONObject {
    /// Whether both have the same members in the same order, written as one text.
    package func isIdentical(to other: JSONObject) -> Bool {
        guard count == other.count, !members.sharesStorage(with: other.members) else { return count == other.count }
        for position in 0..<count {
            guard members[position].key.isIdentical(to: other.members[position].key),
                members[position].value.isIdentical(to: other.members[position].value)
            else { return false }
        }
        return true
    }
}

extension JSONObject: Sequence {
    package struct Iterator: IteratorProtocol {
        private var members: IndexingIterator<[Member]>

        fileprivate init(_ members: [Member]) { self.members = members.makeIterator() }

        package mutating func next() -> (key: String, value: JSONValue)? { members.next().map { ($0.key, $0.value) } }
    }

    package func makeIterator() -> Iterator { Iterator(members) }
    package var underestimatedCount: Int { members.count }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Where a name is repeated, the last value wins, in the place of the first.
    package init(dictionaryLiteral members: (String, JSONValue)...) {
        // Plain, and not the initializer of any sequence: most objects the service makes are literals.
        if members.isEmpty { return }
        self.members.reserveCapacity(members.count)
        for (key, value) in members { set(key, to: value) }
    }
}

extension JSONObject: Hashable {
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        var sum = 0
        for (key, value) in self {
            var member = Hasher()
            key.hashScalars(into: &member)
            member.combine(value)
            sum &+= member.finalize()
        }
        hasher.combine(members.count)
        hasher.combine(sum)
    }
}

extension JSONObject {
    private func position(of key: String) -> Int? {
        if let index { return index[MemberName(text: key)] }
        // A plain loop: to hand each member to a closure would retain it.
        for position in 0..<members.count where members[position].key.isIdentical(to: key) { return position }
        return nil
    }

    private mutating func append(_ key: consuming String, _ value: consuming JSONValue) {
        index?[MemberName(text: copy key)] = members.count
        // Left to itself an array would begin with room for one, and move at the second and the third.
        if members.capacity == 0 { members.reserveCapacity(4) }
        members.append(Member(key: key, value: value))
        guard index == nil, members.count > Self.greatestUnindexedCount else { return }
        index = Dictionary(uniqueKeysWithValues: members.enumerated().map { (MemberName(text: $1.key), $0) })
    }

    private mutating func replace(_ key: String, at position: Int?, with value: JSONValue?) {
        switch (position, value) {
        case (let position?, let value?): members[position].value = value
        case (let position?, nil): remove(at: position)
        case (nil, let value?): append(key, value)
        case (nil, nil): break
        }
    }

    private mutating func remove(at position: Int) {
        let key = members.remove(at: position).key
        guard var positions = index.take() else { return }
        positions[MemberName(text: key)] = nil
        for entry in positions.values.indices where positions.values[entry] > position {
            positions.values[entry] -= 1
        }
        index = positions
    }
}

/// A name that equals only itself, not its Unicode equivalents.
struct MemberName: Hashable {
    var text: String

    static func == (left: MemberName, right: MemberName) -> Bool { left.text.isIdentical(to: right.text) }
    func hash(into hasher: inout Hasher) { text.hashScalars(into: &hasher) }
}
