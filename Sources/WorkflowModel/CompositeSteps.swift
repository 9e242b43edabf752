package import Expressions
import JSON

/// What becomes of a step with several flows inside when one of them fails.
package enum FailureStrategy: String, Sendable, Hashable, CaseIterable {
    /// The step fails; what is still under way inside is withdrawn.
    case failFast = "fail-fast"
    /// The others go on, and the result tells of each.
    case collectAll = "collect-all"
}

/// Named branches that run at the same time.
package struct ParallelStep: Sendable {
    /// In the document's order.
    package var branches: [(name: String, flow: Flow)]
    package var failureStrategy: FailureStrategy
}

/// The same for each element of a list.
package struct ForEachStep: Sendable {
    package enum Body: Sendable {
        case flow(Flow)
        /// Each element names, as `worker`, which of these it is for.
        case workers([(name: String, flow: Flow)])
    }

    /// How the results are told.
    package enum ResultShape: Sendable, Hashable {
        /// The item's result; under collect-all `{status, result?, error?}`.
        case items
        /// `{stepId, worker, success, data?, error?}`, for a plan's steps.
        case workers
        /// `{id, success, data?, error?, durationMs}`, for subtasks.
        case subtasks(includeFailures: Bool)
    }

    package var list: Template
    /// The name an element goes by inside; its place in the list is `index`.
    package var itemName: String
    package var body: Body
    /// How many may be under way at once; nil leaves it to the run.
    package var maxConcurrency: Int?
    package var failureStrategy: FailureStrategy
    /// What an element is called by those that depend on it; without it its place in the list.
    package var key: Template?
    /// The keys of the elements that must be done before this one starts.
    package var dependencies: Template?
    package var resultShape: ResultShape
}

/// The four ways to put models and workers together.
package enum Pattern: String, Sendable, Hashable, CaseIterable {
    case routing, orchestratorWorkers, parallelization, evaluatorOptimizer

    /// Names that are bound in some of the patterns' steps, beside those of everywhere.
    static let boundNames = ["item", "index", "results", "routes", "workers", "criteria", "draft"]

    /// The steps of the flow that a pattern becomes, as its document has them.
    func steps(of body: JSONObject) -> JSONObject {
        var steps: JSONObject = [:]
        switch self {
        case .routing:
            steps["classify"] = body["classify"]
            for (key, value) in body["routes"]?.object ?? [:] { steps[key] = value }
        case .orchestratorWorkers:
            for name in ["plan", "delegate", "synthesize"] { steps[name] = body[name] ?? [:] }
        case .parallelization:
            for name in ["split", "each", "merge"] { steps[name] = body[name] ?? [:] }
        case .evaluatorOptimizer:
            for name in ["generate", "evaluate", "optimize"] { steps[name] = body[name] ?? [:] }
        }
        return steps
    }
}

/// A pattern that stands as a step: its flow runs inside.
package struct PatternStep: Sendable {
    package var pattern: Pattern
    package var flow: Flow
}
