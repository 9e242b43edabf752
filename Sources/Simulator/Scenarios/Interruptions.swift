import JSON

extension Scenario {
    /// Bodies that may not simply run again when they were cut off.
    static let interruptions = Scenario("interruptions") { random in
        Plan(document: [
            "flow": [
                "START": "a", "a": ["call": "work", "onInterrupted": "ask", "next": "b"],
                "b": ["call": "work", "onInterrupted": "fail", "onError": "c", "next": "c"], "c": ["call": "work"],
            ]
        ])
    }
}
