import FermataKit
import FermataTesting
import Testing

@Suite("The four patterns")
struct PatternTests {
    let test = TestFermata(models: ["judge": { $0.hasSuffix("!!") ? "0.9" : "0.5" }, "clerk": { _ in "billing" }])

    @Test("Routing: what a model says decides the way")
    func routing() async throws {
        #expect(
            try await Support().run("My bill is wrong", on: test.fermata).start().result == "billing: My bill is wrong")
    }

    @Test("Orchestrator and workers: in the plan's order, with what came before")
    func orchestrator() async throws {
        #expect(try await Research().run("tea", on: test.fermata).start().result == "find(tea) write(find(tea))")
    }

    @Test(
        "A plan that is none starts no worker",
        arguments: [
            (["a": ["b"], "b": ["a"]], "plan.cycle"), (["a": ["c"]], "plan.unknownDependency"),
        ])
    func badPlans(dependencies: [String: [String]], kind: String) async throws {
        let failure = await #expect(throws: WorkflowFailure.self) {
            try await Planned(dependencies: dependencies).run("", on: test.fermata).start().result
        }
        #expect(failure?.kind == kind)
    }

    @Test("Parallelization: parts that fail are told, or left out")
    func parallelization() async throws {
        #expect(try await Words().run("one two three", on: test.fermata).start().result == ["ONE", "no two", "THREE"])
    }

    @Test("Evaluator and optimizer: until the draft is good enough")
    func evaluator() async throws {
        #expect(try await Refine().run("Hi", on: test.fermata).start().result == "Hi!!")
    }

    @Test("Each pattern resumes after every crash to the same output")
    func crashes() async throws {
        let models: [String: @Sendable (String) -> String] = [
            "judge": { $0.hasSuffix("!!") ? "0.9" : "0.5" }, "clerk": { _ in "billing" },
        ]
        try await TestFermata.crashEverywhere(Support(), "My bill is wrong", models: models)
        try await TestFermata.crashEverywhere(Research(), "tea", models: models)
        try await TestFermata.crashEverywhere(Words(), "one two three", models: models)
        try await TestFermata.crashEverywhere(Refine(), "Hi", models: models)
    }
}

private struct Support: RoutingWorkflow {
    let routes: [String: Route<String, String>] = [
        "billing": Route("Money") { input, context in try await context.step("answer") { "billing: " + input } },
        "other": Route("The rest", isDefault: true) { input, _ in input },
    ]

    func classify(_ input: String, in context: Context) async throws -> String {
        try await context.agent("scripted/clerk", input)
    }
}

private struct Research: OrchestratorWorkersWorkflow {
    func plan(_ topic: String, in context: Context) async throws -> Plan<String> {
        Plan(
            goal: topic,
            steps: [
                PlanStep(id: "write", worker: "writer", input: "", dependsOn: ["find"]),
                PlanStep(id: "find", worker: "finder", input: topic),
            ])
    }

    func delegate(
        _ step: PlanStep<String>, after earlier: [WorkerResult<String>], in context: Context
    ) async throws -> String {
        let given = earlier.compactMap(\.data).joined() + step.input
        return try await context.step("work") { "\(step.id)(\(given))" }
    }

    func synthesize(
        _ results: [WorkerResult<String>], _ plan: Plan<String>, in context: Context
    ) async throws -> String {
        results.reversed().compactMap(\.data).joined(separator: " ")
    }
}

private struct Planned: OrchestratorWorkersWorkflow {
    let dependencies: [String: [String]]

    func plan(_ topic: String, in context: Context) async throws -> Plan<String> {
        Plan(
            goal: topic,
            steps: dependencies.sorted { $0.key < $1.key }.map {
                PlanStep(id: $0.key, worker: "any", input: "", dependsOn: $0.value)
            })
    }

    func delegate(
        _ step: PlanStep<String>, after earlier: [WorkerResult<String>], in context: Context
    ) async throws -> String {
        Issue.record("A worker was started.")
        return ""
    }

    func synthesize(
        _ results: [WorkerResult<String>], _ plan: Plan<String>, in context: Context
    ) async throws -> String { "" }
}

private struct Words: ParallelizationWorkflow {
    let failureStrategy = FailureStrategy.collectAll

    func split(_ text: String, in context: Context) async throws -> [Subtask<String>] {
        text.split(separator: " ").map { Subtask(id: String($0), input: String($0)) }
    }

    func parallel(_ subtask: Subtask<String>, in context: Context) async throws -> String {
        if subtask.id == "two" { throw WorkflowFailure(kind: "test.two", message: "no two") }
        return subtask.input.uppercased()
    }

    func merge(_ results: [SubtaskResult<String>], in context: Context) async throws -> [String] {
        results.map { $0.data ?? $0.error ?? "" }
    }
}

private struct Refine: EvaluatorOptimizerWorkflow {
    let threshold: Double? = 0.8

    func generate(_ prompt: String, in context: Context) async throws -> String { prompt }

    func evaluate(_ draft: String, _ prompt: String, in context: Context) async throws -> Evaluation {
        Evaluation(score: Double(try await context.agent("scripted/judge", draft)) ?? 0)
    }

    func optimize(
        _ draft: String, _ evaluation: Evaluation, _ prompt: String, in context: Context
    ) async throws -> String { draft + "!" }
}
