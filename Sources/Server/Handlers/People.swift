import JSON
import RPC
import ServiceProtocol
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

extension Session {
    func listInteractions(_ request: ListInteractionsRequest) throws -> JSONValue {
        let namespace = Self.scope(request.namespace, default: engine.configuration.namespace)
        let records = try engine.openInteractions(namespace: namespace, runID: request.runID)
        return ["interactions": .array(records.map(\.body))]
    }

    func respond(_ request: RespondApprovalRequest) throws -> JSONValue {
        guard let approver = request.approver ?? client?.user?.name else {
            throw RPCError.invalidParams(
                "'approver' is missing; it must be a string.", pointer: JSONPointer().appending("approver"))
        }
        try checkUser(approver)
        let answer = ApprovalAnswer(
            decision: request.decision == .approved ? .approved : .rejected, approver: approver,
            message: request.message, client: client?.clientInfo?.name)
        return try respond(request.interactionID, request.executionID, .approval, expectedSeq: request.expectedSeq) {
            .respondApproval($0, answer)
        }
    }

    func respond(_ request: RespondInputRequest) throws -> JSONValue {
        let answer = InputAnswer(
            value: request.value ?? .null, by: request.by ?? client?.user?.name, client: client?.clientInfo?.name)
        return try respond(request.interactionID, request.executionID, .input, expectedSeq: request.expectedSeq) {
            .respondInput($0, answer)
        }
    }

    /// The approver is the host's assertion; a host that named its user speaks for that one alone.
    private func checkUser(_ approver: String) throws {
        guard let user = client?.user, approver != user.name, !user.roles.contains(approver) else { return }
        throw RPCError.domain(
            .approvalNotAnApprover,
            "\"\(approver)\" is neither this session's user \"\(user.name)\" nor one of their roles.")
    }

    private func respond(
        _ interactionID: String?, _ executionID: String?, _ kind: Interaction.Kind, expectedSeq: Int?,
        _ command: (InteractionReference) -> Command
    ) throws -> JSONValue {
        guard interactionID != nil || executionID != nil else {
            throw RPCError.invalidParams(
                "'interactionId' is missing; it must be a string.", pointer: JSONPointer().appending("interactionId"))
        }
        let target = try engine.question(interactionID: interactionID, executionID: executionID, kind: kind)
        let live = try engine.perform(command(.id(target.interactionID)), on: target.runID, expectedSeq: expectedSeq)
        let isResolved = live.run.interaction(target.interactionID) == nil
        return [
            "interactionId": .string(target.interactionID), "resolved": .bool(isResolved),
            "seq": .number(JSONNumber(live.run.seq)),
        ]
    }
}
