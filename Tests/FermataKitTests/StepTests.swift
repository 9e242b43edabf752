import FermataKit
import FermataTesting
import Synchronization
import Testing

@Suite("Steps")
struct StepTests {
    let test = TestFermata()

    private func run<Output: Codable & Sendable>(
        _ body: @escaping @Sendable (Context) async throws -> Output
    ) async throws -> Output {
        try await Scripted(body: body).run("", on: test.fermata).start().result
    }

    @Test("A step that fails is tried again as its policy says, on the clock of the test")
    func retries() async throws {
        let attempts = Mutex(0)
        let result = try await run { context in
            try await context.step("flaky", retry: Retry(attempts: 3, delay: .seconds(3600))) {
                let attempt = attempts.withLock { attempts in
                    attempts += 1
                    return attempts
                }
                if attempt < 3 { throw WorkflowFailure(kind: "test.flaky", message: "Not yet.") }
                return attempt
            }
        }
        #expect(result == 3)
        #expect(test.elapsed >= .seconds(7200))
    }

    @Test("The failure of a step is thrown where it was asked for, and fails the run where nobody catches it")
    func failures() async throws {
        let failure = await #expect(throws: WorkflowFailure.self) {
            try await run { context in
                try await context.step("bad") { throw WorkflowFailure(kind: "test.bad", message: "No.") }
                return true
            }
        }
        #expect(failure == WorkflowFailure(kind: "test.bad", message: "No."))
    }

    @Test("A step that takes too long is cancelled, and has failed")
    func timeouts() async throws {
        // A body under way holds the clock of a test.
        let workflow = Scripted { context in
            try await context.step("slow", timeout: .milliseconds(20)) { try await Task.sleep(for: .seconds(60)) }
            return true
        }
        let failure = await #expect(throws: WorkflowFailure.self) {
            try await workflow.run("", on: Fermata(store: .memory)).start().result
        }
        #expect(failure?.kind == "step.timedOut")
    }

    @Test("What a step opened is closed when it ends, the last first, also when it fails")
    func closing() async throws {
        let closed = Printer()
        _ = try? await run { context in
            try await context.step("open") {
                context.whenStepEnds { closed.print("first ") }
                context.whenStepEnds { closed.print("second ") }
                throw WorkflowFailure(kind: "test.bad", message: "No.")
            }
            return true
        }
        #expect(closed.text == "second first ")
    }

    @Test("A run sleeps for a week, and nobody waits")
    func sleeping() async throws {
        #expect(
            try await run { context in
                try await context.sleep(.seconds(7 * 86400))
                return "awake"
            } == "awake")
        #expect(test.elapsed >= .seconds(7 * 86400))
    }

    @Test("A signal is taken, and one that does not come in time is none")
    func signals() async throws {
        let workflow = Scripted { context in
            let first = try await context.signal("go", as: Int.self)
            let second = try await context.signal("go", as: Int.self, timeout: .seconds(60))
            return [first, second]
        }
        let execution = try await workflow.run("", on: test.fermata).start()
        try await execution.signal("go", 7)
        #expect(try await execution.result == [7, nil])
    }

    @Test("A workflow runs another as its child, and asks a model")
    func children() async throws {
        let test = TestFermata(models: ["writer": { "About \($0)." }])
        let workflow = Scripted { context in
            let names = try await context.child(Bundle(), ["a", "b"])
            return try await context.agent("scripted/writer", names)
        }
        #expect(try await workflow.run("", on: test.fermata).start().result == "About a.o b.o.")
    }

    @Test("The state that a workflow sets is what it reads, with texts that look like expressions as they are")
    func state() async throws {
        let value = try await run { context in
            try await context.setState("artifact", "out-${1 + 1}-$${x}.tar")
            return try context.state("artifact", as: String.self)
        }
        #expect(value == "out-${1 + 1}-$${x}.tar")
    }

    @Test("What a person says must fit the schema, and a run that has spent its budget asks whether it may go on")
    func schemaAndBudget() async throws {
        let workflow = Scripted { context in
            let count = try await context.waitForInput("How many?", as: Int.self, schema: ["maximum": 9])
            try await context.step("second") {}
            return count
        }
        let options = RunOptions<Int>(budget: Budget(steps: 1), onApprovalRequested: { _ in .approved(by: "ann") })
        let execution = try await workflow.run("", options: options, on: test.fermata).start()
        var (refused, asked) = (false, 0)
        for try await event in execution.events {
            if case .approvalRequested = event { asked += 1 }
            guard case .inputRequested(let request) = event else { continue }
            let failure = await #expect(throws: WorkflowFailure.self) { try await execution.answer(request, with: 10) }
            refused = failure?.kind == "input.invalid"
            try await execution.answer(request, with: 7)
        }
        #expect(refused)
        #expect(asked == 1)
        #expect(try await execution.result == 7)
    }

    @Test("Cancelling the task that awaits a run cancels the run")
    func cancelling() async throws {
        let execution = try await Sleepy().run("", on: test.fermata).start()
        let task = Task { try await execution.result }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(execution.status == .cancelled)
    }

    @Test("Events are told in their order, text before the end of its step")
    func events() async throws {
        let workflow = Scripted { context in
            try await context.step("say") { context.text("Hello") }
            context.log("done")
            return 1
        }
        let execution = try await workflow.run("", on: test.fermata).start()
        var told: [RunEvent] = []
        for try await event in execution.events { told.append(event) }
        #expect(
            told == [
                .statusChanged(.inProgress, isPaused: false), .stepStarted("say", attempt: 1),
                .textDelta("Hello", step: "say"), .stepCompleted("say", attempt: 1), .logged("done", .info, step: nil),
                .statusChanged(.completed, isPaused: false),
            ])
        #expect(execution.logs == ["done"])
    }
}

/// A workflow that a test makes on the spot.
struct Scripted<Output: Codable & Sendable>: Workflow {
    static var name: String { "scripted" }
    let body: @Sendable (Context) async throws -> Output

    func execute(_ input: String, in context: Context) async throws -> Output { try await body(context) }
}
