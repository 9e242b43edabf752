package import WorkflowModel

/// What one execution of a program has asked for, compared with what is recorded of its steps.
///
/// The same program asks for the same steps when it gets the same answers in the same order, so it gets them in the
/// order in which they were recorded, and three rules hold:
///
/// 1. A recorded end is answered once every step was asked for that was begun before it.
/// 2. A step that is not recorded begins once every recorded one was asked for.
/// 3. Where one of these rules holds an answer back, and nothing else of the program is outstanding, the program is
///    another one; and so it is when it ends before it has asked for every recorded step.
///
/// An unchanged program is never held for good: the record itself shows that it came to each recorded step with no more
/// than the ends recorded before it.
package struct ProgramReplay: Sendable {
    /// What becomes of a request now.
    package enum Verdict: Sendable, Hashable {
        /// It is in the record.
        case ended(FanOut.Outcome)
        /// It may begin, as far as the record goes.
        case begins
        /// It is under way: its end answers it, or its next attempt.
        case isUnderWay
    }

    private enum State {
        case waiting
        /// The client runs its body.
        case handedOut
        /// It was handed out, and is to be tried again: the client asks for it once more.
        case failed
        case answered
    }

    private var states: [String: State] = [:]
    /// What waits for an answer, in the order it was asked for.
    package private(set) var waiting: [String] = []
    private var handedOut = 0
    /// Every recorded step before this position was asked for, or need not be.
    private var checked = 0

    package init() {}

    package enum Refusal: Error, Sendable, Hashable {
        /// The key was asked for before in this execution.
        case duplicate
        case changed(ProgramChange)
    }

    /// The client asks for a step. After an attempt that is to be tried again it asks for the same once more.
    package mutating func ask(for key: String, kind: String, in record: ProgramRecord) throws(Refusal) {
        guard states[key] == nil || states[key] == .failed else { throw .duplicate }
        if let known = record[key], known.kind != kind {
            throw .changed(ProgramChange(expected: key, found: key))
        }
        states[key] = .waiting
        waiting.append(key)
    }

    /// The client was told to run the body.
    package mutating func handOut(_ key: String) {
        stopWaiting(key)
        states[key] = .handedOut
        handedOut += 1
    }

    package func isHandedOut(_ key: String) -> Bool { states[key] == .handedOut }

    /// The body is over, and may be asked for again if it is to be tried again.
    package mutating func takeBack(_ key: String, forAnotherAttempt isTriedAgain: Bool) {
        guard isHandedOut(key) else { return }
        handedOut -= 1
        states[key] = isTriedAgain ? .failed : .answered
    }

    /// The client has its answer.
    package mutating func answer(_ key: String) {
        stopWaiting(key)
        states[key] = .answered
    }

    /// The client did not get its answer, or does not want it any more, and may ask again.
    package mutating func forget(_ key: String) {
        if isHandedOut(key) { handedOut -= 1 }
        stopWaiting(key)
        states[key] = nil
        checked = 0
    }

    private mutating func stopWaiting(_ key: String) {
        if let index = waiting.firstIndex(of: key) { waiting.remove(at: index) }
    }

    /// What waits and may be answered or begun now: recorded ends in their order, then the others as they were asked for.
    package mutating func due(in record: ProgramRecord) -> [(key: String, verdict: Verdict)] {
        let expected = nextExpected(in: record)
        var ends: [(seq: Int, key: String, outcome: FanOut.Outcome)] = []
        var others: [(key: String, verdict: Verdict)] = []
        for key in waiting {
            if let end = record[key]?.end {
                if expected.map({ end.seq < $0.beganSeq }) ?? true { ends.append((end.seq, key, end.outcome)) }
            } else if record[key] != nil {
                others.append((key, .isUnderWay))
            } else if expected == nil {
                others.append((key, .begins))
            }
        }
        if ends.isEmpty { return others }
        ends.sort { $0.seq < $1.seq }
        return ends.map { ($0.key, .ended($0.outcome)) } + others
    }

    /// Whether the program, as it stands now, is another one than the record is of: true when nothing but held requests
    /// is outstanding.
    package mutating func change(in record: ProgramRecord) -> ProgramChange? {
        guard handedOut == 0, let expected = nextExpected(in: record), let found = waiting.first else { return nil }
        let isAllHeld = waiting.allSatisfy { key in
            guard let entry = record[key] else { return true }
            return entry.end.map { $0.seq > expected.beganSeq } ?? false
        }
        return isAllHeld ? ProgramChange(expected: expected.key, found: found) : nil
    }

    /// The same when the program ends.
    package mutating func changeAtEnd(in record: ProgramRecord) -> ProgramChange? {
        nextExpected(in: record).map { ProgramChange(expected: $0.key, found: nil) }
    }

    /// The first recorded step that was not asked for and must be.
    private mutating func nextExpected(in record: ProgramRecord) -> ProgramRecord.Entry? {
        while checked < record.entries.count {
            let entry = record.entries[checked]
            guard !entry.isRequired || states[entry.key] != nil else { return entry }
            checked += 1
        }
        return nil
    }
}
