import JSON
import Testing

@testable import Terminal

@Suite("fermata doctor and fermata backup")
struct CareCommandsTests {
    private static func finding(
        _ severity: String, repair: String? = nil, isRepaired: Bool = false
    ) -> StoreCare.Finding {
        .init(severity: severity, kind: "a.kind", message: "A sentence.", repair: repair, isRepaired: isRepaired)
    }

    private static func perform(_ words: [String], _ findings: [StoreCare.Finding]) throws -> Performance {
        let care = StoreCare(
            examine: { store, repairs throws(Complaint) in
                [.init(name: "Store", subject: "\(store ?? "") \(repairs)", findings: findings)]
            },
            backup: { store, target throws(Complaint) in "\(store ?? "") to \(target ?? "")" })
        return try .of(words, on: FakeService { _, _ in nil }, care: care)
    }

    @Test(
        "The exit code says whether anything is wrong",
        arguments: [
            ([], .completed, "Nothing is wrong."), ([finding("note")], .completed, "Nothing is wrong."),
            ([finding("warning", repair: "Mend it.", isRepaired: true)], .completed, "Nothing is wrong."),
            ([finding("error")], .failed, "1 thing is wrong."),
            (
                [finding("error"), finding("warning", repair: "Mend it.")], .failed,
                "2 things are wrong; fermata doctor --repair mends 1 of them, after a backup."
            ),
        ] as [([StoreCare.Finding], ExitCode, String)])
    func exitCode(findings: [StoreCare.Finding], code: ExitCode, sentence: String) throws {
        let told = try Self.perform(["doctor"], findings)
        #expect(told.exitCode == code)
        #expect(told.output.hasSuffix("\n\(sentence)\n"), "\(told.output)")
        let json = try Self.perform(["doctor", "--json"], findings)
        #expect(json.exitCode == code)
        #expect(try JSONValue(parsing: Array(json.output.utf8))["healthy"] == .bool(code == .completed))
    }

    @Test("What a repair would do, and has done, is told")
    func repair() throws {
        let told = try Self.perform(
            ["doctor", "--repair", "--store", "x"],
            [Self.finding("warning", repair: "Mend it."), Self.finding("error", repair: "It too.", isRepaired: true)])
        #expect(
            told.output == """
                Store  x true
                  ! A sentence.
                      a repair would: Mend it.
                  ✓ A sentence.
                      repaired: It too.

                1 thing is wrong; fermata doctor --repair --store x mends 1 of them, after a backup.

                """)
    }

    @Test("A backup says where it is")
    func backup() throws {
        #expect(try Self.perform(["backup", "--store", "x"], []).output == "x to \n")
        #expect(try Self.perform(["backup", "y", "--store", "x", "--json"], []).output == "{\"path\":\"x to y\"}\n")
    }
}
