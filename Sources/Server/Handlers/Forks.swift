import JSON
import RPC
import ServiceProtocol
import WorkflowEngine

extension Session {
    func fork(_ request: ForkRunRequest) throws -> JSONValue {
        let place: ForkRequest.Place =
            switch request.place {
            case .seq(let seq): .seq(seq)
            case .step(let path): .step(path)
            }
        var fork = ForkRequest(source: request.runID, place: place)
        fork.input = request.input
        fork.state = request.state
        fork.runID = request.newRunID
        fork.idempotencyKey = request.idempotencyKey
        fork.starts = request.start ?? false
        fork.client = client?.clientInfo?.name
        isCreating = true
        defer { isCreating = false }
        do throws(EngineError) {
            return try engine.fork(fork).json
        } catch {
            // The pointer is the request's own.
            if case .inputInvalid(let violations) = error { throw RPCError.inputInvalid("changes/input", violations) }
            throw error
        }
    }
}
