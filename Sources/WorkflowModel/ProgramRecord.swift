package import JSON

/// What the journal knows of a program's steps: when each was begun, when it ended, and what it left.
package struct ProgramRecord: Sendable {
    package struct Entry: Sendable, Hashable {
        package let key: String
        /// The kind of the step, as its start has it.
        package let kind: String
        /// The event that opened it.
        package let beganSeq: Int
        /// Whether a replay of the same program must come to it.
        package fileprivate(set) var isRequired = true
        package fileprivate(set) var end: End?
        /// The number of its newest attempt.
        package fileprivate(set) var attempt = 0
        /// The same for each step inside it, by path, until it succeeds.
        fileprivate var inside: [String: Int] = [:]
    }

    /// How a step ended.
    package struct End: Sendable, Hashable {
        package let seq: Int
        package let outcome: FanOut.Outcome
    }

    /// In the order in which they were begun.
    package private(set) var entries: [Entry] = []
    /// Why the program's newest execution was given up, where it asked for other steps than these.
    package private(set) var change: ProgramChange?
    private var positions: [String: Int] = [:]
    /// What attempts of forgotten steps, and of those inside them, go on from: their numbers never start again.
    private var attempts: [String: Int] = [:]

    package init() {}

    package subscript(key: String) -> Entry? { positions[key].map { entries[$0] } }

    /// The number of the newest attempt that a step had which is known no more.
    package func forgottenAttempt(of path: String) -> Int? { attempts[path] }

    package mutating func begin(_ key: String, kind: String, seq: Int) {
        positions[key] = entries.count
        entries.append(Entry(key: key, kind: kind, beganSeq: seq))
    }

    package mutating func note(attempt: Int, of path: String) {
        if let position = positions[path] { return entries[position].attempt = attempt }
        let key = path.prefix { $0 != "/" && $0 != "[" }
        if let position = positions[String(key)] { entries[position].inside[path] = attempt }
    }

    package mutating func end(_ key: String, _ outcome: FanOut.Outcome, seq: Int) {
        guard let position = positions[key] else { return }
        entries[position].end = End(seq: seq, outcome: outcome)
        if case .succeeded = outcome { entries[position].inside = [:] }
    }

    /// The program is tried again: what failed is not recorded any more. What was begun after the first failure may
    /// have been begun because of it, so that the program need not come to it again.
    package mutating func forgetFailures() {
        change = nil
        let failures = entries.filter(\.hasFailed)
        guard let first = failures.compactMap(\.end?.seq).min() else { return }
        for failed in failures {
            attempts[failed.key] = failed.attempt
            attempts.merge(failed.inside) { $1 }
        }
        entries.removeAll(where: \.hasFailed)
        for index in entries.indices where entries[index].beganSeq > first { entries[index].isRequired = false }
        positions = Self.positions(of: entries)
    }

    package mutating func note(_ change: ProgramChange?) { self.change = change }
}

extension ProgramRecord: Archived {
    package mutating func archive(_ archive: inout StateArchive) throws(UnreadableState) {
        try archive.member("entries", &entries)
        try archive.member("change", &change)
        try archive.member("attempts", &attempts)
        if archive.isReading { positions = Self.positions(of: entries) }
    }

    private static func positions(of entries: [Entry]) -> [String: Int] {
        Dictionary(entries.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { $1 })
    }
}

extension ProgramRecord.Entry: Storable {
    package var stored: JSONValue {
        var members: JSONObject = [
            "key": .string(key), "kind": .string(kind), "beganSeq": beganSeq.stored, "isRequired": .bool(isRequired),
            "attempt": attempt.stored,
        ]
        if let end { members["end"] = ["seq": end.seq.stored, "outcome": end.outcome.stored] }
        if !inside.isEmpty { members["inside"] = inside.stored }
        return .object(members)
    }

    package init?(stored: JSONValue) {
        guard let key = stored["key"]?.string, let kind = stored["kind"]?.string,
            let beganSeq = stored["beganSeq"]?.int, let isRequired = stored["isRequired"]?.bool,
            let attempt = stored["attempt"]?.int
        else { return nil }
        self.init(key: key, kind: kind, beganSeq: beganSeq)
        (self.isRequired, self.attempt) = (isRequired, attempt)
        if let end = stored["end"] {
            guard let seq = end["seq"]?.int, let outcome = end["outcome"].flatMap(FanOut.Outcome.init(stored:)) else {
                return nil
            }
            self.end = ProgramRecord.End(seq: seq, outcome: outcome)
        }
        if let inside = stored["inside"] {
            guard let inside = [String: Int](stored: inside) else { return nil }
            self.inside = inside
        }
    }
}

extension ProgramRecord.Entry {
    fileprivate init(key: String, kind: String, beganSeq: Int) {
        (self.key, self.kind, self.beganSeq) = (key, kind, beganSeq)
    }

    fileprivate var hasFailed: Bool {
        if case .failed? = end?.outcome { true } else { false }
    }
}

/// A replay asked for other steps than those that are recorded.
package struct ProgramChange: Error, Sendable, Hashable {
    /// The recorded step that was due, and was not asked for.
    package var expected: String
    /// What was asked for instead; nil when the program ended.
    package var found: String?

    package init(expected: String, found: String?) {
        self.expected = expected
        self.found = found
    }
}
