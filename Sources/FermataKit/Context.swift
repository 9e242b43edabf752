import JSON
import WorkflowEngine
import WorkflowModel

/// What a workflow does durably, it does with this; and the body of a flow's step says with it what it has to say.
///
/// Whatever has a name is a step: recorded when it ends, and not done again when the workflow is called anew. A name stands for one step of
/// a run. What has no name given is called after its kind, the second time with a number: `sleep`, `sleep#2`.
public struct Context: Sendable {
    let program: ProgramExecution
    /// What the names of steps begin with here.
    let scope: String

    init(_ program: ProgramExecution, scope: String = "") {
        self.program = program
        self.scope = scope
    }

    /// The id of the run.
    public var runID: String { program.runID }

    /// The same for every attempt of the step whose body runs, so that the outside can recognise a repetition; outside
    /// of steps the run's id.
    public var idempotencyKey: String { RunningStep.current?.idempotencyKey ?? runID }

    /// Which attempt of the step it is whose body runs, from 1; outside of steps 1. A body that is not wanted any more sees that its
    /// task is cancelled.
    public var attempt: Int { RunningStep.current?.attempt ?? 1 }

    /// The same context, whose steps' names begin with `name` and a dot: for what a workflow does several times.
    public func scoped(_ name: String) -> Context { Context(program, scope: scope + name + ".") }

    /// What somebody does once: its result is recorded, and given again instead of doing it again.
    ///
    /// - Parameters:
    ///   - name: What the step is called, once a run; 1 to 128 bytes without `/`, `[` and `]`.
    ///   - timeout: How long one attempt may take.
    ///   - retry: How often it is tried.
    ///   - onInterrupted: What happens after a crash within `body`.
    ///   - body: The work. It may have been begun before, and cut off.
    /// - Returns: What `body` gave, as it is read back from the journal.
    /// - Throws: ``WorkflowFailure`` of the last attempt.
    public func step<Result: Codable & Sendable>(
        _ name: String, timeout: Duration? = nil, retry: Retry? = nil, onInterrupted: Interruption = .retry,
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let key = scope + name
        let policy = policy(timeout, retry, onInterrupted)
        let output = try await program.run(key, policy) { try JSONCoding.encode(await body()) }
        return try decode(output, from: key)
    }

    /// A step that is done, and leaves nothing.
    public func step(
        _ name: String, timeout: Duration? = nil, retry: Retry? = nil, onInterrupted: Interruption = .retry,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        _ = try await program.run(scope + name, policy(timeout, retry, onInterrupted)) {
            try await body()
            return .null
        }
    }

    private func policy(_ timeout: Duration?, _ retry: Retry?, _ onInterrupted: Interruption) -> JSONObject {
        var members: JSONObject = [:]
        members["timeoutMs"] = timeout?.json
        members["retry"] = retry.map { .object($0.json) }
        if onInterrupted != .retry { members["onInterrupted"] = .string(onInterrupted.rawValue) }
        return members
    }

    // MARK: For those who add to it

    /// A step that the engine performs, as a document writes it.
    func perform(_ step: JSONObject, as name: String?, orLike kind: String) async throws -> (key: String, JSONValue) {
        let key = name.map { scope + $0 } ?? program.name(like: scope + kind)
        return (key, try await program.perform(.object(step), as: key))
    }

    func decode<Result: Decodable>(_ output: JSONValue, from key: String) throws -> Result {
        do {
            return try JSONCoding.decode(Result.self, from: output)
        } catch {
            throw WorkflowFailure.misuse(
                "output.invalid",
                "What is recorded of the step \"\(key)\" is no \(Result.self): \(JSONCoding.explanation(of: error))")
        }
    }
}

/// What happens to a step whose body was under way when everything was killed.
public enum Interruption: String, Sendable, Hashable {
    /// The body runs again.
    case retry
    /// A person is asked first.
    case ask
    /// The step has failed as `step.interrupted`.
    case fail
}
