import Testing
import WorkflowModel

@Suite("What somebody probably meant")
struct SpellingTests {
    private static let kinds = ["call", "command", "agent", "approval", "input", "wait", "set", "fail"]

    @Test(
        "A slip is near, anything else is not",
        arguments: [
            ("cal", "call"), ("Call", "call"), ("comand", "command"), ("approvall", "approval"),
            ("aproval", "approval"),
            ("sett", "set"), ("colour", nil), ("zzz", nil), ("", nil), ("approvalsAreNice", nil),
        ] as [(String, String?)])
    func nearest(word: String, meant: String?) {
        #expect(Spelling.nearest(to: word, among: Self.kinds) == meant)
    }

    @Test("Among nothing, nothing is near")
    func nothing() {
        #expect(Spelling.nearest(to: "call", among: []) == nil)
    }

    @Test("Two letters that changed places are one slip")
    func transposed() {
        #expect(Spelling.nearest(to: "aprpoval", among: Self.kinds) == "approval")
        #expect(Spelling.nearest(to: "clal", among: ["call"]) == "call")
        #expect(Spelling.nearest(to: "lcla", among: ["call"]) == nil)
    }
}
