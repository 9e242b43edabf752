import JSON
import Testing
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

@Suite("Turns of agents")
struct AgentTurnTests {
    private func flow(_ tool: JSONObject = [:]) -> JSONValue {
        var tool = tool
        for (name, value) in ["name": "search", "description": "Searches.", "input": true, "call": "work"] as JSONObject
        {
            tool[name] = value
        }
        return ["START": "a", "a": ["agent": ["model": "scripted/x", "tools": [.object(tool)]], "prompt": "Do it."]]
    }

    private let search = ModelAnswer(
        text: "Let me see. ", calls: [ModelAnswer.Call(id: "c", tool: "search", input: ["q": 1])])

    @Test("A tool starts only after the turn that called it is committed, and the next turn after its result is")
    func order() throws {
        let bench = World().engine()
        try bench.start(flow())
        _ = bench.history.take()
        bench.answer(search)
        #expect(
            bench.history.take() == [
                "told agent/turned", "told tool/called", "commit", "ended", "start a/tool[search]#1",
            ])
        #expect(bench.bodies.attempt("r/a/tool[search]")?.work == .call(handler: "work", input: ["q": 1]))
        #expect(bench.bodies.attempt("r/a/tool[search]")?.idempotencyKey == "r:a/tool[search]")
        bench.succeed("r/a/tool[search]", "found")
        #expect(bench.history.take() == ["told tool/returned", "commit", "ended", "start a#1"])
        guard case .agent(let work)? = bench.bodies.attempt("r/a")?.work else {
            Issue.record("No turn is asked for.")
            return
        }
        #expect(work.conversation.turns.map(\.text) == ["Let me see. "])
        #expect(work.conversation.turns.last?.calls.map(\.result) == [.returned("found")])
        bench.answer(ModelAnswer(text: "Done."))
        #expect(try bench.row().status == .completed)
        #expect(bench.engine.runsInMemory == 0)
    }

    @Test(
        "An answer counts once, also when its commit happened and was reported as failed, even twice",
        arguments: [1, 2])
    func uncertain(times: Int) throws {
        let world = World()
        let bench = world.engine()
        try bench.start(flow())
        bench.journal.broken = [.commitReport]
        bench.answer(ModelAnswer(text: "One.", calls: [ModelAnswer.Call(id: "c", tool: "none", input: 1)]))
        for _ in 1..<times { world.pass(200) }
        bench.journal.broken = []
        world.pass(200)
        #expect(try bench.types().filter { $0 == "agent/turned" }.count == 1)
        guard case .agent(let work)? = bench.bodies.attempt("r/a")?.work else {
            Issue.record("No turn is asked for.")
            return
        }
        #expect(work.conversation.turns.map(\.text) == ["One."])
        bench.answer(ModelAnswer(text: "Done."))
        #expect(try bench.row().status == .completed)
    }

    @Test("A fork in the midst of an answer takes it whole")
    func fork() throws {
        let bench = World().engine()
        try bench.start(flow())
        bench.answer(ModelAnswer(text: "One.", calls: [ModelAnswer.Call(id: "c", tool: "none", input: 1)]))
        bench.answer(ModelAnswer(text: "Done."))
        let types = try bench.types()
        for (first, end) in [("tool/called", "tool/returned"), ("agent/turned", "step/completed")] {
            let seq = try #require(types.lastIndex(of: first)) + 1
            let request = ForkRequest(source: "r", place: .seq(seq))
            let created = try bench.ask { engine throws(EngineError) in try engine.fork(request) }
            #expect(try bench.types(created.runID).suffix(2) == [end, "run/forked"])
        }
    }

    @Test("What a model says over its turns is one text of the attempt")
    func text() throws {
        let bench = World().engine()
        try bench.start(flow())
        for _ in 1...2 {
            bench.bodies.reporter("r/a")?.report(.text("Let me see. "))
            bench.answer(search)
            let path = try #require(try bench.run().active.last?.path)
            bench.succeed("r/\(path)")
        }
        #expect(bench.observer.said == ["0:Let me see. ", "12:Let me see. "])
        #expect(bench.bodies.started.filter { $0.hasSuffix("/a#1") }.count == 3)
    }

    @Test("What a model thinks over its turns is counted on, and what its journal keeps is how much it was")
    func thoughts() throws {
        let bench = World().engine()
        try bench.start(flow())
        for thought in ["Hm, ", "ähm."] { bench.bodies.reporter("r/a")?.report(.thinking(thought)) }
        bench.bodies.reporter("r/a")?.report(.text("Let me see. "))
        bench.answer(search)
        let path = try #require(try bench.run().active.last?.path)
        bench.succeed("r/\(path)")
        bench.bodies.reporter("r/a")?.report(.thinking("Well."))
        bench.bodies.reporter("r/a")?.report(.text("Done."))
        bench.answer(ModelAnswer(text: "Done."))
        #expect(bench.observer.said.filter { $0.hasPrefix("thought") }.joined(separator: "|").hasSuffix("9:Well."))
        #expect(bench.observer.said.filter { !$0.hasPrefix("thought") } == ["0:Let me see. ", "12:Done."])
        #expect(try bench.run().usage.modelTurns == 2)
    }

    @Test(
        "A turn whose commit fails is held and recorded once; what it called starts once",
        arguments: [WatchedJournal.Operation.begin, .append, .commit])
    func heldTurn(operation: WatchedJournal.Operation) throws {
        let world = World()
        let bench = world.engine()
        try bench.start(flow())
        bench.journal.broken = [operation]
        bench.answer(search)
        for _ in 1...3 { world.pass(100) }
        #expect(bench.bodies.started == ["r/a#1"])
        bench.journal.broken = []
        world.pass(200)
        #expect(bench.bodies.started == ["r/a#1", "r/a/tool[search]#1"])
        #expect(try bench.types().suffix(2) == ["agent/turned", "tool/called"])
    }

    @Test("After a crash another engine goes on from the recorded turns, with the next attempt")
    func crash() throws {
        let world = World()
        let dead = world.engine("A")
        try dead.start(flow())
        dead.answer(search)
        dead.succeed("r/a/tool[search]", "found")
        world.kill(dead)
        let bench = world.engine("B")
        #expect(bench.bodies.started == ["r/a#2"])
        guard case .agent(let work)? = bench.bodies.attempt("r/a")?.work else {
            Issue.record("No turn is asked for.")
            return
        }
        #expect(work.conversation.turns.count == 1)
        bench.answer(search)
        #expect(bench.bodies.started == ["r/a#2", "r/a/tool[search#2]#1"])
        world.kill(bench)
        // A tool that was under way is called again with its key; its agent was not, and has no further attempt.
        let third = world.engine("C")
        #expect(third.bodies.started == ["r/a/tool[search#2]#2"])
        #expect(third.bodies.attempt("r/a/tool[search#2]")?.idempotencyKey == "r:a/tool[search#2]")
        third.succeed("r/a/tool[search#2]")
        #expect(third.bodies.started == ["r/a/tool[search#2]#2", "r/a#2"])
    }

    @Test("A run that waits until a person lets a tool be called leaves memory, and survives a crash")
    func approvals() throws {
        let world = World()
        let dead = world.engine("A")
        try dead.start(flow(["approval": true]))
        dead.answer(search)
        #expect(try dead.row().status == .awaiting)
        #expect(dead.engine.runsInMemory == 0)
        world.kill(dead)
        let bench = world.engine("B")
        #expect(bench.bodies.started.isEmpty)
        try bench.perform(approval(try bench.question()))
        #expect(bench.bodies.started == ["r/a/tool[search]#1"])
        bench.succeed("r/a/tool[search]")
        #expect(bench.bodies.started == ["r/a/tool[search]#1", "r/a#1"])
    }

    @Test("A tool whose handler nobody hosts is told when the run is created")
    func missingHandler() throws {
        let bench = World().engine(handlers: ["other"])
        let error = refusal { try bench.start(flow()) }
        guard case .handlerMissing("work", step: "search") = error else {
            Issue.record("It was refused as \(String(describing: error)).")
            return
        }
    }
}

extension Bench {
    /// The model of the agent at `run/path` answers, and the engine takes a turn over it.
    func answer(_ answer: ModelAnswer, at place: String = "r/a") {
        bodies.end(place, .answered(answer))
        turn()
    }
}
