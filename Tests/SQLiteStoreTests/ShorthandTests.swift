import JSON
import JournalSuite
import Testing
import WorkflowModel
import WorkflowStore

@testable import SQLiteStore

@Suite("Events in shorthand")
struct ShorthandTests {
    private func whole(_ text: [UInt8]) -> [UInt8] { text.withUnsafeBytes(Shorthand.whole) }

    @Test("have a byte for each name, that of an event and of no other, and none that JSON has")
    func names() {
        let names = Shorthand.names.map { "\($0.name)" }
        for name in names { #expect(RunEvent.Kind(rawValue: name) != nil, "\(name)") }
        #expect(Set(names).count == 23)
        let bytes = Shorthand.names.map(\.byte)
        #expect(Set(bytes).count == bytes.count)
        #expect(bytes.allSatisfy { $0 > 0 && $0 < 0x20 && ![0x09, 0x0A, 0x0D].contains($0) })
    }

    @Test("are the same text when they are read")
    func roundTrip() {
        let table: [(whole: String, shortened: String)] = [
            ("", ""), ("[]", "[]"), ("[[", "[["), ("[\"", "[\""), ("[\"run/created", "[\"run/created"),
            ("[[\"run/created\"]]", "[\u{1}]]"),
            ("[[\"step/completed\",{\"a\":[1,[2]]}],[\"run/cancelled\"]]", "[\u{6},{\"a\":[1,[2]]}],\u{1C}]]"),
            ("[[\"run/createdlater\"],[\"run/\"],[\"\"]]", "[[\"run/createdlater\"],[\"run/\"],[\"\"]]"),
            (
                "[[\"run/event\",{\"text\":\"[\\\"run/created\\\"\"}]]",
                "[[\"run/event\",{\"text\":\"[\\\"run/created\\\"\"}]]"
            ),
            // As a value of somebody's it is put back like any other.
            ("[[\"run/completed\",{\"output\":[\"run/failed\"]}]]", "[\u{1A},{\"output\":\u{1B}]}]]"),
            ("[ [\"run/failed\"],\n\t[\"é\"]]", "[ \u{1B}],\n\t[\"é\"]]"),
        ]
        for (text, short) in table {
            #expect(String(decoding: Shorthand.shortened(Array(text.utf8)), as: UTF8.self) == short)
            #expect(String(decoding: whole(Array(short.utf8)), as: UTF8.self) == text)
        }
        for name in Shorthand.names {
            let text = Array("[[\"\(name.name)\",{}]]".utf8)
            #expect(Shorthand.shortened(text).count == 7)
            #expect(whole(Shorthand.shortened(text)) == text)
        }
    }

    @Test("and rows of before are in one table")
    func rows() throws {
        let journal = try SQLiteJournal(at: .memory)
        let key = try journal.turn { try $0.insert(newRun("r")) }
        let text = Array("[[\"step/started\",{\"path\":\"a\"}]]".utf8)
        for seq in 1...2 {
            try journal.turn { try $0.append(run: key, firstSeq: seq, at: Timestamp(milliseconds: 1), events: text) }
        }
        try journal.connection.execute(
            "UPDATE events SET events = '\(String(decoding: text, as: UTF8.self))' WHERE firstSeq = 1")
        let lengths = try Statement(journal.connection, "SELECT length(events) FROM events").all { $0.int(0) }
        #expect(lengths == [31, 17])
        #expect(try journal.entries(run: key, afterSeq: 0, maxBytes: .max).map(\.events) == [text, text])
    }
}
