import JSON
import Testing
import WorkflowCore
import WorkflowModel

@Suite("Steps that hold flows")
struct CompositeTests {
    private func parallel(_ members: JSONObject = [:]) -> JSONValue {
        var step: JSONObject = [
            "parallel": [
                "left": call,
                "right": ["flow": ["START": "one", "one": ["call": "work", "next": "two"], "two": call]],
            ]
        ]
        for (name, value) in members { step[name] = value }
        return ["START": "both", "both": .object(step)]
    }

    @Test("Branches run at once, with paths of their own, and their results are one")
    func branches() throws {
        var table = try Table(parallel())
        try table.start()
        #expect(table.run.active.map(\.path) == ["both", "both[left]", "both[right]/one"])
        try table.succeed("both[right]/one", 1)
        try table.succeed("both[left]", "l")
        #expect(table.run.active.map(\.path) == ["both", "both[right]/two"])
        #expect(try table.succeed("both[right]/two", 2).suffix(2) == ["run/statusChanged", "run/completed"])
        #expect(table.run.output == ["left": "l", "right": 2])
        #expect(table.run.inner.isEmpty)
        #expect(try table.replayed().output == table.run.output)
    }

    @Test("A branch that fails takes the others with it; the run fails with its kind and its path")
    func failFast() throws {
        var table = try Table(parallel())
        try table.start()
        let events = try table.fail("both[right]/one")
        #expect(events == ["step/failed", "step/failed", "run/statusChanged", "run/failed"])
        #expect(table.run.failure?.kind == "test.failed")
        #expect(table.run.failure?.step == "both[right]/one")
        #expect(table.run.effects(underWay: [("both[left]", 1)]) == [.stopAttempt(path: "both[left]", number: 1)])
    }

    @Test("Under collect-all the others go on, and each tells what became of it")
    func collectAll() throws {
        var table = try Table(parallel(["failureStrategy": "collect-all"]))
        try table.start()
        try table.fail("both[right]/one")
        #expect(table.run.status == .inProgress)
        try table.succeed("both[left]", 5)
        #expect(table.run.output?["left"] == ["status": "completed", "result": 5])
        #expect(table.run.output?["right"]?["status"] == "failed")
        #expect(table.run.output?["right"]?["error"]?["kind"] == "test.failed")
    }

    @Test("A retry of the step runs only what is not recorded, with the next attempt numbers")
    func retriedStep() throws {
        var table = try Table(parallel(["retry": ["attempts": 2]]))
        try table.start()
        try table.succeed("both[right]/one", 1)
        try table.fail("both[left]")
        try table.decide(.advance)
        #expect(table.run.active.map(\.path).sorted() == ["both", "both[left]", "both[right]/two"])
        #expect(table.run.active(at: "both")?.attempt == 2)
        #expect(table.run.active(at: "both[left]")?.attempt == 2)
        #expect(table.run.active(at: "both[right]/two")?.attempt == 2)
        try table.succeed("both[left]", "l")
        try table.succeed("both[right]/two", "r")
        #expect(table.run.output == ["left": "l", "right": "r"])
    }

    @Test("onError catches what failed inside, and nothing inside is left")
    func caught() throws {
        let flow: JSONValue = [
            "START": "both",
            "both": ["parallel": ["a": call, "b": ["approval": ["message": "?"]]], "onError": "after", "next": "END"],
            "after": ["set": ["kind": "${steps.both.error.kind}"]],
        ]
        var table = try Table(flow)
        try table.start()
        #expect(table.run.interactions.count == 1)
        try table.fail("both[a]")
        #expect(table.run.status == .completed)
        #expect(table.run.state["kind"] == "test.failed")
        #expect(table.run.interactions.isEmpty)
    }

