import JSON

extension Scenario {
    /// Agents whose models call tools, are verified, and come to their budgets.
    static let agents = Scenario("agents") { random in
        var look: JSONObject = ["name": "look", "description": "Looks.", "input": true, "call": "work"]
        if random.chance(0.5) { look["onInterrupted"] = random.pick(["ask", "fail"]) }
        if random.chance(0.3) { look["retry"] = ["attempts": 2, "delayMs": random.json(0...500)] }
        var write: JSONObject = ["name": "write", "description": "Writes.", "input": true, "call": "flaky"]
        if random.chance(0.5) { write["approval"] = random.pick([true, ["expiresAfterMs": 2000]]) }
        var agent: JSONObject = ["model": "test/model", "tools": [.object(look), .object(write)], "maxTurns": 12]
        if random.chance(0.3) { agent["verify"] = ["call": "work"] }
        if random.chance(0.3) { agent["verify"] = "size(result.toolCalls) != 1" }
        let step: JSONObject = [
            "agent": .object(agent), "prompt": "Do it.", "retry": ["attempts": 4, "delayMs": random.json(0...500)],
        ]
        var plan = Plan(document: [
            "flow": [
                "START": "two",
                "two": [
                    "parallel": ["a": .object(step), "b": .object(step)], "failureStrategy": "collect-all", "next": "c",
                ],
                "c": ["call": "work"],
            ]
        ])
        if random.chance(0.4) { plan.options = ["budget": ["maxModelTokens": random.json(5...40)]] }
        return plan
    }
}
