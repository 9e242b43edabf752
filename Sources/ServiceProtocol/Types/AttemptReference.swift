import RPC

/// Which attempt of a hosted step a notification is about: any members of its `step/execute` that single it out.
package struct AttemptReference: Sendable, Hashable {
    package var runID: String?
    package var executionID: String?
    package var path: String?
    package var stepID: String?
    package var attempt: Int?

    init(params: Parameters) throws(RPCError) {
        runID = try params.optional("runId", "The run, as `step/execute` named it.")
        executionID = try params.optional("executionId", "The execution, as `step/execute` named it.")
        path = try params.optional("path", "The step's path, as `step/execute` named it.")
        stepID = try params.optional("stepId", "The step's name, as `step/execute` named it.")
        attempt = try params.optional("attempt", "The attempt, as `step/execute` named it.")
    }
}
