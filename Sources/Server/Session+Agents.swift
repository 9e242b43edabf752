import JSON
import RPC
import WorkflowModel

extension Session {
    /// The agents of the host; throws what is wrong with the first that is.
    func configured(agents: JSONObject) throws(RPCError) -> ConfiguredAgents {
        do throws(InvalidWorkflow) {
            return try ConfiguredAgents(agents)
        } catch {
            let problem = error.problems.first
            throw .invalidParams(
                problem?.message ?? "These are no agents.",
                pointer: JSONPointer(tokens: ["config"] + (problem?.pointer.tokens ?? ["agents"])))
        }
    }
}
