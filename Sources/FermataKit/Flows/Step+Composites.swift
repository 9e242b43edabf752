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
        var members: JSONObject = ["parallel": .object(JSONObject(branches.map { ($0.name, .object($0.document)) }))]
        members.say(failureStrategy)
        var step = Step(name, members)
        let place = JSONPointer().appending("parallel")
        step.repeatedNames =
            StepList.repeatedNames(branches.map(\.name), at: place)
            + branches.flatMap { branch in
                branch.repeatedNames.map { $0.moved(below: place.appending(branch.name)) }
            }
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
        var members: JSONObject = ["in": list.value]
        members["as"] = element.map { .string($0) }
        members["do"] = .object(body.block)
        members["maxConcurrency"] = maxConcurrency.map { JSONValue($0) }
        members.say(failureStrategy)
        members["key"] = key.map { .string($0) }
        members["dependsOn"] = dependencies.map { .string($0) }
        var step = Step(name, ["forEach": .object(members)])
        step.repeatedNames = body.repeatedNames(
            at: JSONPointer().appending("forEach").appending("do").appending("flow"))
        return step
    }
}

/// What becomes of a step with several flows inside when one of them fails.
public enum FailureStrategy: String, Sendable, Hashable {
    /// The step fails, and what is still under way inside is withdrawn.
    case failFast = "fail-fast"
    /// The others go on, and the result tells of each.
    case collectAll = "collect-all"
}

/// A branch of several steps, one after the other.
public struct Branch: Sendable {
    let name: String
    let document: JSONObject
    let repeatedNames: [Problem]

    /// A branch that leaves `output`, or what its last step left.
    public init(_ name: String, output: JSON? = nil, @FlowBuilder steps: () -> [Step]) {
        let steps = StepList(steps())
        var document: JSONObject = ["flow": .object(steps.document)]
        document["output"] = output?.value
        self.name = name
        self.document = document
        repeatedNames = steps.repeatedNames(at: JSONPointer().appending("flow"))
    }

    init(_ step: Step) {
        name = step.name
        document = step.document(before: nil)
        repeatedNames = step.repeatedNames
    }
}

/// Puts branches beside each other.
@resultBuilder
public enum BranchBuilder {
    public static func buildExpression(_ step: Step) -> [Branch] { [Branch(step)] }
    public static func buildExpression(_ branch: Branch) -> [Branch] { [branch] }
    public static func buildBlock(_ branches: [Branch]...) -> [Branch] { branches.flatMap(\.self) }
    public static func buildOptional(_ branches: [Branch]?) -> [Branch] { branches ?? [] }
    public static func buildEither(first branches: [Branch]) -> [Branch] { branches }
    public static func buildEither(second branches: [Branch]) -> [Branch] { branches }
    public static func buildArray(_ branches: [[Branch]]) -> [Branch] { branches.flatMap(\.self) }
}

extension JSONObject {
    fileprivate mutating func say(_ strategy: FailureStrategy) {
        if strategy != .failFast { self["failureStrategy"] = .string(strategy.rawValue) }
    }
}
