import JSON

/// Makes up workflows that are valid, and what they are to be run with.
struct RandomDocument {
    var random: SeededNumbers
    /// Whether steps may be undone later: not those that clean up, and not those that undo.
    private var mayUndo = true

    init(seed: Int) {
        random = SeededNumbers(seed: seed)
    }

    mutating func workflow() -> JSONValue {
        var document: JSONObject = ["name": "random", "state": ["n": 0]]
        if random.happens(15) {
            document["program"] = "random"
        } else if random.happens(20) {
            let (name, body) = pattern(depth: 2)
            document[name] = body
            if random.happens(25) { document["output"] = random.one(of: ["${state}", "${result}"]) }
        } else {
            document["flow"] = flow(depth: 3)
            if random.happens(25) {
                document["output"] = random.one(of: ["${state}", "${result}", "${steps.s0.result}"])
            }
        }
        mayUndo = false
        if random.happens(30) { document["cleanup"] = flow(depth: 1) }
        return .object(document)
    }

    mutating func options() -> JSONValue? {
        var options = JSONObject()
        if random.happens(20) {
            options["timeout"] = [
                "ms": JSONValue(random.one(of: [0, 300, 2000])),
                "action": random.one(of: ["fail", "cancel", "notify"]), "clock": random.one(of: ["active", "wall"]),
            ]
        }
        if random.happens(30) {
            var retry = retry()
            retry["from"] = random.one(of: ["checkpoint", "start"])
            options["retry"] = .object(retry)
        }
        if random.happens(40) {
            options["cancel"] = ["graceful": true, "gracefulTimeoutMs": JSONValue(random.one(of: [0, 100, 1000]))]
        }
        if random.happens(20) { options["budget"] = ["maxSteps": JSONValue(random.number(1..<12))] }
        if random.happens(20) { options["budget"] = ["maxModelTokens": JSONValue(random.number(1..<60))] }
        if random.happens(20) {
            options["approvals"] = random.one(of: [
                ["expiresAfterMs": 200, "onExpiry": "approve"], ["approvers": ["ann", "bob"], "required": 2],
            ])
        }
        return options.isEmpty ? .none : .object(options)
    }

    // MARK: Flows

    mutating func flow(depth: Int) -> JSONValue {
        let count = random.number(1..<5)
        var flow: JSONObject = ["START": random.happens(2) ? "END" : "s0"]
        for place in 0..<count {
            var step = step(depth: depth)
            let later: JSONValue = place + 1 < count ? "s\(place + 1)" : "END"
            let earlier = JSONValue("s\(random.number(0..<place + 1))")
            if step["fail"] == nil { step["next"] = next(later, earlier) }
            if random.happens(20) { step["onError"] = random.weighted([(6, later), (6, "END"), (1, earlier)]) }
            flow["s\(place)"] = .object(step)
        }
        if flow["START"] == "END" { flow = ["START": "s0", "s0": ["set": ["n": 1]]] }
        return .object(flow)
    }

    private mutating func next(_ later: JSONValue, _ earlier: JSONValue) -> JSONValue {
        random.weighted([
            (12, later), (1, "END"),
            (2, [["when": "iteration < \(random.number(2..<4))", "to": earlier], ["to": later]]),
            (2, [["when": "state.n > 1", "to": "END"], ["to": later]]), (1, [["when": "state.n == 99", "to": later]]),
        ])
    }

    /// A step, a flow or a pattern: what a branch, an item or a worker does.
    private mutating func block(depth: Int) -> JSONValue {
        switch random.number(0..<10) {
        case 0..<4 where depth > 0:
            var block: JSONObject = ["flow": flow(depth: depth - 1)]
            if random.happens(40) { block["output"] = random.one(of: ["${state.n}", "${result}", "done"]) }
            return .object(block)
        case 4 where depth > 0:
            let (name, body) = pattern(depth: depth - 1)
            return .object([name: body])
        default: return alone(depth: depth)
        }
    }

    /// A step outside of a flow.
    mutating func alone(depth: Int) -> JSONValue {
        var step = step(depth: depth)
        if random.happens(10) { step["onError"] = "END" }
        return .object(step)
    }

