import JSON
import Testing
import WorkflowStore

@Suite("Great values are taken out of a text, and put back")
struct CutTextTests {
    private static func great(_ count: Int = CutText.threshold) -> String {
        "\"\(String(repeating: "a", count: count - 2))\""
    }

    private func cut(_ text: String, below depth: Int = 1) -> (whole: CutText, blobs: [String: CutText])? {
        CutText.cutting(Array(text.utf8), below: depth)
    }

    private func joined(_ cut: (whole: CutText, blobs: [String: CutText])) -> String? {
        cut.whole.joined { cut.blobs[$0] }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Texts, and how many blobs each has.
    private static let texts: [(text: String, blobs: Int)] = [
        ("[\(great())]", 1),
        (" [ \(great()) , {\"k\" : \(great(70_000))} ] ", 2),
        ("[\(great()),\(great()),[\(great())]]", 1),
        ("{\"a\":{\"b\":{\"c\":\(great())}},\"d\":\"\\\"é\\u0000\",\"e\":-1.50e3}", 1),
        // A list is great by what is small in it, and what is great in a great list stands by itself.
        ("[[\(String(repeating: "1,", count: 40_000))1]]", 1),
        ("[[\(great()),\(String(repeating: "1,", count: 40_000))1]]", 2),
        ("{\"a\":[[\(great()),\(great(90_000))],[{\"x\":\(great())},\(String(repeating: "[],", count: 30_000))1]]}", 3),
    ]

    @Test("What is put together is what was taken apart, to the byte", arguments: texts.indices)
    func thereAndBack(index: Int) throws {
        let (text, blobs) = Self.texts[index]
        let cut = try #require(self.cut(text))
        #expect(cut.blobs.count == blobs)
        #expect(cut.whole.text.count < CutText.threshold + 1000)
        #expect(joined(cut) == text)
        #expect(cut.blobs.allSatisfy { $0.key == $0.value.hash && $0.value.text.count < 300_000 })
        #expect(throws: Never.self) { try JSONValue(parsing: cut.whole.text) }
    }

    @Test("Values that are small, stand too high, or are in no JSON stay where they are")
    func stays() throws {
        let small = Self.great(CutText.threshold - 1)
        #expect(cut("[\(small),\(small)]") == nil)
        #expect(cut(Self.great(1 << 20)) == nil)
        #expect(cut("[[\(Self.great())]]", below: 3) == nil)
        #expect(cut("[[[\(Self.great())]]]", below: 3)?.blobs.count == 1)
        #expect(cut("[\(Self.great()),]") == nil)
        #expect(cut("[\(Self.great())]1") == nil)
    }

    @Test("A value that looks like a mark is none, also beside the one that it looks like")
    func lookalike() throws {
        let first = try #require(self.cut("[\(Self.great())]"))
        let mark = String(decoding: first.whole.text.dropFirst().dropLast(), as: UTF8.self)
        for text in ["[\(mark),\(Self.great()),\(mark)]", "[\(Self.great()),{\"x\":\(mark)}]"] {
            let cut = try #require(self.cut(text))
            #expect(joined(cut) == text)
        }
        // The same bytes with and without a place in them are two blobs.
        #expect(CutText(text: first.whole.text).hash != first.whole.hash)
    }

    @Test("What is damaged or missing is told, and a circle ends")
    func damage() throws {
        var cut = try #require(self.cut("[\(Self.great()),1]"))
        #expect(CutText(text: cut.whole.text, places: [0]).joined { cut.blobs[$0] } == nil)
        #expect(CutText(text: cut.whole.text, places: [-1]).joined { cut.blobs[$0] } == nil)
        #expect(CutText(text: cut.whole.text, places: [.max]).joined { cut.blobs[$0] } == nil)
        #expect(CutText(text: cut.whole.text, places: [1, 1]).joined { cut.blobs[$0] } == nil)
        #expect(cut.whole.hashes == cut.blobs.keys.map(\.self))
        #expect(CutText(text: cut.whole.text, places: [2]).hashes == nil)
        let circle = cut.whole
        #expect(circle.joined { _ in circle } == nil)
        cut.blobs = [:]
        #expect(joined(cut) == nil)
    }
}
