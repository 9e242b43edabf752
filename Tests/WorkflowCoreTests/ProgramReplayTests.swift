import JSON
import Testing
import WorkflowCore
import WorkflowModel

/// The rules of `protocol/programs.md` under "Replay".
@Suite("The replay of a program")
struct ProgramReplayTests {
    /// A record: `+a` begins a step, `-a` ends it, in the order of the journal.
    static func record(_ journal: String) -> ProgramRecord {
        var record = ProgramRecord()
        for (index, word) in journal.split(separator: " ").enumerated() {
            let key = String(word.dropFirst())
            if word.first == "+" {
                record.begin(key, kind: "step", seq: index + 1)
            } else {
                record.end(key, outcome(of: key), seq: index + 1)
            }
        }
        return record
    }

    static func outcome(of key: String) -> FanOut.Outcome { .succeeded(.string(key)) }

    /// What can be done about these requests: `=a` is answered from the record, `a` begins or is under way.
    static func due(_ asks: [String], _ record: ProgramRecord) throws -> (told: String, replay: ProgramReplay) {
        var replay = ProgramReplay()
        for key in asks { try replay.ask(for: key, kind: "step", in: record) }
        let told = replay.due(in: record).map { key, verdict in
            if case .ended(let outcome) = verdict {
                #expect(outcome == Self.outcome(of: key))
                return "=" + key
            }
            return key
        }
        return (told.joined(separator: " "), replay)
    }

    static let rules: [(rule: String, journal: String, asks: [String], told: String, expected: String?)] = [
        ("what is recorded is answered", "+a -a", ["a"], "=a", nil),
        ("what is not recorded begins", "", ["a"], "a", nil),
        ("what is not recorded begins after all that is", "+a -a", ["a", "b"], "=a b", nil),
        ("what was under way goes on", "+a", ["a"], "a", nil),
        ("a step that is new waits for recorded ones", "+a -a", ["b"], "", "a"),
        ("also for those that did not end", "+a", ["b"], "", "a"),
        ("an end waits for the beginnings before it", "+a +b -b", ["b"], "", "a"),
        ("and not for those after it", "+a -a +b -b", ["a"], "=a", nil),
        ("ends come as they were recorded", "+a +b -b -a", ["a", "b"], "=b =a", nil),
        ("whatever order they are asked for", "+a +b -b -a", ["b", "a"], "=b =a", nil),
        ("an end after a beginning that is missing waits", "+a +b -a +c -c -b", ["a", "b"], "=a", nil),
        ("a later step comes first", "+a -a +b -b", ["b"], "", "a"),
        ("another step in the middle", "+a -a +b -b +c -c", ["a", "x"], "=a", nil),
        ("what is under way may be asked for early", "+a -a +b", ["b"], "b", nil),
    ]

    @Test("Each rule holds", arguments: rules)
    func rule(rule: String, journal: String, asks: [String], told: String, expected: String?) throws {
        let record = Self.record(journal)
        var (actual, replay) = try Self.due(asks, record)
        #expect(actual == told, Comment(rawValue: rule))
        #expect(replay.change(in: record)?.expected == expected, Comment(rawValue: rule))
        if expected != nil { #expect(replay.change(in: record)?.found == asks[0]) }
    }

    @Test("Nothing is said about a change while something is outstanding that may still make the program ask")
    func outstanding() throws {
        let record = Self.record("+a +b -b")
        var replay = ProgramReplay()
        try replay.ask(for: "a", kind: "step", in: record)
        replay.handOut("a")
        try replay.ask(for: "x", kind: "step", in: record)
        #expect(replay.change(in: record) == nil)
        replay.takeBack("a", forAnotherAttempt: false)
        #expect(replay.change(in: record) == ProgramChange(expected: "b", found: "x"))
        try replay.ask(for: "b", kind: "step", in: record)
        #expect(replay.change(in: record) == nil)
    }

    static let ends: [(journal: String, answered: [String], expected: String?)] = [
        ("+a -a", ["a"], nil), ("+a -a", [], "a"), ("+a -a +b", ["a"], "b"), ("", [], nil), ("+a", ["a"], nil),
    ]

    @Test("A program that ends has asked for all that is recorded, or is another one", arguments: ends)
    func end(journal: String, answered: [String], expected: String?) throws {
        let record = Self.record(journal)
        var (_, replay) = try Self.due(answered, record)
        #expect(replay.changeAtEnd(in: record) == expected.map { ProgramChange(expected: $0, found: nil) })
    }

    @Test("A key is asked for once, and again for another attempt, or when its answer did not come")
    func duplicates() throws {
        let record = ProgramRecord()
        var replay = ProgramReplay()
        func ask() -> ProgramReplay.Refusal? {
            do throws(ProgramReplay.Refusal) {
                try replay.ask(for: "a", kind: "step", in: record)
                return nil
            } catch {
                return error
            }
        }
        #expect(ask() == nil)
        #expect(ask() == .duplicate)
        replay.handOut("a")
        #expect(ask() == .duplicate)
        replay.takeBack("a", forAnotherAttempt: true)
        #expect(ask() == nil)
        replay.handOut("a")
        replay.takeBack("a", forAnotherAttempt: false)
        #expect(ask() == .duplicate)
        replay.forget("a")
        #expect(ask() == nil)
        #expect(replay.waiting == ["a"])
    }

    @Test("Another kind of step under a recorded key is another program")
    func kinds() {
        var replay = ProgramReplay()
        let record = Self.record("+a -a")
        #expect(throws: ProgramReplay.Refusal.changed(ProgramChange(expected: "a", found: "a"))) {
            try replay.ask(for: "a", kind: "approval", in: record)
        }
    }

    @Test("A record that forgets its failures keeps the rest, and asks for no more than was begun before the first")
    func failures() {
        var record = Self.record("+a -a +b +c +d -d")
        record.note(attempt: 3, of: "b")
        record.end("b", .failed(Failure(kind: "x", message: "y")), seq: 7)
        record.begin("e", kind: "step", seq: 8)
        record.end("e", Self.outcome(of: "e"), seq: 9)
        record.forgetFailures()
        #expect(record.entries.map(\.key) == ["a", "c", "d", "e"])
        #expect(record.entries.map(\.isRequired) == [true, true, true, false])
        #expect(record["b"] == nil)
        #expect(record["e"]?.end?.seq == 9)
        #expect(record.forgottenAttempt(of: "b") == 3)
        #expect(record.forgottenAttempt(of: "a") == nil)
    }
}
