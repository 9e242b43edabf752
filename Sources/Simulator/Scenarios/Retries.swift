import JSON

extension Scenario {
    /// A body that fails more often than not, and what stands in for it.
    static let retries = Scenario("retries") { random in
        let backoff = JSONValue.string(random.pick(["fixed", "linear", "exponential"]))
        return Plan(document: [
            "flow": [
                "START": "a",
                "a": [
                    "call": "flaky", "onError": "b", "next": "b",
                    "retry": [
                        "attempts": random.json(2...5), "delayMs": random.json(0...2000), "backoff": backoff,
                        "maxDelayMs": 10_000, "jitter": 0.5,
                    ],
                ],
                "b": ["call": "work"],
            ]
        ])
    }

    /// A run that begins again by itself.
    static let runRetries = Scenario("run-retries") { random in
        let origin = JSONValue.string(random.pick(["checkpoint", "start"]))
        return Plan(
            document: ["flow": ["START": "a", "a": ["call": "work", "next": "b"], "b": ["call": "flaky"]]],
            options: ["retry": ["attempts": random.json(2...4), "delayMs": random.json(0...3000), "from": origin]])
    }
}