    @Test("Gates in two branches are open at once and answered in either order", arguments: [[0, 1], [1, 0]])
    func gates(order: [Int]) throws {
        let gate: JSONValue = ["approval": ["message": "?"]]
        var table = try Table(["START": "g", "g": ["parallel": ["a": gate, "b": gate]]])
        try table.start()
        #expect(table.run.status == .awaiting)
        let ids = table.run.interactions.map(\.id)
        #expect(table.run.interactions.map(\.path) == ["g[a]", "g[b]"])
        for place in order {
            let answer = ApprovalAnswer(decision: .approved, approver: "me", message: nil, client: nil)
            try table.decide(.respondApproval(.id(ids[place]), answer))
        }
        #expect(table.run.output?["a"]?["status"] == "approved")
        #expect(table.run.output?["b"]?["status"] == "approved")
    }

    @Test("The timeout of the step ends what is inside")
    func timeout() throws {
        var table = try Table(parallel(["timeoutMs": 100]))
        try table.start()
        table.pass(99)
        #expect(try table.decide(.advance).isEmpty)
        table.pass(1)
        try table.decide(.advance)
        #expect(table.run.failure?.kind == "step.timedOut")
        #expect(table.run.active.isEmpty)
    }

    // MARK: forEach

    private func forEach(_ members: JSONObject = [:], do body: JSONValue = call) -> JSONValue {
        var step: JSONObject = ["in": "${input}", "do": body]
        for (name, value) in members { step[name] = value }
        return ["START": "each", "each": ["forEach": .object(step)]]
    }

    @Test("Never more than maxConcurrency at once, the results in the list's order")
    func concurrency() throws {
        let numbers = JSONValue.array((0..<100).map { JSONValue($0) })
        var table = try Table(
            forEach(["maxConcurrency": 8], do: ["call": "work", "with": "${item}"]), input: numbers)
        try table.start()
        var done = 0
        while let next = table.run.active.last(where: \.isRunning) {
            #expect(table.run.active.count(where: \.isPerformed) == min(8, 100 - done))
            try table.succeed(next.path, .array([next.input]))
            done += 1
        }
        #expect(table.run.output == .array((0..<100).map { .array([JSONValue($0)]) }))
    }

    @Test("An empty list is done at once; what is no list fails")
    func emptyList() throws {
        var table = try Table(forEach(), input: [])
        try table.start()
        #expect(table.run.output == [])
        table = try Table(forEach(), input: 5)
        try table.start()
        #expect(table.run.failure?.kind == "forEach.notAList")
    }

    @Test("The item goes by its name, beside its place; a flow leaves its output")
    func bindings() throws {
        let body: JSONValue = [
            "flow": ["START": "a", "a": ["set": ["sum": "${state.sum + number}"]]],
            "output": "${[index, number, state.sum, outer]}",
        ]
        let inner: JSONValue = ["forEach": ["in": "${outer}", "as": "number", "do": body]]
        var table = try Table(
            ["START": "o", "o": ["forEach": ["in": "${input}", "as": "outer", "do": inner]]],
            input: [[1, 2], [3]], with: ["state": ["sum": 0]])
        try table.start()
        #expect(table.run.state["sum"] == 6)
        #expect(table.run.output?[1]?[0] == [0, 3, 6, [3]])
        #expect(try table.replayed().output == table.run.output)
    }

    @Test("An element waits for those it depends on")
    func dependencies() throws {
        let items: JSONValue = [["id": "c", "after": ["a", "b"]], ["id": "a"], ["id": "b", "after": ["a"]]]
        let members: JSONObject = ["key": "${item.id}", "dependsOn": "${has(item.after) ? item.after : []}"]
        var table = try Table(forEach(members), input: items)
        try table.start()
        for path in ["each[1]", "each[2]", "each[0]"] {
            #expect(table.run.active.filter(\.isRunning).map(\.path) == [path])
            try table.succeed(path, .string(path))
        }
        #expect(table.run.output == ["each[0]", "each[1]", "each[2]"])
    }

