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

    init(seed: UInt64) {
        var maker = RandomFlowMaker(random: SeededRandom(seed: seed))
        parts = maker.parts(depth: 3)
    }

    // MARK: With the builder

    func flow() throws -> Flow {
        try Flow("chance", state: ["n": 0, "list": [1, 2, 3]], output: "${state}") {
            for part in parts {
                switch part {
                case .step(let step): step.built
                case .until(let condition, let steps):
                    Step.until(condition) { for step in steps { step.built } }
                }
            }
        }
    }

    // MARK: As a document

    var document: JSONValue {
        [
            "name": "chance", "state": ["n": 0, "list": [1, 2, 3]], "output": "${state}",
            "flow": Self.document(of: parts),
        ]
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

struct RandomStep {
    indirect enum Kind {
        case call(String), command, set, wait, timer, approval, input, fail
        case parallel([RandomStep], branch: [RandomStep], collects: Bool)
        case forEach([RandomStep], maxConcurrency: Int?)
    }

    var name: String
    var kind: Kind
    /// Where it goes on a condition, and whether that is followed by a way without one.
    var way: (condition: String, target: String)?
    var ends = false
    var retries = false
    var ignoresErrors = false

    var built: Step {
        var step = plain
        if retries { step = step.retry(Retry(attempts: 2, delay: .milliseconds(50))) }
        if ignoresErrors { step = step.onError("END") }
        if let way { step = step.next(way.target, when: way.condition) }
        if ends { step = step.next("END") }
        return step
    }

    private var plain: Step {
        switch kind {
        case .call(let handler): return .call(name, handler, with: ["n": "${state.n}"]).timeout(.seconds(3))
        case .command: return .command(name, "make", name, environment: ["A": "${run.id}"])
        case .set: return .set(name, ["n": "${state.n + 1}"])
        case .wait: return .wait(name, for: .signal("go"), or: .duration(.milliseconds(20)))
        case .timer: return .wait(name, for: .moment("2026-01-01T00:00:05Z"))
        case .approval:
            let policy = ApprovalPolicy(approvers: ["ann"], expiresAfter: .seconds(9))
            return .approval(name, "Go on with ${state.n}?", show: ["n": "${state.n}"], policy: policy)
        case .input:
            return .input(name, "How many?", schema: ["type": "integer"], default: 1, expiresAfter: .seconds(1))
        case .fail: return .fail(name, kind: "test.ended", "It ends with ${state.n}.")
        case .parallel(let steps, let branch, let collects):
            return .parallel(name, failureStrategy: collects ? .collectAll : .failFast) {
                for step in steps { step.built }
                if !branch.isEmpty {
                    Branch("branch", output: "${state.n}") { for step in branch { step.built } }
                }
            }
        case .forEach(let steps, let maxConcurrency):
            return .forEach(name, in: "${state.list}", as: "one", maxConcurrency: maxConcurrency) {
                for step in steps { step.built }
            }
        }
    }

    func document(before following: String) -> JSONValue {
        var members = members
        if let way {
            var ways: [JSONValue] = [["when": .string(way.condition), "to": .string(way.target)]]
            switch kind {
            case .approval where !ends:
                ways += [["when": "result.status == 'approved'", "to": .string(following)], ["to": "END"]]
            default: ways.append(["to": .string(ends ? "END" : following)])
            }
            members["next"] = .array(ways)
        } else if ends {
            members["next"] = "END"
        } else if case .fail = kind {
        } else {
            members["next"] = .string(following)
        }
        return .object(members)
    }

    var members: JSONObject {
        var members = plainMembers
        if retries { members["retry"] = ["attempts": 2, "delayMs": 50, "backoff": "fixed"] }
        if ignoresErrors { members["onError"] = "END" }
        return members
    }

    private var plainMembers: JSONObject {
        switch kind {
        case .call(let handler):
            return ["call": .string(handler), "with": ["n": "${state.n}"], "timeoutMs": 3000]
        case .command: return ["command": ["make", .string(name)], "env": ["A": "${run.id}"]]
        case .set: return ["set": ["n": "${state.n + 1}"]]
        case .wait: return ["wait": [["signal": "go"], ["durationMs": 20]]]
        case .timer: return ["wait": ["until": "2026-01-01T00:00:05Z"]]
        case .approval:
            return [
                "approval": [
                    "message": "Go on with ${state.n}?", "show": ["n": "${state.n}"], "approvers": ["ann"],
                    "required": 1, "expiresAfterMs": 9000,
                ]
            ]
        case .input:
            let schema: JSONValue = ["type": "integer"]
            return ["input": ["prompt": "How many?", "schema": schema, "default": 1, "expiresAfterMs": 1000]]
        case .fail: return ["fail": ["kind": "test.ended", "message": "It ends with ${state.n}."]]
        case .parallel(let steps, let branch, let collects):
            var branches = JSONObject(steps.map { ($0.name, .object($0.members)) })
            if !branch.isEmpty {
                branches["branch"] = ["flow": RandomFlow.branch(of: branch)["flow"] ?? .null, "output": "${state.n}"]
            }
            var members: JSONObject = ["parallel": .object(branches)]
            if collects { members["failureStrategy"] = "collect-all" }
            return members
        case .forEach(let steps, let maxConcurrency):
            var members: JSONObject = ["in": "${state.list}", "as": "one", "do": RandomFlow.block(of: steps)]
            members["maxConcurrency"] = maxConcurrency.map { JSONValue($0) }
            return ["forEach": .object(members)]
        }
    }
}

struct RandomFlowMaker {
    var random: SeededRandom
    private var count = 0

    init(random: SeededRandom) { self.random = random }

    mutating func parts(depth: Int) -> [RandomFlow.Part] {
        var parts: [RandomFlow.Part] = []
        for _ in 0..<random.number(1...5) {
            if random.chance(0.15) {
                let steps = (0..<random.number(1...3)).map { _ in step(depth: 0) }
                parts.append(.until("iteration >= \(random.number(1...3))", steps))
            } else {
                parts.append(.step(step(depth: depth)))
            }
        }
        let names = parts.map(\.firstName)
        for index in parts.indices {
            guard case .step(var step) = parts[index] else { continue }
            let later = Array(names[(index + 1)...]) + ["END"]
            if random.chance(0.3) { step.way = (random.pick(["state.n > 1", "iteration == 2"]), random.pick(later)) }
            step.ends = random.chance(0.1)
            parts[index] = .step(step)
        }
        return parts
    }

    private mutating func step(depth: Int) -> RandomStep {
        count += 1
        let name = "s\(count)"
        var step = RandomStep(name: name, kind: kind(depth: depth))
        if case .call = step.kind {
            step.retries = random.chance(0.5)
            step.ignoresErrors = random.chance(0.3)
        }
        return step
    }

    private mutating func kind(depth: Int) -> RandomStep.Kind {
        switch random.number(depth == 0 ? 0...7 : 0...11) {
        case 0, 1: return .call(random.pick(["work", "flaky", "broken", "work"]))
        case 2: return .command
        case 3: return .set
        case 4: return .wait
        case 5: return .timer
        case 6: return random.chance(0.5) ? .approval : .input
        case 7: return random.chance(0.2) ? .fail : .set
        case 8, 9:
            let steps = (0..<random.number(1...3)).map { _ in step(depth: depth - 1) }
            let branch = (0..<random.number(0...2)).map { _ in step(depth: depth - 1) }
            return .parallel(steps, branch: branch, collects: random.chance(0.5))
        default:
            let steps = (0..<random.number(1...3)).map { _ in step(depth: depth - 1) }
            return .forEach(steps, maxConcurrency: random.chance(0.5) ? random.number(1...2) : nil)
        }
    }
}
