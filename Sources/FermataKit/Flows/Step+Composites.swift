import JSON
import WorkflowModel

// The kinds of step that hold others.

extension Step {
    /// Branches that run at the same time; its result has what each left, by its name.
    ///
    /// ```swift
    /// Step.parallel("build") {
    ///     Step.command("linux", "make", "linux")
    ///     Branch("mac") {
    ///         Step.call("lease")
    ///         Step.call("make")
    ///     }
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - name: What the step is called.
    ///   - failureStrategy: Whether the first failure ends the step.
    ///   - branches: Steps and branches, of which each is a branch.
    public static func parallel(
        _ name: String, failureStrategy: FailureStrategy = .failFast, @BranchBuilder _ branches: () -> [Branch]
    ) -> Step {
        let branches = branches()
        var step = Step(name, [:]).setting("parallel") { flow in
            .object(JSONObject(branches.map { ($0.name, .object($0.document(in: flow))) }))
        }
        if failureStrategy != .failFast { step = step.setting("failureStrategy", to: failureStrategy.json) }
        let place = JSONPointer().appending("parallel")
        step.inside = StepInside(names: branches.map(\.name), at: place)
        for branch in branches { step.inside += branch.inside.moved(below: place.appending(branch.name)) }
        return step
    }

    /// The same for each element of a list; its result is the list of what each left.
    ///
    /// - Parameters:
    ///   - name: What the step is called.
    ///   - list: The list, or a `${…}` that gives it.
    ///   - element: What an element is called inside. Its place in the list is `index`.
    ///   - maxConcurrency: How many may be under way at once.
    ///   - failureStrategy: Whether the first failure ends the step.
    ///   - key: What an element goes by among those that depend on it: `"${item.id}"`.
    ///   - dependencies: The keys of those that must be done before: `"${item.after}"`.
    ///   - steps: What is done. One step alone goes by the name of this one.
    public static func forEach(
        _ name: String, in list: JSON, as element: String? = nil, maxConcurrency: Int? = nil,
        failureStrategy: FailureStrategy = .failFast, key: String? = nil, dependsOn dependencies: String? = nil,
        @FlowBuilder _ steps: () -> [Step]
    ) -> Step {
        let body = StepList(steps())
        var options: JSONObject = [:]
        options["maxConcurrency"] = maxConcurrency.map { JSONValue($0) }
        if failureStrategy != .failFast { options["failureStrategy"] = failureStrategy.json }
        options["key"] = key.map { .string($0) }
        options["dependsOn"] = dependencies.map { .string($0) }
        var step = Step(name, [:]).setting("forEach") { [options] flow in
            var members: JSONObject = ["in": list.value]
            members["as"] = element.map { .string($0) }
            members["do"] = .object(body.block(in: flow))
            for (member, value) in options { members[member] = value }
            return .object(members)
        }
        let place = JSONPointer().appending("forEach").appending("do")
        step.inside = body.inside(at: place.appending("flow"))
        return step
    }
}

/// What becomes of a step with several flows inside when one of them fails.
public enum FailureStrategy: String, Sendable, Hashable {
    /// The step fails, and what is still under way inside is withdrawn.
    case failFast = "fail-fast"
    /// The others go on, and the result tells of each.
    case collectAll = "collect-all"

    fileprivate var json: JSONValue { .string(rawValue) }
}

/// A branch of several steps, one after the other.
public struct Branch: Sendable {
    let name: String
    private let write: @Sendable (_ flow: String) -> JSONObject
    let inside: StepInside

    /// A branch that leaves `output`, or what its last step left.
    public init(_ name: String, output: JSON? = nil, @FlowBuilder steps: () -> [Step]) {
        let steps = StepList(steps())
        self.name = name
        write = { flow in
            var document: JSONObject = ["flow": .object(steps.document(in: flow))]
            document["output"] = output?.value
            return document
        }
        inside = steps.inside(at: JSONPointer().appending("flow"))
    }

    init(_ step: Step) {
        name = step.name
        write = { step.document(in: $0, before: nil) }
        inside = step.inside
    }

    func document(in flow: String) -> JSONObject { write(flow) }
}

/// Puts branches beside each other.
@resultBuilder
public enum BranchBuilder {
    /// A step alone is a branch of its name.
    public static func buildExpression(_ step: Step) -> [Branch] { [Branch(step)] }
    /// One branch.
    public static func buildExpression(_ branch: Branch) -> [Branch] { [branch] }
    /// One beside the other.
    public static func buildBlock(_ branches: [Branch]...) -> [Branch] { branches.flatMap(\.self) }
    /// Those of an `if`.
    public static func buildOptional(_ branches: [Branch]?) -> [Branch] { branches ?? [] }
    /// Those of an `if` that holds.
    public static func buildEither(first branches: [Branch]) -> [Branch] { branches }
    /// Those of its `else`.
    public static func buildEither(second branches: [Branch]) -> [Branch] { branches }
    /// Those of a `for`.
    public static func buildArray(_ branches: [[Branch]]) -> [Branch] { branches.flatMap(\.self) }
}
