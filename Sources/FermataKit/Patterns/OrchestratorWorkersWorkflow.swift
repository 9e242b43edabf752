import JSON
import WorkflowModel

/// A workflow that makes a plan, has workers do its steps, as many at once as can be, and makes one thing of what they left.
public protocol OrchestratorWorkersWorkflow: Workflow {
    /// What a run is given.
    associatedtype Input
    /// What a run leaves.
    associatedtype Output
    /// What a worker is given.
    associatedtype Job: Codable & Sendable
    /// What a worker leaves.
    associatedtype Report: Codable & Sendable

    /// Says what is to be done.
    func plan(_ input: Input, in context: Context) async throws -> Plan<Job>
    /// Does one step of the plan; `earlier` is what those left that it depends on.
    func delegate(
        _ step: PlanStep<Job>, after earlier: [WorkerResult<Report>], in context: Context
    ) async throws -> Report
    /// Makes the output of what the workers left, in the plan's order.
    func synthesize(
        _ results: [WorkerResult<Report>], _ plan: Plan<Job>, in context: Context
    ) async throws -> Output
    /// How many steps are done at once; all that can be without a declaration.
    var maxConcurrency: Int { get }
    /// What a failure means for the others; `failFast` without a declaration.
    var failureStrategy: FailureStrategy { get }
}

/// What is to be done, and in which order.
public struct Plan<Job: Codable & Sendable>: Codable, Sendable {
    /// What it is all for.
    public var goal: String
    /// The parts. None may wait for itself, directly or not.
    public var steps: [PlanStep<Job>]

    /// A plan of some steps.
    public init(goal: String, steps: [PlanStep<Job>]) {
        self.goal = goal
        self.steps = steps
    }
}

/// One part of a plan.
public struct PlanStep<Job: Codable & Sendable>: Codable, Sendable, Identifiable {
    /// What others depend on it by; unique in the plan.
    public var id: String
    /// What is to be done.
    public var description: String
    /// Who is to do it.
    public var worker: String
    /// What they are given.
    public var input: Job
    /// The ids of the steps that must be done before.
    public var dependsOn: [String]

    /// A step for a worker.
    public init(id: String, description: String = "", worker: String, input: Job, dependsOn: [String] = []) {
        self.id = id
        self.description = description
        self.worker = worker
        self.input = input
        self.dependsOn = dependsOn
    }
}

/// What became of a plan's step.
public struct WorkerResult<Report: Codable & Sendable>: Codable, Sendable {
    /// The plan's step.
    public var stepId: String
    /// Who did it.
    public var worker: String
    /// Whether it was done.
    public var success: Bool
    /// What it left.
    public var data: Report?
    /// Why it was not done.
    public var error: String?
}

extension OrchestratorWorkersWorkflow {
    public var maxConcurrency: Int { .max }
    public var failureStrategy: FailureStrategy { .failFast }

    public func execute(_ input: Input, in context: Context) async throws -> Output {
        let plan = try await context.member("plan") { context in
            let made = try await self.plan(input, in: context)
            _ = try made.dependencies
            return made
        }
        let (steps, dependencies) = (plan.steps, try plan.dependencies)
        let settled = Settled<Report>()
        let results = try await context.gather(
            steps.count, keys: steps.map(\.id), after: dependencies, limit: maxConcurrency, failureStrategy
        ) { place in
            let step = steps[place]
            let earlier = dependencies.before[place].map { steps[$0] }.map { $0.result(of: settled[$0.id]) }
            let report = try await context.member("delegate.\(step.id)") {
                try await delegate(step, after: earlier, in: $0)
            }
            settled[step.id] = report
            return report
        }
        let reports = zip(steps, results).map { $0.result(of: $1) }
        return try await context.member("synthesize") { try await synthesize(reports, plan, in: $0) }
    }
}

extension Plan {
    /// What each step waits for. Throws what is wrong with the plan.
    fileprivate var dependencies: Dependencies {
        get throws {
            do {
                let checked = try WorkflowModel.Plan.check(try JSONCoding.encode(self), workers: steps.map(\.worker))
                let before = (checked["steps"]?.array ?? []).map { $0["dependsOn"] ?? [] }
                return try Dependencies.read(before, keys: steps.map(\.id), in: .plan)
            } catch let failure as Failure {
                throw WorkflowFailure(failure)
            }
        }
    }
}

extension PlanStep {
    fileprivate func result<Report>(of report: Report?) -> WorkerResult<Report> {
        WorkerResult(stepId: id, worker: worker, success: report != nil, data: report)
    }

    fileprivate func result<Report>(of result: Result<Report, WorkflowFailure>) -> WorkerResult<Report> {
        switch result {
        case .success(let report): self.result(of: report)
        case .failure(let failure): WorkerResult(stepId: id, worker: worker, success: false, error: failure.message)
        }
    }
}
