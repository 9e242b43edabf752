import JSON

extension Scenario {
    /// A gate before a body, with votes and a deadline.
    static let approvals = Scenario("approvals") { random in
        var approval: JSONObject = ["message": "Go?"]
        if random.chance(0.5) {
            approval["approvers"] = ["ann", "bob", "cid"]
            approval["required"] = 2
        }
        if random.chance(0.6) { approval["expiresAfterMs"] = random.json(500...20_000) }
        return Plan(document: [
            "flow": [
                "START": "gate", "gate": ["approval": .object(approval), "next": "a"], "a": ["call": "work"],
            ]
        ])
    }
}