    @Test(
        "Dependencies that cannot be met fail the step",
        arguments: [
            ([["id": "a", "after": ["b"]], ["id": "b", "after": ["a"]]], "forEach.cycle"),
            ([["id": "a", "after": ["a"]]], "forEach.cycle"),
            ([["id": "a", "after": ["x"]]], "forEach.unknownDependency"),
            ([["id": "a", "after": 5]], "forEach.invalid"), ([["id": "a"], ["id": "a"]], "forEach.duplicateKey"),
        ] as [(JSONValue, String)])
    func badDependencies(items: JSONValue, kind: String) throws {
        let members: JSONObject = ["key": "${item.id}", "dependsOn": "${has(item.after) ? item.after : []}"]
        var table = try Table(forEach(members), input: items)
        try table.start()
        #expect(table.run.failure?.kind == kind)
    }

    @Test("Under collect-all what depends on a failure is not done, the rest is")
    func dependents() throws {
        let items: JSONValue = [["id": "a"], ["id": "b", "after": ["a"]], ["id": "c"]]
        let members: JSONObject = [
            "key": "${item.id}", "dependsOn": "${has(item.after) ? item.after : []}", "failureStrategy": "collect-all",
        ]
        var table = try Table(forEach(members), input: items)
        try table.start()
        try table.fail("each[0]")
        try table.succeed("each[2]", 1)
        #expect(table.run.output?.array?.map { $0["status"] } == ["failed", "failed", "completed"])
        #expect(table.run.output?[1]?["error"]?["kind"] == "forEach.dependencyFailed")
    }

    @Test("A step enters once more under another path, inside and out")
    func iterations() throws {
        let flow: JSONValue = [
            "START": "each",
            "each": [
                "forEach": [
                    "in": [1],
                    "do": [
                        "flow": [
                            "START": "a",
                            "a": [
                                "call": "work",
                                "next": [
                                    ["when": "iteration < 2", "to": "a"], ["to": "END"],
                                ],
                            ],
                        ]
                    ],
                ],
                "next": [["when": "iteration < 2", "to": "each"], ["to": "END"]],
            ],
        ]
        var table = try Table(flow)
        try table.start()
        for path in ["each[0]/a", "each[0]/a#2", "each#2[0]/a", "each#2[0]/a#2"] {
            #expect(table.run.active.last?.path == path)
            try table.succeed(path)
        }
        #expect(table.run.status == .completed)
    }

    @Test("A long list costs what it holds")
    func longList() throws {
        let numbers = JSONValue.array((0..<900).map { JSONValue($0) })
        var table = try Table(forEach(do: ["set": ["n": "${item}"]]), input: numbers)
        try table.start()
        #expect(table.run.status == .completed)
        #expect(table.run.state["n"] == 899)
    }

    @Test("A step whose flows are done, but whose end failed, comes to its end when it is tried again")
    func retriedAtItsEnd() throws {
        let ways: JSONValue = [["when": "result.a == 1", "to": "END"]]
        var table = try Table(["START": "p", "p": ["parallel": ["a": call], "next": ways]])
        try table.start()
        try table.succeed("p[a]", 2)
        #expect(table.run.failure?.kind == "flow.noRoute")
        try table.decide(.retry(executionID: "e2"))
        #expect(table.run.failure?.kind == "flow.noRoute")
        #expect(table.run.executions.count == 2)
    }

    @Test("A list that could not be computed is computed anew in the next execution")
    func retriedList() throws {
        var table = try Table(forEach(), input: 5)
        try table.start()
        try table.decide(.retry(executionID: "e2"))
        #expect(table.run.status == .failed)
        #expect(table.run.failure?.kind == "forEach.notAList")
    }

    @Test(
        "A flow that ends with a failure that was caught leaves its output all the same",
        arguments: [("${steps.a.error.kind}", "test.failed"), ("${state.missing}", nil)] as [(JSONValue, JSONValue?)])
    func caughtAtTheEnd(output: JSONValue, left: JSONValue?) throws {
        let step: JSONValue = ["call": "work", "onError": "END"]
        let branch: JSONValue = ["flow": ["START": "a", "a": step], "output": output]
        var table = try Table(["START": "p", "p": ["parallel": ["x": branch]]])
        try table.start()
        try table.fail("p[x]/a")
        #expect(table.run.output?["x"] == left)
        #expect(table.run.status == (left == nil ? .failed : .completed))
        #expect(try table.replayed().output == table.run.output)
    }
}
