import RPC

/// Which attempt of a hosted step a notification is about: any members of its `step/execute` that single it out.
package struct AttemptReference: Sendable, Hashable {
    package var runID: String?
    package var executionID: String?
    package var path: String?
    package var stepID: String?
    package var attempt: Int?

    init(params: Parameters) throws(RPCError) {
        runID = try params.optional("runId", as: String.self)
        executionID = try params.optional("executionId", as: String.self)
        path = try params.optional("path", as: String.self)
        stepID = try params.optional("stepId", as: String.self)
        attempt = try params.optional("attempt", as: Int.self)
    }
}
