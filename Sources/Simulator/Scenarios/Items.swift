import JSON

extension Scenario {
    /// Items, so many at a time, some after others.
    static let items = Scenario("items") { random in
        var forEach: JSONObject = [
            "in": "${input}",
            "do": ["flow": ["START": "one", "one": ["call": "work", "next": "two"], "two": ["call": "flaky"]]],
            "failureStrategy": .string(random.pick(["collect-all", "fail-fast"])),
        ]
        if random.chance(0.5) { forEach["maxConcurrency"] = random.json(1...3) }
        if random.chance(0.5) {
            forEach["key"] = "${item.id}"
            forEach["dependsOn"] = "${item.after}"
        }
        let input: JSONValue = [
            ["id": "x", "after": []], ["id": "y", "after": ["x"]], ["id": "z", "after": []],
            ["id": "u", "after": ["y", "z"]],
        ]
        return Plan(document: ["flow": ["START": "each", "each": ["forEach": .object(forEach)]]], input: input)
    }
}
