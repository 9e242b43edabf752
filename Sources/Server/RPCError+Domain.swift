import JSON
package import RPC
import ServiceProtocol
import WorkflowCore
package import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// The one place where what the engine refuses becomes an error of the protocol.
extension RPCError {
    static func domain(
        _ kind: ErrorKind, _ message: String, hint: String? = nil, _ members: JSONObject = [:]
    ) -> RPCError {
        var data: JSONObject = ["kind": .string(kind.rawValue), "retryable": .bool(kind.isRetryable)]
        data["hint"] = hint.map { .string($0) }
        for (name, value) in members { data[name] = value }
        return RPCError(code: -32000, message: message, data: .object(data))
    }

    package init(_ error: EngineError) {
        switch error {
        case .refused(let refusal): self.init(refusal)
        case .runNotFound(let id):
            self = .domain(.runNotFound, "There is no run \"\(id)\".", hint: "run/list shows the runs.")
        case .workflowNotFound(let name, let version):
            let which = version.map { " in version \($0)" } ?? ""
            self = .domain(
                .workflowNotFound, "There is no workflow \"\(name)\"\(which).",
                hint: "Register it with workflow/register, or give the document in place.")
        case .workflowInvalid(let problems):
            let first = problems.first { $0.severity == .error }
            let message = first.map { "\($0.message) (at \"\($0.pointer)\")" } ?? "The document is not a workflow."
            self = .domain(
                .workflowInvalid, "The workflow is not valid: \(message)", ["problems": .array(problems.map(\.json))])
        case .optionsInvalid(let problems):
            let pointer = "/options" + (problems.first?.pointer.description ?? "")
            self = RPCError(
                code: -32602, message: problems.first?.message ?? "The options are not valid.",
                data: ["pointer": .string(pointer), "problems": .array(problems.map(\.json))])
        case .inputInvalid(let violations): self = .inputInvalid("input", violations)
        case .noSuchPlace(let member, let sentence):
            self = .invalidParams(sentence, pointer: JSONPointer().appending(member))
        case .handlerMissing(let name, let step):
            let isModel = name.hasPrefix(ProviderSetting.hosted + "/")
            let what = isModel ? "model" : "handler"
            self = .domain(
                .stepHandlerMissing, "Nobody hosts the \(what) \"\(name)\" that the step \"\(step)\" calls.",
                hint:
                    "Declare it in initialize under \(isModel ? "capabilities.models" : "capabilities.steps.handlers").",
                ["handler": .string(name), "step": .string(step)])
        case .runExists(let id):
            self = .domain(
                .runExists, "The run \"\(id)\", or something of it, is in this store already.",
                hint: "Give another runId to add it as another run.")
        case .exportDamaged(let damage):
            self = .domain(
                .exportCorrupt, "Line \(damage.line), at byte \(damage.byte): \(damage.message)",
                hint: "Nothing was added; get the file anew.",
                ["line": .number(JSONNumber(damage.line)), "byte": .number(JSONNumber(damage.byte))])
        case .seqConflict(let expected, let actual):
            self = .domain(
                .runSeqConflict, "The run is at seq \(actual), not \(expected).",
                hint: "Read the run again and decide anew.",
                ["expected": .number(JSONNumber(expected)), "actual": .number(JSONNumber(actual))])
        case .idempotencyConflict(let key):
            self = .domain(
                .idempotencyConflict, "\"\(key)\" was used for another request.", hint: "Choose another one.")
        case .interactionNotFound(let id):
            self = .domain(.interactionNotFound, "There is no open question of \"\(id)\".")
        case .interactionResolved(let id):
            self = .domain(.interactionAlreadyResolved, "The question \"\(id)\" is settled already.")
        case .interactionExpired(let id): self = .domain(.interactionExpired, "The question \"\(id)\" has expired.")
        case .executionNotFound(let id):
            self = .domain(.executionNotFound, "No program with the execution \"\(id)\" is under way here.")
        case .stepKeyTaken(let key):
            self = .domain(
                .stepDuplicateKey, "The step \"\(key)\" was asked for before in this execution.",
                hint: "A key names one step of a run; for another one add a number: \"\(key)#2\".",
                ["key": .string(key)])
        case .stepNotBegun(let key):
            self = .domain(
                .stepNotBegun, "Nobody was told to run the step \"\(key)\".", hint: "Ask with step/begin first.",
                ["key": .string(key)])
        case .programChanged(let change):
            self = .domain(
                .workflowChanged, change.message,
                hint: "Nothing is lost: the run goes on where a host has the program that it began with.",
                change.members)
        case .store(let error): self.init(error)
        case .shuttingDown: self = .domain(.serverShuttingDown, "The service is shutting down.")
        }
    }

    init(_ error: StoreError) {
        switch error {
        case .unavailable(let reason):
            self = .domain(
                .storeUnavailable, "The store cannot be used now: \(reason)", hint: "Nothing was changed; try again.")
        case .corrupt(let reason): self = .domain(.storeCorrupt, "The store is damaged: \(reason)")
        case .conflict(_, let seq):
            self = .domain(
                .storeUnavailable, "Another engine wrote event \(seq) first.", hint: "Nothing was changed; try again.")
        }
    }

    private init(_ refusal: Refusal) {
        switch refusal {
        case .invalidTransition(let status, let isPaused, let allowed):
            let state = isPaused ? "paused (\(status.rawValue))" : status.rawValue
            self = .domain(
                .runInvalidTransition, "The run is \(state); that allows \(allowed.joined(separator: ", ")).",
                [
                    "status": .string(status.rawValue), "isPaused": .bool(isPaused),
                    "allowed": .array(allowed.map { .string($0) }),
                ])
        case .interactionNotFound: self = .domain(.interactionNotFound, "There is no such open question.")
        case .interactionAmbiguous(let open):
            self = .domain(
                .interactionAmbiguous, "\(open) questions of that kind are open.",
                hint: "Name one by its interactionId.")
        case .interactionExpired: self = .domain(.interactionExpired, "The question has expired.")
        case .notAnApprover(let name, let approvers):
            self = .domain(
                .approvalNotAnApprover, "\"\(name)\" is not among the approvers: \(approvers.joined(separator: ", ")).",
                ["approvers": .array(approvers.map { .string($0) })])
        case .signalConflict(let key):
            self = .domain(
                .idempotencyConflict, "\"\(key)\" was used for another signal.", hint: "Choose another one.")
        case .tooManySignals(let limit):
            self = .domain(
                .limitExceeded, "\(limit) signals wait to be taken by this run.",
                hint: "Send more when it has taken some.")
        case .answerInvalid(let violations):
            self = .inputInvalid("value", violations)
        }
    }

    static func inputInvalid(_ member: String, _ violations: [JSONSchema.Violation]) -> RPCError {
        let first = violations.first
        let place = "/\(member)\(first.map { "\($0.instance)" } ?? "")"
        let errors = violations.map { violation -> JSONValue in
            [
                "pointer": .string("/\(member)\(violation.instance)"),
                "schema": .string("\(violation.schema)"), "message": .string(violation.message),
            ]
        }
        return .domain(
            .inputInvalid, "\(place) does not fit its schema: \(first?.message ?? "")",
            ["pointer": .string(place), "errors": .array(errors)])
    }
}
