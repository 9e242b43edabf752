import JSON

extension Scenario {
    /// The workflows that other runs start as children.
    static let children: [JSONValue] = [
        ["name": "child", "flow": ["START": "a", "a": ["call": "flaky", "next": "b"], "b": ["call": "work"]]],
        [
            "name": "asking",
            "flow": ["START": "g", "g": ["approval": ["message": "Go?"], "next": "a"], "a": ["call": "work"]],
        ],
        [
            "name": "nested",
            "flow": ["START": "w", "w": ["wait": ["durationMs": 700], "next": "c"], "c": ["workflow": "child"]],
        ],
    ]

    /// Runs of other workflows as steps.
    static let parents = Scenario("parents") { random in
        var branches: JSONObject = [:]
        for (index, name) in ["child", "asking", "nested"].enumerated() where index == 0 || random.chance(0.5) {
            branches[name] = ["workflow": .string(name), "retry": ["attempts": random.json(1...2)]]
        }
        return Plan(
            document: [
                "flow": [
                    "START": "all",
                    "all": ["parallel": .object(branches), "failureStrategy": "collect-all", "next": "a"],
                    "a": ["call": "work"],
                ]
            ],
            options: random.chance(0.3) ? ["timeout": ["ms": random.json(2000...20_000)]] : .none)
    }
}
