/// A workflow that splits its work into parts that know nothing of each other, and merges what they left.
public protocol ParallelizationWorkflow: Workflow {
    /// What a run is given.
    associatedtype Input
    /// What a run leaves.
    associatedtype Output
    /// What a subtask is about.
    associatedtype Part: Codable & Sendable
    /// What a subtask leaves.
    associatedtype Piece: Codable & Sendable

    /// Says what the parts are.
    func split(_ input: Input, in context: Context) async throws -> [Subtask<Part>]
    /// Does one of the parts, beside the others.
    func parallel(_ subtask: Subtask<Part>, in context: Context) async throws -> Piece
    /// Makes the output of what the parts left, in their order.
    func merge(_ results: [SubtaskResult<Piece>], in context: Context) async throws -> Output
    /// How many are done at once; all without a declaration.
    var maxConcurrency: Int { get }
    /// What a failure means for the others; `failFast` without a declaration.
    var failureStrategy: FailureStrategy { get }
    /// Whether `merge` sees the parts that failed; true without a declaration.
    var includeFailures: Bool { get }
}

/// One part of the work.
public struct Subtask<Part: Codable & Sendable>: Codable, Sendable, Identifiable {
    /// What it is called; unique among the parts.
    public var id: String
    /// What it is about.
    public var input: Part

    /// A part with a name.
    public init(id: String, input: Part) {
        self.id = id
        self.input = input
    }
}

/// What became of a part.
public struct SubtaskResult<Piece: Codable & Sendable>: Codable, Sendable, Identifiable {
    /// The subtask's.
    public var id: String
    /// Whether it was done.
    public var success: Bool
    /// What it left.
    public var data: Piece?
    /// Why it was not done.
    public var error: String?
}

extension ParallelizationWorkflow {
    public var maxConcurrency: Int { .max }
    public var failureStrategy: FailureStrategy { .failFast }
    public var includeFailures: Bool { true }

    public func execute(_ input: Input, in context: Context) async throws -> Output {
        let subtasks = try await context.member("split") { try await split(input, in: $0) }
        let results = try await context.gather(subtasks.count, limit: maxConcurrency, failureStrategy) { place in
            let subtask = subtasks[place]
            return try await context.member("parallel.\(subtask.id)") { try await parallel(subtask, in: $0) }
        }
        let settled = zip(subtasks, results).map { subtask, result in
            switch result {
            case .success(let piece): SubtaskResult(id: subtask.id, success: true, data: piece)
            case .failure(let failure): SubtaskResult<Piece>(id: subtask.id, success: false, error: failure.message)
            }
        }
        let merged = includeFailures ? settled : settled.filter(\.success)
        return try await context.member("merge") { try await merge(merged, in: $0) }
    }
}
