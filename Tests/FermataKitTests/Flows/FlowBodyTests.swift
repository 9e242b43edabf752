import FermataKit
import FermataTesting
import Synchronization
import Testing

@Suite("Bodies of flows")
struct FlowBodyTests {
    @Test("A body says what it has to say in the words of a workflow: text, progress, lines of the log")
    func saying() async throws {
        let flow = try Flow("saying") {
            Step.call("say") { (_: JSON, context) in
                context.text("Hel")
                context.text("lo")
                context.progress(1, of: 2, "half")
                context.log("said", .warning)
                #expect(context.runID == "r")
            }
        }
        let said = Printer()
        let options = RunOptions<JSON>(id: "r", onTextDelta: { said.print($0) })
        let execution = try await flow.run(as: JSON.self, options: options, on: TestFermata().fermata).start()
        var logged: [RunEvent] = []
        for try await event in execution.events { if case .logged = event { logged.append(event) } }
        #expect(try await execution.result == nil)
        #expect(said.text == "Hello")
        #expect(logged == [.logged("said", .warning, step: "say")])
        #expect(execution.logs == ["said"])
    }

    @Test("A body knows its attempt, and the key that all of them share")
    func attempts() async throws {
        let keys = Mutex<Set<String>>([])
        let flow = try Flow("attempts") {
            Step.call("flaky", with: 3) { (enough: Int, context) in
                keys.withLock { _ = $0.insert(context.idempotencyKey) }
                if context.attempt < enough { throw WorkflowFailure(kind: "test.early", message: "Not yet.") }
                return context.attempt
            }
            .retry(Retry(attempts: 3, delay: .seconds(60)))
        }
        #expect(try await flow.run(as: Int.self, on: TestFermata().fermata).start().result == 3)
        #expect(keys.withLock { $0.count } == 1)
    }

    @Test("A body that is not wanted any more sees that it is cancelled, and closes what it has opened")
    func cancelling() async throws {
        let (begun, isBegun) = AsyncStream.makeStream(of: String.self)
        let flow = try Flow("cancelled") {
            Step.call("long") { (_: JSON, context) in
                context.whenStepEnds { isBegun.yield("closed") }
                isBegun.yield("begun")
                try await Task.sleep(for: .seconds(3600))
            }
        }
        var moments = begun.makeAsyncIterator()
        let execution = try await flow.run(as: JSON.self, on: Fermata(store: .memory)).start()
        #expect(await moments.next() == "begun")
        try await execution.cancel(reason: "Enough.")
        #expect(await moments.next() == "closed")
        let failure = await #expect(throws: WorkflowFailure.self) { try await execution.result }
        #expect(failure?.kind == "run.cancelled")
    }

    @Test("A body that asks for a step, or for the flow's state, is told that it is one step of a flow")
    func nested() async throws {
        let flow = try Flow("nested") {
            Step.call("outer") { (_: JSON, context) in
                let asked = await #expect(throws: WorkflowFailure.self) { try await context.step("inner") {} }
                #expect(asked?.kind == "step.nested")
                #expect(asked?.message.contains("\"inner\" was asked for inside the step \"outer\"") == true)
                let read = #expect(throws: WorkflowFailure.self) { try context.state("artifact", as: String.self) }
                #expect(read?.message.contains("with: \"${state.artifact}\"") == true)
            }
        }
        #expect(try await flow.run(as: JSON.self, on: TestFermata().fermata).start().result == nil)
    }
}
