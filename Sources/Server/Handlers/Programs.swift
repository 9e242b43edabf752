import JSON
import RPC
import RPCTransport
import ServiceProtocol
import WorkflowEngine
import WorkflowModel

/// What a program asks that the client hosts.
extension Session {
    func begin(_ request: BeginStepRequest, _ reply: Reply) throws {
        let (key, executionID) = (request.key.text, request.executionID)
        let asked = try ProgramRequest(begin: key, in: executionID, request.policy, input: request.input)
        try take(asked, reply) { answer in
            switch answer {
            case .recorded(let output): ["recorded": output]
            case .failed(let failure): ["failed": failure.json]
            case .run(let attempt, let idempotencyKey):
                ["attempt": .number(JSONNumber(attempt)), "idempotencyKey": .string(idempotencyKey)]
            }
        }
    }

    func perform(_ request: PerformStepRequest, _ reply: Reply) throws {
        let (key, executionID) = (request.key.text, request.executionID)
        let step = engine.configuration.agents.placed(in: .object(request.step))
        let asked = try ProgramRequest(perform: step, as: key, in: executionID)
        try take(asked, reply) { answer in
            switch answer {
            case .recorded(let output): return ["output": output]
            case .failed(let failure): throw RPCError(step: failure)
            case .run: preconditionFailure("A step that the service performs is never handed out.")
            }
        }
    }

    func complete(_ request: CompleteStepRequest) throws -> JSONValue {
        let result: Result<JSONValue, Failure> = request.error.map { .failure(Failure($0)) } ?? .success(request.output)
        let completion = try engine.complete(request.key.text, of: request.executionID, result)
        var members: JSONObject = ["seq": .number(JSONNumber(completion.seq))]
        if let (attempt, wait) = completion.retry {
            members["attempt"] = .number(JSONNumber(attempt))
            members["retryAfterMs"] = .number(JSONNumber(Int(wait.milliseconds)))
        }
        members["failed"] = completion.failure.map(\.json)
        return .object(members)
    }

    private func take(
        _ request: ProgramRequest, _ reply: Reply, _ shape: @escaping (ProgramAnswer) throws -> JSONValue
    ) throws {
        let id = reply.id
        programRequests[id] = (request.executionID, request.key, reply)
        do {
            try engine.take(request) { [unowned self] result in
                programRequests[id] = nil
                answer(reply) {
                    var writer = JSONWriter()
                    writer.value(try shape(result.get()))
                    return writer.bytes
                }
            }
        } catch {
            programRequests[id] = nil
            throw error
        }
    }
}

extension RPCError {
    /// A step's failure in the shape of an error: its kind and message are kept.
    fileprivate init(step failure: Failure) {
        var data: JSONObject = ["kind": .string(failure.kind), "retryable": .bool(failure.isRetryable)]
        data["details"] = failure.details
        self.init(code: -32000, message: failure.message, data: .object(data))
    }
}

extension Failure {
    fileprivate init(_ error: CompleteStepRequest.Failure) {
        self.init(
            kind: error.kind ?? "step.failed", message: error.message, isRetryable: error.isRetryable ?? true,
            details: error.data)
    }
}
