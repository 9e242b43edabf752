import FermataKit
import FermataTesting
import Testing

@Suite("Misuse")
struct MisuseTests {
    let test = TestFermata()

    private func failure(
        _ body: @escaping @Sendable (Context) async throws -> Void
    ) async -> WorkflowFailure? {
        let workflow = Scripted { context in
            try await body(context)
            return true
        }
        do {
            _ = try await workflow.run("", on: test.fermata).start().result
            return nil
        } catch {
            return error as? WorkflowFailure
        }
    }

    @Test("A name that is used twice is told")
    func twice() async throws {
        let failure = await failure { context in
            try await context.step("build") {}
            try await context.step("build") {}
        }
        #expect(failure?.kind == "step.duplicateKey")
        #expect(failure?.message.contains("The step \"build\" was asked for before") == true)
    }

    @Test("A step inside a step is told, with both names")
    func nested() async throws {
        let failure = await failure { context in
            try await context.step("outer") { try await context.step("inner") {} }
        }
        #expect(failure?.kind == "step.nested")
        #expect(failure?.message.contains("\"inner\" was asked for inside the step \"outer\"") == true)
    }

    @Test("A result of another type than the recorded one is told, with the step's name")
    func otherType() async throws {
        let before = Typed<Int>(result: 1).run("", options: .init(id: "r"), on: test.fermata)
        for try await event in try await before.start().events { if case .approvalRequested = event { break } }
        await test.crash()
        let after = Typed<[String]>(result: []).run("", options: .init(id: "r"), on: test.fermata)
        let failure = await #expect(throws: WorkflowFailure.self) { try await after.start().result }
        #expect(failure?.kind == "output.invalid")
        #expect(failure?.message.contains("the step \"work\"") == true)
    }

    @Test("Each member of a handle of a deleted run says so, with the run's name; what cannot is as it was")
    func deleted() async throws {
        let workflow = Scripted { context in
            context.log("asks")
            _ = try await context.waitForInput("How many?", as: Int.self)
            return try await context.waitForApproval("Go on?").isApproved
        }
        let options = RunOptions<Bool>(
            id: "gone", onInputRequested: { _ in 1 }, onApprovalRequested: { _ in .approved(by: "ann") })
        let execution = try await workflow.run("", options: options, on: test.fermata).start()
        let others = try await workflow.run("", options: .init(id: "gone"), on: test.fermata).start()
        #expect(try await execution.result)
        var (askedForDecision, askedForInput) = (ApprovalRequest?.none, InputRequest?.none)
        for try await event in execution.events {
            if case .approvalRequested(let request) = event { askedForDecision = request }
            if case .inputRequested(let request) = event { askedForInput = request }
        }
        let (request, input) = (try #require(askedForDecision), try #require(askedForInput))
        try await test.fermata.delete("gone")

        let members: [@Sendable () async throws -> Void] = [
            { _ = try await execution.result }, { for try await _ in execution.events {} },
            { try await execution.pause() }, { try await execution.resume() }, { try await execution.cancel() },
            { try await execution.signal("go", 1) },
            { try await execution.answer(request, with: .approved(by: "ann")) },
            { try await execution.answer(input, with: 1) }, { _ = try await others.result },
            { try await test.fermata.delete("gone") },
        ]
        for (place, member) in members.enumerated() {
            let failure = await #expect(throws: WorkflowFailure.self, "member \(place)") { try await member() }
            #expect(failure?.kind == "run.notFound", "member \(place)")
            #expect(failure?.message.contains("run \"gone\"") == true, "member \(place)")
        }
        #expect(execution.status == .completed && !execution.isPaused && execution.logs == ["asks"])
        #expect(try await workflow.run("", options: .init(id: "gone"), on: test.fermata).status == .pending)
    }

    @Test("The output of a run under another type is told, with both")
    func otherOutput() async throws {
        let flow = try Flow("typed") { Step.call("work") { "text" } }
        let failure = await #expect(throws: WorkflowFailure.self) {
            try await flow.run(as: Int.self, options: .init(id: "f"), on: test.fermata).start().result
        }
        #expect(failure?.kind == "output.invalid")
        #expect(
            failure?.message
                == "The output of the run \"f\" is no Int: Here stands a string, where an integer is expected.")
    }

    @Test("A workflow whose type's name is no workflow's is told what to do")
    func badName() async throws {
        let failure = await #expect(throws: WorkflowFailure.self) {
            try await Generic<Int>().run(1, on: test.fermata).start()
        }
        #expect(failure?.message.contains("static let name") == true)
    }

    @Test("A store that cannot be opened is told by what is asked of it first")
    func noStore() async throws {
        let fermata = Fermata(store: .file("/dev/null/store.db"))
        let failure = await #expect(throws: WorkflowFailure.self) { try await Sleepy().run("", on: fermata).start() }
        #expect(failure?.kind == "store.unavailable")
    }
}

private struct Typed<Result: Codable & Sendable>: Workflow {
    static var name: String { "typed" }
    let result: Result

    func execute(_ input: String, in context: Context) async throws -> Bool {
        let result = result
        _ = try await context.step("work") { result }
        return try await context.waitForApproval("Go on?").isApproved
    }
}

private struct Generic<Value: Codable & Sendable>: Workflow {
    func execute(_ input: Value, in context: Context) async throws -> Value { input }
}
