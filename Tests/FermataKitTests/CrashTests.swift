import FermataKit
import FermataTesting
import Synchronization
import Testing

@Suite("Crashes")
struct CrashTests {
    @Test("A workflow is crashed at every moment of its steps, and leaves the same each time")
    func everywhere() async throws {
        #expect(try await TestFermata.crashEverywhere(BuildAndDeploy(), .init(repo: "acme/app")) == 12)
        #expect(try await TestFermata.crashEverywhere(Bundle(), ["linux", "mac"]) == 9)
    }

    @Test("What is recorded is not done again after a crash, and what was held for a person still is")
    func heldForAPerson() async throws {
        let (test, done) = (TestFermata(), Printer())
        let run = Holding(done: done).run("app", options: .init(id: "r"), on: test.fermata)
        let before = try await run.start()
        for try await event in before.events { if case .approvalRequested = event { break } }
        await test.crash()
        let after = Holding(done: done).run(
            "app", options: .init(id: "r", onApprovalRequested: { _ in .approved(by: "ann") }), on: test.fermata)
        #expect(try await after.start().result == "app, by ann")
        #expect(done.text == "built ")
    }

    @Test("A workflow that asks for other steps than are recorded is told so, with both names, and loses nothing")
    func changed() async throws {
        let test = TestFermata()
        let before = try await Changing(step: "build").run("a", options: .init(id: "r"), on: test.fermata).start()
        for try await event in before.events { if case .approvalRequested = event { break } }
        await test.crash()
        let changed = try await Changing(step: "compile").run("a", options: .init(id: "r"), on: test.fermata).start()
        let failure = await #expect(throws: WorkflowFailure.self) { try await changed.result }
        #expect(failure?.kind == "workflow.changed")
        #expect(failure?.message.contains("\"build\"") == true && failure?.message.contains("\"compile\"") == true)
        await test.crash()
        let mended = Changing(step: "build").run(
            "a", options: .init(id: "r", onApprovalRequested: { _ in .approved(by: "ann") }), on: test.fermata)
        #expect(try await mended.start().result == "approved")
    }
}

private struct Holding: Workflow {
    let done: Printer

    func execute(_ name: String, in context: Context) async throws -> String {
        try await context.step("build") { done.print("built ") }
        let approval = try await context.waitForApproval("Go on?")
        return "\(name), by \(approval.approver ?? "nobody")"
    }
}

private struct Changing: Workflow {
    static let name = "changing"
    let step: String

    func execute(_ name: String, in context: Context) async throws -> String {
        try await context.step(step) {}
        return try await context.waitForApproval("Go on?").status.rawValue
    }
}
