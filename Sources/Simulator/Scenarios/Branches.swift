import JSON

extension Scenario {
    /// Branches with flows of their own, one of which may fail.
    static let branches = Scenario("branches") { random in
        var step: JSONObject = [
            "parallel": [
                "left": ["call": random.chance(0.3) ? "flaky" : "work"],
                "right": ["flow": ["START": "one", "one": ["call": "work", "next": "two"], "two": ["call": "work"]]],
                "gate": ["approval": ["message": "Go?"]],
            ], "next": "a",
        ]
        if random.chance(0.5) { step["failureStrategy"] = "collect-all" }
        if random.chance(0.3) { step["retry"] = ["attempts": 2, "delayMs": random.json(0...1000)] }
        return Plan(document: ["flow": ["START": "both", "both": .object(step), "a": ["call": "work"]]])
    }
}
