import JSON

extension Scenario {
    /// Step after step, and around again.
    static let chains = Scenario("chains") { random in
        Plan(
            document: [
                "state": ["n": 0],
                "flow": [
                    "START": "a", "a": ["call": "work", "set": ["n": "${state.n + 1}"], "next": "b"],
                    "b": ["call": "work", "next": "c"],
                    "c": ["set": [:], "next": [["when": "state.n < input", "to": "a"], ["to": "END"]]],
                ],
            ], input: random.json(1...4))
    }
}
