import FermataKit
import JSON
import Simulator

/// What a flow of chance is: it can be said twice, with the builder and, in words of its own, as a document.
struct RandomFlow {
    indirect enum Part {
        case step(RandomStep)
        case until(String, [RandomStep])
    }

    let parts: [Part]
    /// What runs when a run is cancelled.
    let cleanup: [RandomStep]
    let redacts: Bool

    init(seed: UInt64) {
        var maker = RandomFlowMaker(random: SeededRandom(seed: seed))
        parts = maker.parts(depth: 3)
        cleanup = maker.steps(0...1, depth: 0).map { step in
            var step = step
            // What cleans up is not undone itself.
            step.marks.remove(.undoes)
            return step
        }
        redacts = maker.random.chance(0.3)
    }

    private static let state: JSON = ["n": 0, "list": [1, 2, 3]]
    private static let agents: JSON = [
        "writer": [
            "model": "scripted/any", "system": "You write.", "maxTurns": 3,
            "tools": [["name": "look", "description": "Looks.", "input": ["type": "object"], "call": "work"]],
        ]
    ]

    // MARK: With the builder

    func flow() throws -> Flow {
        try Flow(
            "chance", description: "By chance", input: ["type": "object"], state: Self.state, output: "${state}",
            redact: redacts ? ["input.secret"] : [], agents: Self.agents
        ) {
            for part in parts {
                switch part {
                case .step(let step): step.built
                case .until(let condition, let steps):
                    Step.until(condition) { for step in steps { step.built } }
                }
            }
        } cleanup: {
            for step in cleanup { step.built }
        }
    }

    // MARK: As a document

    var document: JSONValue {
        var document: JSONObject = [
            "name": "chance", "description": "By chance", "input": ["type": "object"], "state": Self.state.value,
            "output": "${state}", "agents": Self.agents.value, "flow": Self.document(of: parts),
        ]
        if redacts { document["redact"] = ["input.secret"] }
        if !cleanup.isEmpty { document["cleanup"] = Self.document(of: cleanup.map { .step($0) }) }
        return .object(document)
    }

    private static func document(of parts: [Part]) -> JSONValue {
        var flow: JSONObject = [:]
        for (index, part) in parts.enumerated() {
            let following = index + 1 < parts.count ? parts[index + 1].firstName : "END"
            if index == 0 { flow["START"] = .string(part.firstName) }
            switch part {
            case .step(let step): flow[step.name] = step.document(before: following)
            case .until(let condition, let steps):
                for (step, name) in zip(steps, steps.dropFirst().map(\.name) + [""]) {
                    guard name.isEmpty else {
                        flow[step.name] = step.document(before: name)
                        continue
                    }
                    var last = step.members
                    last["next"] = [
                        ["when": .string(condition), "to": .string(following)], ["to": .string(part.firstName)],
                    ]
                    flow[step.name] = .object(last)
                }
            }
        }
        return .object(flow)
    }

    static func block(of steps: [RandomStep]) -> JSONValue {
        steps.count == 1 ? .object(steps[0].members) : ["flow": document(of: steps.map { .step($0) })]
    }

    static func branch(of steps: [RandomStep]) -> JSONValue { ["flow": document(of: steps.map { .step($0) })] }
}

extension RandomFlow.Part {
    var firstName: String {
        switch self {
        case .step(let step): step.name
        case .until(_, let steps): steps[0].name
        }
    }
}