    /// What a program says of a step whose body it runs.
    mutating func hosted() -> JSONObject {
        var members = JSONObject()
        if random.happens(40) { members["retry"] = .object(retry()) }
        if random.happens(15) { members["timeoutMs"] = JSONValue(random.one(of: [0, 1, 100, 1000])) }
        if random.happens(50) { members["onInterrupted"] = random.one(of: ["retry", "ask", "fail"]) }
        return members
    }

    // MARK: Steps

    private mutating func step(depth: Int) -> JSONObject {
        var step = depth > 0 && random.happens(30) ? composite(depth: depth - 1) : simple()
        if random.happens(25) { step["retry"] = .object(retry()) }
        if random.happens(15) { step["timeoutMs"] = JSONValue(random.one(of: [0, 1, 100, 1000])) }
        if random.happens(40) { step["onInterrupted"] = random.one(of: ["retry", "ask", "fail"]) }
        if random.happens(15) { step["set"] = random.one(of: [["n": "${state.n + 1}"], ["n": "${state.n * 2}"]]) }
        if random.happens(8) { step["output"] = random.one(of: [["not": ["type": "boolean"]], false]) }
        if mayUndo, random.happens(20) {
            mayUndo = false
            step["compensate"] = .object(self.step(depth: min(depth, 1)))
            mayUndo = true
        }
        return step
    }

    private mutating func simple() -> JSONObject {
        random.weighted([
            (30, call()), (4, ["command": ["true"]]), (10, agent()), (8, ["set": ["n": "${state.n + 1}"]]),
            (8, ["approval": approval()]), (7, ["input": input()]), (9, ["wait": wait()]),
            (6, ["workflow": "other", "with": ["n": "${state.n}"]]), (1, ["workflow": "nowhere"]),
            (3, ["fail": ["kind": "test.said", "message": "${state.n}"]]),
        ])
    }

    private mutating func call() -> JSONObject {
        random.weighted([
            (6, ["call": "work"]), (4, ["call": "work", "with": ["n": "${state.n}", "r": "${result}"]]),
            (1, ["call": "work", "with": "${state.missing}"]),
        ])
    }

    private mutating func agent() -> JSONObject {
        var tools: [JSONValue] = []
        for name in ["look", "write"] where random.happens(70) {
            var tool: JSONObject = ["name": .string(name), "description": "It does.", "input": ["type": "object"]]
            let body: JSONObject = random.one(of: [
                ["call": "work"], ["command": ["echo", "${args.n}"]], ["call": "work"],
            ])
            for (name, value) in body { tool[name] = value }
            if random.happens(25) { tool["approval"] = random.one(of: [true, approval()]) }
            if random.happens(40) { tool["onInterrupted"] = random.one(of: ["retry", "ask", "fail"]) }
            if random.happens(25) { tool["retry"] = .object(retry()) }
            if random.happens(10) { tool["timeoutMs"] = 100 }
            tools.append(.object(tool))
        }
        var agent: JSONObject = ["model": "m/x", "tools": .array(tools), "maxTurns": JSONValue(random.number(1..<5))]
        if random.happens(30) { agent["output"] = ["type": "object"] }
        if random.happens(20) {
            agent["verify"] = random.one(of: ["result.text != 'bad'", "result.text.size() < 5"])
        } else if random.happens(30) {
            var verify = call()
            if random.happens(30) { verify["retry"] = .object(retry()) }
            if random.happens(20) { verify["onError"] = "END" }
            if random.happens(30) { verify["onInterrupted"] = random.one(of: ["retry", "ask", "fail"]) }
            agent["verify"] = .object(verify)
        }
        return ["agent": .object(agent), "prompt": "Do ${state.n}"]
    }

    private mutating func retry() -> JSONObject {
        var retry: JSONObject = ["attempts": JSONValue(random.number(1..<4))]
        retry["delayMs"] = JSONValue(random.one(of: [0, 0, 50, 1000]))
        retry["backoff"] = random.one(of: ["fixed", "linear", "exponential"])
        if random.happens(30) { retry["jitter"] = random.one(of: [true, 0.5]) }
        if random.happens(20) { retry["nonRetryable"] = ["test.failed"] }
        return retry
    }

