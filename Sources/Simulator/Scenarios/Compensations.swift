import JSON

extension Scenario {
    /// What was done is undone, since the end fails.
    static let compensations = Scenario("compensations") { random in
        let last: JSONValue =
            random.chance(0.7) ? ["call": "broken"] : ["fail": ["kind": "test.ended", "message": "No."]]
        return Plan(document: [
            "flow": [
                "START": "a", "a": ["call": "work", "compensate": ["call": "work", "with": "${result}"], "next": "b"],
                "b": ["call": "work", "compensate": ["call": "flaky"], "next": "c"], "c": last,
            ],
            "cleanup": ["START": "sweep", "sweep": ["call": "work"]],
        ])
    }
}
