import JSON

extension Scenario {
    /// Bodies that take too long, or give no sign of life.
    static let silence = Scenario("silence") { random in
        Plan(document: [
            "flow": [
                "START": "a",
                "a": [
                    "call": "work", "timeoutMs": random.json(50...2000), "retry": ["attempts": 3], "onError": "b",
                    "next": "b",
                ],
                "b": [
                    "call": "work", "heartbeatTimeoutMs": random.json(50...1000),
                    "retry": ["attempts": 3, "delayMs": 100],
                ],
            ]
        ])
    }

    /// Runs that take too long.
    static let timeouts = Scenario("timeouts") { random in
        let action = JSONValue.string(random.pick(["fail", "cancel", "notify"]))
        let clock = JSONValue.string(random.pick(["active", "wall"]))
        return Plan(
            document: [
                "flow": [
                    "START": "a", "a": ["call": "work", "next": "g"],
                    "g": ["approval": ["message": "Go?", "expiresAfterMs": 8000], "next": "b"], "b": ["call": "work"],
                ]
            ],
            options: ["timeout": ["ms": random.json(100...8000), "action": action, "clock": clock]])
    }
}
