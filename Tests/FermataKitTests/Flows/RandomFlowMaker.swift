import Simulator

/// Makes flows, the same from the same chance.
struct RandomFlowMaker {
    var random: SeededRandom
    private var count = 0

    init(random: SeededRandom) { self.random = random }

    mutating func parts(depth: Int) -> [RandomFlow.Part] {
        var parts: [RandomFlow.Part] = []
        for _ in 0..<random.number(1...5) {
            if random.chance(0.15) {
                parts.append(.until("iteration >= \(random.number(1...3))", steps(1...3, depth: 0)))
            } else {
                parts.append(.step(step(depth: depth)))
            }
        }
        let names = parts.map(\.firstName)
        for index in parts.indices {
            guard case .step(var step) = parts[index] else { continue }
            if random.chance(0.05) {
                step = RandomStep(name: step.name, kind: .written)
            } else {
                let later = Array(names[(index + 1)...]) + ["END"]
                if random.chance(0.3) {
                    step.way = (random.pick(["state.n > 1", "iteration == 2"]), random.pick(later))
                }
                step.ends = random.chance(0.1)
            }
            parts[index] = .step(step)
        }
        return parts
    }

    mutating func steps(_ count: ClosedRange<Int>, depth: Int) -> [RandomStep] {
        (0..<random.number(count)).map { _ in step(depth: depth) }
    }

    private mutating func step(depth: Int) -> RandomStep {
        count += 1
        var step = RandomStep(name: "s\(count)", kind: kind(depth: depth))
        switch step.kind {
        case .call, .body, .agent, .tool, .child:
            step.retries = random.chance(0.5)
            step.ignoresErrors = random.chance(0.3)
            for mark in RandomStep.Mark.allCases where random.chance(0.2) { step.marks.insert(mark) }
        case .forEach, .routing, .parallelization:
            if random.chance(0.3) { step.marks.insert(.limits) }
        default: break
        }
        return step
    }

    private mutating func kind(depth: Int) -> RandomStep.Kind {
        switch random.number(depth == 0 ? 0...10 : 0...18) {
        case 0: return .call(random.pick(["work", "flaky", "broken", "work"]))
        case 1: return random.chance(0.5) ? .body : .call("flaky")
        case 2: return .command
        case 3: return .set
        case 4: return .wait
        case 5: return .timer
        case 6: return random.chance(0.5) ? .approval : .input
        case 7: return random.chance(0.2) ? .fail : .set
        case 8: return .agent(isNamed: random.chance(0.5))
        case 9: return .tool
        case 10: return .child
        case 11, 12:
            let steps = steps(1...3, depth: depth - 1)
            return .parallel(steps, branch: self.steps(0...2, depth: depth - 1), collects: random.chance(0.5))
        case 13, 14:
            let maxConcurrency = random.chance(0.5) ? random.number(1...2) : nil
            return .forEach(
                steps(1...3, depth: depth - 1), maxConcurrency: maxConcurrency, isOrdered: random.chance(0.4))
        case 15: return .routing(alone(1...3))
        case 16: return .orchestratorWorkers(alone(1...2), maxConcurrency: random.chance(0.5) ? 1 : nil)
        case 17: return .parallelization(alone(1...1)[0], collects: random.chance(0.5))
        default:
            let threshold = random.chance(0.5) ? 0.75 : nil
            return .evaluatorOptimizer(threshold: threshold, maxIterations: random.chance(0.5) ? 2 : nil)
        }
    }

    /// Steps that go nowhere, as parts of patterns do.
    private mutating func alone(_ count: ClosedRange<Int>) -> [RandomStep] {
        steps(count, depth: 0).map { step in
            var step = step
            step.ignoresErrors = false
            return step
        }
    }
}
