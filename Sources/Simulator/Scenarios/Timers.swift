import JSON

extension Scenario {
    /// Waits one after the other and beside each other.
    static let timers = Scenario("timers") { random in
        Plan(document: [
            "flow": [
                "START": "w", "w": ["wait": ["durationMs": random.json(0...5000)], "next": "both"],
                "both": [
                    "parallel": [
                        "short": ["wait": ["durationMs": random.json(1...3000)]],
                        "long": ["wait": ["durationMs": random.json(1...30_000)]],
                        "past": ["wait": ["until": "2026-01-01T00:00:20Z"]],
                    ], "next": "a",
                ],
                "a": ["call": "work"],
            ]
        ])
    }
}
