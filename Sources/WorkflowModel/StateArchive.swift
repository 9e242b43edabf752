package import JSON

/// A value that comes back from its JSON as it was: what the state of a run is made of when it is written down.
package protocol Storable {
    var stored: JSONValue { get }
    init?(stored: JSONValue)
}

/// What was written as another version writes it, or is damaged.
package struct UnreadableState: Error, Sendable {
    package var member: String

    package init(_ member: String) { self.member = member }
}

/// The members of a state. One description says how they are written and how they are read, so the two cannot disagree.
package struct StateArchive: Sendable {
    /// What was written so far, or is being read.
    package private(set) var members: JSONObject
    package let isReading: Bool

    package init() {
        members = JSONObject()
        isReading = false
    }

    package init(reading members: JSONObject) {
        self.members = members
        isReading = true
    }

    package mutating func member<Value: Storable>(_ name: String, _ value: inout Value) throws(UnreadableState) {
        guard isReading else { return members.set(name, to: value.stored) }
        guard let read = members[name].flatMap(Value.init(stored:)) else { throw UnreadableState(name) }
        value = read
    }

    /// Absent when it is nil.
    package mutating func member<Value: Storable>(_ name: String, _ value: inout Value?) throws(UnreadableState) {
        guard isReading else {
            if let value { members.set(name, to: value.stored) }
            return
        }
        guard let stored = members[name] else {
            value = nil
            return
        }
        guard let read = Value(stored: stored) else { throw UnreadableState(name) }
        value = read
    }
}

/// A state that is all members.
package protocol Archived: Storable {
    init()
    mutating func archive(_ archive: inout StateArchive) throws(UnreadableState)
}

extension Archived {
    package var stored: JSONValue {
        var (copy, archive) = (self, StateArchive())
        // What is written is not read, so nothing of it is unreadable.
        try? copy.archive(&archive)
        return .object(archive.members)
    }

    package init?(stored: JSONValue) {
        guard case .object(let members) = stored else { return nil }
        self.init()
        var archive = StateArchive(reading: members)
        guard (try? self.archive(&archive)) != nil else { return nil }
    }
}
