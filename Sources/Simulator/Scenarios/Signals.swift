import JSON

extension Scenario {
    /// Waits that a signal ends, or time.
    static let signals = Scenario("signals") { random in
        Plan(document: [
            "flow": [
                "START": "w", "w": ["wait": ["signal": "go"], "next": "x"],
                "x": ["wait": [["signal": "go"], ["durationMs": random.json(1...20_000)]], "next": "a"],
                "a": ["call": "work"],
            ]
        ])
    }
}
