import JSON

extension Scenario {
    /// Bodies that not every engine hosts, with retries that only some can perform.
    static let specialists = Scenario("specialists") { random in
        Plan(document: [
            "flow": [
                "START": "a", "a": ["call": "special", "next": "w"],
                "w": ["wait": ["durationMs": random.json(1...3000)], "next": "b"],
                "b": [
                    "call": "special", "timeoutMs": random.json(100...3000),
                    "retry": ["attempts": 3, "delayMs": random.json(500...5000)], "onError": "c", "next": "c",
                ],
                "c": ["call": "special"],
            ]
        ])
    }
}