    private mutating func approval() -> JSONValue {
        var approval: JSONObject = ["message": "Go on with ${state.n}?"]
        if random.happens(40) { approval["expiresAfterMs"] = JSONValue(random.one(of: [0, 100, 1000])) }
        if random.happens(30) {
            approval["approvers"] = ["ann", "bob"]
            approval["required"] = JSONValue(random.number(1..<3))
        } else if random.happens(30) {
            approval["onExpiry"] = "approve"
        }
        return .object(approval)
    }

    private mutating func input() -> JSONValue {
        var input: JSONObject = ["prompt": "How many?", "schema": ["type": "integer"]]
        if random.happens(40) { input["expiresAfterMs"] = JSONValue(random.one(of: [0, 100, 1000])) }
        if random.happens(50) { input["default"] = 7 }
        return .object(input)
    }

    private mutating func wait() -> JSONValue {
        let conditions: [JSONValue] = [
            ["durationMs": JSONValue(random.one(of: [0, 10, 500]))], ["until": "1970-01-01T00:16:41Z"],
            ["signal": "go"], ["signal": "stop"],
        ]
        if random.happens(50) { return random.one(of: conditions) }
        return .array((0..<random.number(1..<4)).map { _ in random.one(of: conditions) })
    }

    // MARK: Steps that hold flows

    private mutating func composite(depth: Int) -> JSONObject {
        switch random.number(0..<5) {
        case 0, 1:
            var step: JSONObject = ["parallel": ["a": block(depth: depth), "b": block(depth: depth)]]
            if random.happens(40) { step["failureStrategy"] = "collect-all" }
            return step
        case 2, 3: return ["forEach": forEach(depth: depth)]
        default:
            let (name, body) = pattern(depth: depth)
            return [name: body]
        }
    }

    private mutating func forEach(depth: Int) -> JSONValue {
        var forEach: JSONObject = ["do": block(depth: depth)]
        if random.happens(40) {
            forEach["in"] = [
                ["id": "a", "after": ["c"]], ["id": "b"], ["id": "c", "after": ["b"]], ["id": "d", "after": ["b"]],
            ]
            forEach["key"] = "${item.id}"
            forEach["dependsOn"] = "${has(item.after) ? item.after : []}"
        } else {
            forEach["in"] = random.one(of: [[], [1], [1, 2, 3], [1, 2, 3, 4, 5, 6], "${state.n}"])
        }
        limits(&forEach)
        return .object(forEach)
    }

    private mutating func limits(_ object: inout JSONObject) {
        if random.happens(50) { object["maxConcurrency"] = JSONValue(random.number(1..<4)) }
        if random.happens(40) { object["failureStrategy"] = "collect-all" }
    }

    private mutating func pattern(depth: Int) -> (name: String, body: JSONValue) {
        switch random.number(0..<4) {
        case 0:
            let routes: JSONObject = ["a": alone(depth: depth), "b": alone(depth: depth)]
            return ("routing", ["classify": part(), "routes": .object(routes)])
        case 1:
            var body: JSONObject = ["plan": part(), "synthesize": alone(depth: 0)]
            body["workers"] = ["a": block(depth: depth), "b": block(depth: depth)]
            limits(&body)
            return ("orchestratorWorkers", .object(body))
        case 2:
            var body: JSONObject = ["each": block(depth: depth), "merge": alone(depth: 0)]
            body["split"] = random.happens(50) ? part() : "${[1, 2, 3]}"
            if random.happens(30) { body["includeFailures"] = false }
            limits(&body)
            return ("parallelization", .object(body))
        default:
            var body: JSONObject = ["generate": alone(depth: depth), "evaluate": part(), "optimize": part()]
            if random.happens(50) { body["threshold"] = 0.5 }
            body["maxIterations"] = JSONValue(random.number(1..<4))
            return ("evaluatorOptimizer", .object(body))
        }
    }

    /// A step whose answer a pattern reads.
    private mutating func part() -> JSONValue {
        var step = call()
        if random.happens(40) { step["retry"] = .object(retry()) }
        if random.happens(5) { step = simple() }
        return .object(step)
    }
}
