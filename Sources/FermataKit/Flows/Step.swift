import JSON
import WorkflowModel

/// One step of a ``Flow``: a name, what it does, and how.
///
/// What it does is said by the function that makes it; how, by those that are called on it. Any text may hold `${…}`,
/// an expression of `input`, `state`, `result`, `steps`, `item`, `iteration` and `run`.
public struct Step: Sendable {
    let name: String
    /// As the document has them, but for `next`, given the flow's name.
    private var members: [(name: String, value: @Sendable (_ flow: String) -> JSONValue)]
    var ways: [Way] = []
    var inside = StepInside()

    /// A way on.
    struct Way: Sendable {
        var condition: String?
        /// Nil for the step below.
        var target: String?
    }

    /// A step as a document has it, for whatever has no function of its own here.
    public init(_ name: String, document: JSON) {
        self.init(name, document.value.object ?? ["document": document.value])
    }

    init(_ name: String, _ members: JSONObject) {
        self.name = name
        self.members = members.map { name, value in (name, { _ in value }) }
    }

    /// - Parameters:
    ///   - flow: The flow's name.
    ///   - following: The step below, or END; nil where the step stands alone, and goes nowhere.
    func document(in flow: String, before following: String?) -> JSONObject {
        var document = JSONObject(members.map { ($0.name, $0.value(flow)) })
        let goesNowhere = following == nil || document["next"] != nil || document["fail"] != nil
        guard !ways.isEmpty || !goesNowhere else { return document }
        let ways = document["approval"] == nil ? ways + fallThrough : ways + approvedFallThrough
        document["next"] = Self.next(ways, before: following ?? "END")
        return document
    }

    /// The way that order gives, where none is taken always.
    private var fallThrough: [Way] { ways.last.map { $0.condition == nil } ?? false ? [] : [Way()] }

    /// Beside others the way on has to say that it is for what was approved, as it is when it stands alone.
    private var approvedFallThrough: [Way] {
        if ways.isEmpty || fallThrough.isEmpty { return fallThrough }
        return [Way(condition: "result.status == 'approved'"), Way(target: "END")]
    }

    private static func next(_ ways: [Way], before following: String) -> JSONValue {
        if ways.count == 1, ways[0].condition == nil { return .string(ways[0].target ?? following) }
        return .array(
            ways.map { way in
                var choice: JSONObject = [:]
                choice["when"] = way.condition.map { .string($0) }
                choice["to"] = .string(way.target ?? following)
                return .object(choice)
            })
    }

    func setting(_ member: String, to value: JSONValue) -> Step { setting(member) { _ in value } }

    func setting(_ member: String, to value: @escaping @Sendable (_ flow: String) -> JSONValue) -> Step {
        var step = self
        step.members.removeAll { $0.name == member }
        step.members.append((member, value))
        return step
    }
}

// MARK: Where it goes

extension Step {
    /// Goes to another step than the one below, or to `"END"`.
    ///
    /// Of several ways the first whose condition holds is taken; where none does, the flow goes on below, and after an
    /// approval that was not given it ends.
    ///
    /// - Parameters:
    ///   - target: The name of a step of the same flow, or `"END"`.
    ///   - condition: When this way is taken, in CEL: `"result.status == 'approved'"`. Without one it always is.
    public func next(_ target: String, when condition: String? = nil) -> Step {
        var step = self
        step.ways.append(Way(condition: condition, target: target))
        return step
    }

    /// Where the flow goes when the last attempt has failed; without it the run fails.
    public func onError(_ target: String) -> Step { setting("onError", to: .string(target)) }

    /// Steps that are done again and again, until a condition holds after the last of them.
    ///
    /// ```swift
    /// Step.until("result.score > 0.8") {
    ///     Step.agent("draft", "writer", prompt: "Improve ${state.text}").set(["text": "${result.text}"])
    ///     Step.call("judge", with: "${state.text}")
    /// }
    /// ```
    public static func until(_ condition: String, @FlowBuilder _ steps: () -> [Step]) -> [Step] {
        var steps = steps()
        guard let first = steps.first, var last = steps.popLast() else { return [] }
        if last.ways.last.map({ $0.condition != nil }) ?? true { last.ways.append(Way()) }
        last.ways = last.ways.flatMap { way in
            guard way.target == nil else { return [way] }
            let both = way.condition.map { "(\($0)) && (\(condition))" } ?? condition
            return [Way(condition: both), Way(condition: way.condition, target: first.name)]
        }
        return steps + [last]
    }
}

// MARK: How it is done

extension Step {
    /// What the step is for.
    public func description(_ text: String) -> Step { setting("description", to: .string(text)) }

    /// Members of the state that change when the step is done, before the way on is chosen:
    /// `["artifact": "${result.path}"]`.
    public func set(_ state: JSON) -> Step { setting("set", to: state.value) }

    /// The JSON Schema that its result must fit.
    public func output(_ schema: JSON) -> Step { setting("output", to: schema.value) }

    /// How long one attempt may take.
    public func timeout(_ duration: Duration) -> Step { setting("timeoutMs", to: duration.json) }

    /// How long an attempt may stay silent.
    public func heartbeatTimeout(_ duration: Duration) -> Step { setting("heartbeatTimeoutMs", to: duration.json) }

    /// How often, and how soon, a failed attempt is tried again.
    public func retry(_ retry: Retry) -> Step { setting("retry", to: .object(retry.json)) }

    /// What happens to an attempt whose outcome nobody knows, after a crash for example.
    public func onInterrupted(_ interruption: Interruption) -> Step {
        setting("onInterrupted", to: .string(interruption.rawValue))
    }

    /// The step that undoes this one when the run fails or is cancelled later. Its name does not count.
    public func compensate(_ step: Step) -> Step {
        var compensated = setting("compensate") { .object(step.document(in: $0, before: nil)) }
        compensated.inside += step.inside.moved(below: JSONPointer().appending("compensate"))
        return compensated
    }
}
