import JSON
import RPC
import RPCTransport
import ServiceProtocol
import WorkflowEngine
import WorkflowModel

/// Performs `call` steps by asking the client, with `step/execute`, and programs with `workflow/execute`.
final class HandlerExecutor: StepExecutor {
    private struct Call {
        let attempt: Attempt
        let reporter: AttemptReporter
        var isWanted = true

        var isProgram: Bool {
            if case .program = attempt.work { true } else { false }
        }

        /// Whether the client is asked to do it. The body of a program's step is under way where the program is.
        var isAsked: Bool { attempt.work != .hosted }

        /// Whether it is one of those of which the client said how many it does at once.
        var isStep: Bool { !isProgram && isAsked }
    }

    private unowned let session: Session
    private let handlers: Set<String>
    private let hostsEverything: Bool
    /// The programs that are hosted, by their names; `*` is whatever is called.
    let programs: Set<String>
    private let maximumConcurrent: Int
    private var isHostPresent = true
    private var calls: [Int: Call] = [:]
    private var requests: [AttemptKey: Int] = [:]
    private var queue: [Call] = []
    private var lastRequest = 0

    init(session: Session, handlers: [String], programs: [String], maximumConcurrent: Int?) {
        self.session = session
        self.handlers = Set(handlers)
        self.programs = Set(programs)
        hostsEverything = handlers.contains("*")
        self.maximumConcurrent = max(1, maximumConcurrent ?? .max)
    }

    /// The handlers that are hosted; nil when it is every one there could be.
    var hosted: [String]? {
        if !isHostPresent { return [] }
        return hostsEverything ? nil : handlers.sorted()
    }

    func readiness(for step: StepKind) -> Readiness {
        switch step {
        case .call(let call):
            let isHosted = isHostPresent && (hostsEverything || handlers.contains(call.handler))
            return isHosted ? .ready : .missingHandler(call.handler)
        case .program(let program):
            let isHosted = isHostPresent && (programs.contains("*") || programs.contains(program.name))
            return isHosted ? .ready : .missingHandler(program.name)
        default: return .notPermitted("The client performs call steps and programs alone.")
        }
    }

    func start(_ attempt: Attempt, reporter: AttemptReporter) {
        let call = Call(attempt: attempt, reporter: reporter)
        guard isHostPresent else { return reporter.report(.interrupted) }
        if !call.isStep || stepsUnderWay < maximumConcurrent { send(call) } else { queue.append(call) }
    }

    func stop(_ key: AttemptKey) {
        queue.removeAll { $0.attempt.key == key }
        guard let id = requests.removeValue(forKey: key), let call = calls[id] else { return }
        guard call.isAsked else { return calls[id] = nil }
        calls[id]!.isWanted = false
        session.outgoing.notification(CancelRequestNotification.method) { writer in
            writer.beginObject()
            writer.field("id", id)
            writer.endObject()
        }
    }

    /// The client's answer. An answer to nothing, or a second one, is ignored.
    func receive(_ result: Result<JSONValue, RPCError>, for id: RequestID) {
        guard case .integer(let number) = id, let call = calls.removeValue(forKey: number) else { return }
        if call.isWanted { requests[call.attempt.key] = nil }
        switch result {
        case .success(let value): session.engine.take(.succeeded(value["output"] ?? .null), from: call.reporter)
        case .failure(let error):
            if call.isWanted { session.engine.take(.failed(Failure(handler: error)), from: call.reporter) }
        }
        while stepsUnderWay < maximumConcurrent, !queue.isEmpty { send(queue.removeFirst()) }
    }

    /// Nobody answers any more: what was asked of the client has an unknown outcome.
    func hostLeft() {
        isHostPresent = false
        for call in calls.values where call.isWanted && call.isAsked { call.reporter.report(.interrupted) }
        for call in queue { call.reporter.report(.interrupted) }
        calls = [:]
        requests = [:]
        queue = []
    }

    /// The attempt that a notification of the client is about: whatever it names must fit.
    func reporter(of wanted: AttemptReference) -> AttemptReporter? {
        guard wanted.runID != nil || wanted.executionID != nil else { return nil }
        let fitting = calls.values.filter { $0.isWanted && $0.attempt.fits(wanted) }
        // Of a program and its one step that run, the step is meant.
        let steps = fitting.filter { !$0.isProgram }
        let meant = steps.isEmpty ? fitting : steps
        return meant.count == 1 ? meant[0].reporter : nil
    }

    private var stepsUnderWay: Int { calls.values.count(where: \.isStep) }

    private func send(_ call: Call) {
        lastRequest += 1
        let id = lastRequest
        let attempt = call.attempt
        calls[id] = call
        requests[attempt.key] = id
        switch attempt.work {
        case .call(let handler, let input): ask(attempt, id, handler, input)
        case .program(let name, let input): ask(attempt, id, program: name, input)
        case .hosted, .command, .agent, .tool: break
        }
    }

    private func ask(_ attempt: Attempt, _ id: Int, program: String, _ input: JSONValue) {
        session.outgoing.request(.integer(id), ServiceRequest.workflowExecute.rawValue) { writer in
            writer.beginObject()
            writer.field("runId", attempt.key.runID)
            writer.field("executionId", attempt.executionID)
            writer.field("workflow", program)
            writer.field("input", input)
            writer.optionalField("deadlineAt", attempt.deadline?.description)
            writer.endObject()
        }
    }

    private func ask(_ attempt: Attempt, _ id: Int, _ handler: String, _ input: JSONValue) {
        session.outgoing.request(.integer(id), ServiceRequest.stepExecute.rawValue) { writer in
            writer.beginObject()
            writer.field("runId", attempt.key.runID)
            writer.field("executionId", attempt.executionID)
            writer.field("stepId", attempt.step)
            writer.field("path", attempt.key.path)
            writer.field("attempt", attempt.key.number)
            writer.field("idempotencyKey", attempt.idempotencyKey)
            writer.field("handler", handler)
            writer.field("input", input)
            writer.optionalField("deadlineAt", attempt.deadline?.description)
            writer.endObject()
        }
    }
}

extension Attempt {
    fileprivate func fits(_ wanted: AttemptReference) -> Bool {
        (wanted.runID ?? key.runID) == key.runID && (wanted.executionID ?? executionID) == executionID
            && (wanted.path ?? key.path) == key.path && (wanted.stepID ?? step) == step
            && (wanted.attempt ?? key.number) == key.number
    }
}

extension Failure {
    /// A handler's error answer: its code and message are kept, and `data` may say the kind and whether another attempt can help.
    init(handler error: RPCError) {
        let isMissing = error.code == RPCError.methodNotFound("").code
        var details: JSONObject = ["code": .number(JSONNumber(error.code))]
        details["data"] = error.data
        self.init(
            kind: error.data?["kind"]?.string ?? (isMissing ? "step.handlerMissing" : "handler.failed"),
            message: error.message, isRetryable: isMissing ? false : error.data?["retryable"]?.bool ?? true,
            details: .object(details))
    }
}
