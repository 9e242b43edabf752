package import Expressions
package import JSON

/// Steps and the ways between them: what a workflow, a branch, an item or a pattern is made of. A class, since every
/// scope that stands in it points to it.
package final class Flow: Sendable {
    package static let startName = "START"

    /// What a flow leaves when it has come to its end.
    package enum Result: Sendable {
        /// What its last step left.
        case lastResult
        case template(Template)
        /// The best draft of an evaluator and optimizer.
        case bestDraft
    }

    package let start: Target
    /// In the document's order.
    package let steps: [Step]
    package let result: Result
    /// Whether it is one step that stands where a flow could: that step bears its scope's own path.
    package let isSingleStep: Bool
    /// Names bound in the whole flow, such as the routes a classifier chooses from.
    package let bound: JSONObject
    /// How many steps there are to do, as far as the document tells.
    package let stepTotal: Int
    /// Where each name stands; nil where there are too few to look up.
    private let positions: [String: Int]?

    init(
        start: Target, steps: [Step], result: Result = .lastResult, isSingleStep: Bool = false, bound: JSONObject = [:]
    ) {
        self.start = start
        self.steps = steps
        self.result = result
        self.isSingleStep = isSingleStep
        self.bound = bound
        stepTotal = steps.reduce(0) { sum, step in step.kind.flows.reduce(sum + 1) { $0 + $1.flow.stepTotal } }
        positions =
            steps.count < 4
            ? nil : Dictionary(steps.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { _, last in last })
    }

    /// One step that ends where it is.
    package convenience init(single step: Step) {
        self.init(start: .step(step.name), steps: [step], isSingleStep: true)
    }

    package subscript(name: String) -> Step? {
        if let positions { return positions[name].map { steps[$0] } }
        return steps.last { $0.name == name }
    }
}

// MARK: What stands inside

extension Flow {
    /// Its steps and those of the flows within them, outer ones first; compensations, tools and verifications too.
    package var allSteps: [Step] {
        var found: [Step] = []
        collectSteps(into: &found)
        return found
    }

    private func collectSteps(into found: inout [Step]) {
        for step in steps {
            found.append(step)
            for (_, flow) in step.kind.flows { flow.collectSteps(into: &found) }
            if case .agent(let agent) = step.kind {
                Flow(start: .end, steps: agent.agent.steps).collectSteps(into: &found)
            }
            if let compensation = step.compensation { found.append(compensation) }
        }
    }
}

extension StepKind {
    /// The flows that run within a step of this kind, with the label of each: a branch's, a worker's or none.
    package var flows: [(label: String?, flow: Flow)] {
        switch self {
        case .parallel(let parallel): parallel.branches.map { ($0.name, $0.flow) }
        case .forEach(let forEach):
            switch forEach.body {
            case .flow(let flow): [(nil, flow)]
            case .workers(let workers): workers.map { ($0.name, $0.flow) }
            }
        case .pattern(let pattern): [(nil, pattern.flow)]
        case .call, .command, .agent, .tool, .workflow, .approval, .input, .wait, .set, .fail, .program, .hosted: []
        }
    }
}
