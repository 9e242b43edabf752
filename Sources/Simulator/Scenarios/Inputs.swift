import JSON

extension Scenario {
    /// A question for a number, which may answer itself.
    static let inputs = Scenario("inputs") { random in
        var input: JSONObject = ["prompt": "How many?", "schema": ["type": "integer"]]
        if random.chance(0.5) { input["default"] = 3 }
        if random.chance(0.6) { input["expiresAfterMs"] = random.json(500...20_000) }
        return Plan(document: [
            "state": ["count": 0],
            "flow": [
                "START": "ask", "ask": ["input": .object(input), "set": ["count": "${result}"], "next": "a"],
                "a": ["call": "work", "with": ["count": "${state.count}"]],
            ],
        ])
    }
}
