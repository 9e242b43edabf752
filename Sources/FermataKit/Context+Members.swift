import WorkflowModel

extension Context {
    /// One member of a pattern, recorded when it ends. What has no steps of its own is not done again then, as a step is
    /// not; what has some is gone through again, and finds them recorded.
    func member<Value: Codable & Sendable>(
        _ name: String, _ body: @Sendable (Context) async throws -> Value
    ) async throws -> Value {
        if try await program.hasRecorded(scope + name) {
            return try await step(name) { throw WorkflowFailure.misuse("step.failed", "A recorded step is not run.") }
        }
        let value = try await body(scoped(name))
        return try await step(name) { value }
    }
}
