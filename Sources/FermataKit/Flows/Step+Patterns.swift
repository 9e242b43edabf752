import JSON
import WorkflowModel

// The four patterns. In a run their parts are called `classify`, `plan` and so on; the names that they have here count for
// bodies alone.

extension Step {
    /// One step says which of several routes is taken.
    ///
    /// ```swift
    /// Step.routing("answer", classify: .agent("classify", "clerk", prompt: "Which of ${routes} is ${input} about?")) {
    ///     Step.call("bill").route("Questions about bills", examples: ["Why so much?"])
    ///     Step.call("other").route("Whatever else there is", isDefault: true)
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - name: What the step is called.
    ///   - classify: The step that says the name of a route.
    ///   - routes: Steps with what ``Step/route(_:whenToUse:examples:isDefault:)`` tells of them.
    public static func routing(_ name: String, classify: Step, @BranchBuilder routes: () -> [Branch]) -> Step {
        pattern("routing", name, ["classify": classify], branches: ("routes", routes()))
    }

    /// One step makes a plan, workers do its parts, and another step makes one of what they leave.
    ///
    /// - Parameters:
    ///   - name: What the step is called.
    ///   - plan: The step that says the plan; it sees `workers`.
    ///   - synthesize: The step that gets, as `result`, what became of each part.
    ///   - maxConcurrency: How many parts may be under way at once.
    ///   - failureStrategy: Whether the first failure ends the step.
    ///   - workers: Who does a part, which is `item`; ``Step/worker(_:capabilities:)`` tells of them.
    public static func orchestratorWorkers(
        _ name: String, plan: Step, synthesize: Step, maxConcurrency: Int? = nil,
        failureStrategy: FailureStrategy? = nil, @BranchBuilder workers: () -> [Branch]
    ) -> Step {
        pattern(
            "orchestratorWorkers", name, ["plan": plan, "synthesize": synthesize], branches: ("workers", workers()),
            limits(maxConcurrency, failureStrategy))
    }

    /// The same for each subtask of a list, and one of what they leave.
    ///
    /// - Parameters:
    ///   - name: What the step is called.
    ///   - split: The step that says the list.
    ///   - each: What is done for a subtask, which is `item`.
    ///   - merge: The step that gets, as `result`, what became of each subtask.
    ///   - maxConcurrency: How many subtasks may be under way at once.
    ///   - failureStrategy: Whether the first failure ends the step.
    ///   - includeFailures: Whether `merge` sees those that failed.
    public static func parallelization(
        _ name: String, split: Step, each: Step, merge: Step, maxConcurrency: Int? = nil,
        failureStrategy: FailureStrategy? = nil, includeFailures: Bool = true
    ) -> Step {
        var options = limits(maxConcurrency, failureStrategy)
        if !includeFailures { options["includeFailures"] = false }
        return pattern("parallelization", name, ["split": split, "each": each, "merge": merge], options)
    }

    /// A draft is made, judged, and made better, until it is good enough.
    ///
    /// - Parameters:
    ///   - name: What the step is called.
    ///   - generate: The step that makes the first draft.
    ///   - evaluate: The step that judges the draft, which it sees as `result`.
    ///   - optimize: The step that makes a better one of `draft`; it sees the judgement as `result`.
    ///   - threshold: From which score on a draft is good enough.
    ///   - maxIterations: How often it is judged; 3 without it.
    ///   - criteria: What it is judged by: `[["name": "clear", "weight": 2]]`.
    public static func evaluatorOptimizer(
        _ name: String, generate: Step, evaluate: Step, optimize: Step, threshold: Double? = nil,
        maxIterations: Int? = nil, criteria: JSON? = nil
    ) -> Step {
        var options: JSONObject = [:]
        options["threshold"] = threshold.flatMap { JSONValue($0) }
        options["maxIterations"] = maxIterations.map { JSONValue($0) }
        options["criteria"] = criteria?.value
        return pattern(
            "evaluatorOptimizer", name, ["generate": generate, "evaluate": evaluate, "optimize": optimize], options)
    }

    /// What is told of a route to the step that chooses.
    public func route(
        _ description: String, whenToUse: [String] = [], examples: [String] = [], isDefault: Bool = false
    ) -> Step {
        var step = self.description(description)
        if !whenToUse.isEmpty { step = step.setting("whenToUse", to: .array(whenToUse.map { .string($0) })) }
        if !examples.isEmpty { step = step.setting("examples", to: .array(examples.map { .string($0) })) }
        return isDefault ? step.setting("default", to: true) : step
    }

    /// What is told of a worker to the step that plans.
    public func worker(_ description: String, capabilities: [String] = []) -> Step {
        let step = self.description(description)
        return capabilities.isEmpty
            ? step : step.setting("capabilities", to: .array(capabilities.map { .string($0) }))
    }

    private static func limits(_ maxConcurrency: Int?, _ failureStrategy: FailureStrategy?) -> JSONObject {
        var options: JSONObject = [:]
        options["maxConcurrency"] = maxConcurrency.map { JSONValue($0) }
        options["failureStrategy"] = failureStrategy.map { .string($0.rawValue) }
        return options
    }

    private static func pattern(
        _ pattern: String, _ name: String, _ parts: KeyValuePairs<String, Step>,
        branches: (member: String, list: [Branch])? = nil, _ options: JSONObject = [:]
    ) -> Step {
        let (member, list) = branches ?? ("", [])
        var step = Step(name, [:]).setting(pattern) { flow in
            var members: JSONObject = [:]
            for (part, step) in parts { members[part] = .object(step.document(in: flow, before: nil)) }
            let written = list.map { ($0.name, JSONValue.object($0.document(in: flow))) }
            if !member.isEmpty { members[member] = .object(JSONObject(written)) }
            for (option, value) in options { members[option] = value }
            return .object(members)
        }
        let place = JSONPointer().appending(pattern)
        for (part, made) in parts { step.inside += made.inside.moved(below: place.appending(part)) }
        let below = place.appending(member)
        step.inside += StepInside(names: list.map(\.name), at: below)
        for branch in list { step.inside += branch.inside.moved(below: below.appending(branch.name)) }
        return step
    }
}
