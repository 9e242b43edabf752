import JSON

extension Scenario {
    /// A program of the client's, which opens its steps while it runs: `SimulatedProgram`.
    static let programs = Scenario("programs") { random in
        var options = JSONObject()
        if random.chance(0.3) { options["retry"] = ["attempts": random.json(2...3), "delayMs": random.json(0...500)] }
        if random.chance(0.2) { options["timeout"] = ["ms": random.json(3000...60_000)] }
        if random.chance(0.2) { options["budget"] = ["maxSteps": random.json(2...6)] }
        // A fork runs the program that it was forked from.
        return Plan(document: ["program": "simulated"], input: random.json(0...1_000_000), options: .object(options))
    }
}
