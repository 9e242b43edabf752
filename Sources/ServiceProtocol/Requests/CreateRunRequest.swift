package import JSON
package import RPC

/// `run/create`: {runId, seq, status}, with `start` also executionId.
///
/// The same `runId` or `idempotencyKey` with the same request answers the first response again, also after a restart.
package struct CreateRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/create"

    /// A registered workflow's name, or a document in place.
    package var workflow: JSONValue
    package var version: String?
    package var input: JSONValue?
    package var options: JSONValue?
    /// The client's choice: 1 to 64 letters, digits and the marks . _ -.
    package var runID: String?
    package var idempotencyKey: String?
    package var labels: JSONObject?
    package var start: Bool?
    /// The directory the run works in; absent, the service's own.
    package var cwd: String?

    package init(params: Parameters) throws(RPCError) {
        workflow = try params.required("workflow", as: JSONValue.self)
        switch workflow {
        case .string, .object: break
        default:
            throw .invalidParams("workflow must be a name or a document.", pointer: JSONPointer().appending("workflow"))
        }
        version = try params.optional("version", as: String.self)
        input = try params.optional("input", as: JSONValue.self)
        options = try params.optional("options", as: JSONObject.self).map { .object($0) }
        runID = try params.optionalRunID("runId")
        idempotencyKey = try params.optional("idempotencyKey", as: String.self)
        labels = try params.optional("labels", as: JSONObject.self)
        start = try params.optional("start", as: Bool.self)
        cwd = try params.optional("cwd", as: String.self)
    }
}

extension Parameters {
    /// A client's choice of a run's id.
    func optionalRunID(_ name: String) throws(RPCError) -> String? {
        guard let id = try optional(name, as: String.self) else { return nil }
        let isRunID =
            (1...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
        guard isRunID else {
            throw .invalidParams(
                "\(name) must be 1 to 64 letters, digits and the marks . _ -.", pointer: pointer.appending(name))
        }
        return id
    }
}
