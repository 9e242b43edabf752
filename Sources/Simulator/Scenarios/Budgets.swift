import JSON

extension Scenario {
    /// A loop that comes to its budget, so that a person is asked.
    static let budgets = Scenario("budgets") { random in
        Plan(
            document: [
                "state": ["n": 0],
                "flow": [
                    "START": "a",
                    "a": [
                        "call": "work", "set": ["n": "${state.n + 1}"],
                        "next": [["when": "state.n < 5", "to": "a"], ["to": "END"]],
                    ],
                ],
            ],
            options: ["budget": ["maxSteps": random.json(2...4)]])
    }
}
