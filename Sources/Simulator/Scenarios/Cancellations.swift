import JSON

extension Scenario {
    /// A run that is cancelled with grace, by its timeout or by somebody, and cleans up.
    static let cancellations = Scenario("cancellations") { random in
        Plan(
            document: [
                "flow": [
                    "START": "p", "p": ["parallel": ["a": ["call": "work"], "b": ["wait": ["durationMs": 60_000]]]],
                ],
                "cleanup": ["START": "sweep", "sweep": ["call": "work"]],
            ],
            options: [
                "cancel": ["graceful": true, "gracefulTimeoutMs": random.json(100...5000)],
                "timeout": ["ms": random.json(100...10_000), "action": "cancel"],
            ])
    }
}
