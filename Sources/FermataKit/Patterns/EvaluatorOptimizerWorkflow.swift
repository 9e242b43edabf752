/// A workflow that makes a draft, judges it, and makes it better until it is good enough.
public protocol EvaluatorOptimizerWorkflow: Workflow {
    /// What a run is given.
    associatedtype Input
    /// What a run leaves.
    associatedtype Output
    /// Makes the first draft.
    func generate(_ input: Input, in context: Context) async throws -> Output
    /// Judges a draft.
    func evaluate(_ draft: Output, _ input: Input, in context: Context) async throws -> Evaluation
    /// Makes a better draft of one, by what was said of it.
    func optimize(
        _ draft: Output, _ evaluation: Evaluation, _ input: Input, in context: Context
    ) async throws -> Output
    /// The score that is enough; without a declaration `evaluate` alone says what has passed.
    var threshold: Double? { get }
    /// How often a draft is judged, the first included; 3 without a declaration.
    var maxIterations: Int { get }
}

/// What was said of a draft.
public struct Evaluation: Codable, Sendable, Hashable {
    /// How good it is in one respect.
    public struct Criterion: Codable, Sendable, Hashable {
        /// The respect.
        public var name: String
        /// From 0 to 1.
        public var score: Double
        /// What could be better.
        public var feedback: String?

        /// A judgement in one respect.
        public init(name: String, score: Double, feedback: String? = nil) {
            self.name = name
            self.score = score
            self.feedback = feedback
        }
    }

    /// How good it is, from 0 to 1.
    public var score: Double
    /// Whether it is good enough.
    public var passed: Bool
    /// What could be better.
    public var feedback: String
    /// The same in each respect.
    public var criteria: [Criterion]

    /// A judgement.
    public init(score: Double, passed: Bool = false, feedback: String = "", criteria: [Criterion] = []) {
        self.score = score
        self.passed = passed
        self.feedback = feedback
        self.criteria = criteria
    }
}

extension EvaluatorOptimizerWorkflow {
    public var threshold: Double? { nil }
    public var maxIterations: Int { 3 }

    /// Leaves the best draft there was.
    public func execute(_ input: Input, in context: Context) async throws -> Output {
        var draft = try await context.member("generate") { try await generate(input, in: $0) }
        var best = (draft: draft, score: -Double.infinity)
        for iteration in 1...max(maxIterations, 1) {
            let judged = draft
            let evaluation = try await context.member("evaluate.\(iteration)") {
                try await evaluate(judged, input, in: $0)
            }
            if evaluation.score > best.score { best = (draft, evaluation.score) }
            if threshold.map({ evaluation.score >= $0 }) ?? evaluation.passed { return draft }
            guard iteration < maxIterations else { break }
            draft = try await context.member("optimize.\(iteration)") {
                try await optimize(judged, evaluation, input, in: $0)
            }
        }
        return best.draft
    }
}
