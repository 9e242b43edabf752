import JSON
import WorkflowModel

/// A workflow written as its steps and the ways between them: exactly a document, in Swift.
///
/// Each step goes on to the one below it, unless it says where it goes; the last one goes to `END`.
///
/// ```swift
/// let deploy = try Flow("deploy", output: "${state.artifact}") {
///     Step.call("build", with: ["repo": "${input.repo}"]).set(["artifact": "${result.path}"])
///     Step.command("test", "make", "test").retry(Retry(attempts: 3)).onError("fix")
///     Step.approval("release", "Deploy ${state.artifact}?").next("fix", when: "result.status == 'expired'")
///     Step.call("ship").next("END")
///     Step.agent("fix", "coder", prompt: "The tests fail: ${steps.test.result.stderr}").next("test")
/// }
/// ```
///
/// Whatever the engine does with a document it does with a flow: diagrams, validation and journal are the same.
public struct Flow: Sendable {
    /// What its runs go by in the store.
    public let name: String
    /// The document that this is.
    public let document: JSON
    /// What is doubtful, and yet no mistake: steps that nobody reaches, for example.
    public let warnings: [FlowProblem]
    /// What its steps do here.
    let bodies: [StepBody]
    /// Every step there is, at any depth.
    let steps: [WorkflowModel.Step]

    /// A flow of steps.
    ///
    /// - Parameters:
    ///   - name: 1 to 128 letters, digits and the marks `.` `_` `-` `/`.
    ///   - description: What it is for.
    ///   - input: The JSON Schema that a run's input must fit.
    ///   - state: The members that the state begins with.
    ///   - output: What a run leaves; without it the last step's result.
    ///   - redact: Paths to what is hidden in whatever leaves the engine: `["input.password"]`.
    ///   - agents: Models with their instructions, by the names that ``Step/agent(_:_:prompt:)`` uses.
    ///   - steps: The steps, the first one first.
    ///   - cleanup: Steps that run when a run is cancelled, before it ends.
    /// - Throws: ``InvalidFlow`` with everything that is wrong, such as ways to steps that are not there.
    public init(
        _ name: String, description: String? = nil, input: JSON? = nil, state: JSON? = nil, output: JSON? = nil,
        redact: [String] = [], agents: JSON? = nil, @FlowBuilder steps: () -> [Step],
        @FlowBuilder cleanup: () -> [Step] = { [] }
    ) throws(InvalidFlow) {
        var document: JSONObject = ["name": .string(name)]
        document["description"] = description.map { .string($0) }
        document["input"] = input?.value
        document["state"] = state?.value
        document["output"] = output?.value
        if !redact.isEmpty { document["redact"] = .array(redact.map { .string($0) }) }
        document["agents"] = agents?.value
        let (steps, cleanup) = (StepList(steps()), StepList(cleanup()))
        document["flow"] = .object(steps.document(in: name))
        if !cleanup.steps.isEmpty { document["cleanup"] = .object(cleanup.document(in: name)) }
        let root = JSONPointer()
        var inside = steps.inside(at: root.appending("flow"))
        inside += cleanup.inside(at: root.appending("cleanup"))
        try self.init(JSON(.object(document)), inside)
    }

    /// The flow of a document, as `workflows.md` of the protocol describes it.
    ///
    /// - Throws: ``InvalidFlow`` with everything that is wrong.
    public init(document: JSON) throws(InvalidFlow) {
        try self.init(document, StepInside())
    }

    private init(_ document: JSON, _ inside: StepInside) throws(InvalidFlow) {
        let alsoWrong = inside.problems + inside.repeatedBodies
        let workflow: WorkflowModel.Workflow
        let warnings: [Problem]
        do throws(InvalidWorkflow) {
            (workflow, warnings) = try WorkflowModel.Workflow.parse(document.value)
        } catch {
            throw InvalidFlow(alsoWrong + error.problems)
        }
        guard alsoWrong.isEmpty else { throw InvalidFlow(alsoWrong + warnings) }
        name = workflow.name
        self.steps = workflow.allSteps
        self.document = document
        bodies = inside.bodies
        self.warnings = warnings.map { FlowProblem($0) }
    }
}

extension Flow: Hashable {
    /// Two flows are equal when their documents are.
    public static func == (left: Flow, right: Flow) -> Bool { left.document == right.document }

    public func hash(into hasher: inout Hasher) { hasher.combine(document) }
}
