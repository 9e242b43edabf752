import JSON
import RPC
import RPCTransport
import ServiceProtocol
import WorkflowEngine
import WorkflowModel

/// Performs `call` steps by asking the client, with `step/execute`, programs with `workflow/execute`, and the turns of
/// its models with `model/generate`.
final class HandlerExecutor: StepExecutor {
    private struct Call {
        let attempt: Attempt
        let reporter: AttemptReporter
        var isWanted = true
        /// What a model has said of its answer.
        var said = ""

        var isProgram: Bool {
            if case .program = attempt.work { true } else { false }
        }

        var isModel: Bool {
            if case .agent = attempt.work { true } else { false }
        }

        /// Whether the client is asked to do it. The body of a program's step is under way where the program is.
        var isAsked: Bool {
            if case .hosted = attempt.work { false } else { true }
        }

        /// Whether it is one of those of which the client said how many it does at once.
        var isStep: Bool { !isProgram && !isModel && isAsked }
    }

    private unowned let session: Session
    private let handlers: Set<String>
    private let models: Set<String>
    private let hostsEverything: Bool
    /// The programs that are hosted, by their names; `*` is whatever is called.
    let programs: Set<String>
    private let maximumConcurrent: Int
    private var isHostPresent = true
    private var calls: [Int: Call] = [:]
    /// How many of them are steps: counted, since each start asks.
    private var stepsUnderWay = 0
    private var requests: [AttemptKey: Int] = [:]
    private var queue: [Call] = []
    private var lastRequest = 0

    init(session: Session, handlers: [String], programs: [String], models: [String], maximumConcurrent: Int?) {
        self.session = session
        self.handlers = Set(handlers)
        self.programs = Set(programs)
        self.models = Set(models)
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
        case .agent(let step):
            let isHosted = isHostPresent && (models.contains("*") || models.contains(step.agent.model.ofHost))
            return isHosted ? .ready : .missingHandler(step.agent.model)
        default: return .notPermitted("The client performs call steps, programs and models alone.")
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
        guard case .integer(let number) = id, let call = calls.removeValue(forKey: number) else {
            return session.composition.options.log.write(.info, "An answer came to no request: its id is \(id).")
        }
        if call.isStep { stepsUnderWay -= 1 }
        if call.isWanted { requests[call.attempt.key] = nil }
        switch result {
        case .success(let value) where call.isModel:
            if call.isWanted { take(value, of: call) }
        case .success(let value): take(result: value, of: call)
        case .failure(let error):
            let failure = call.isModel ? Failure(model: error) : Failure(handler: error)
            if call.isWanted { session.engine.take(.failed(failure), from: call.reporter) }
        }
        while stepsUnderWay < maximumConcurrent, !queue.isEmpty { send(queue.removeFirst()) }
    }

    /// What a handler, or a program, leaves. What nobody would look at is lost for good, so it is not passed over in silence.
    private func take(result: JSONValue, of call: Call) {
        guard result.isNull || result.object != nil else {
            let message = "The client's answer must be an object {output}, and is \(result.indefinite)."
            let failure = Failure(kind: "handler.malformed", message: message, isRetryable: false)
            return session.engine.take(.failed(failure), from: call.reporter)
        }
        let others = (result.object ?? [:]).keys.filter { $0 != "output" && $0 != "_meta" }
        if result["output"] == nil, !others.isEmpty {
            let names = others.map { "\"\($0)\"" }.joined(separator: ", ")
            let message = "The client's answer has no \"output\", but \(names), which is lost."
            session.engine.take(.log(level: .warning, message: message), from: call.reporter)
        }
        session.engine.take(.succeeded(result["output"] ?? .null), from: call.reporter)
    }

    /// Nobody answers any more: what was asked of the client has an unknown outcome.
    func hostLeft() {
        isHostPresent = false
        for call in calls.values where call.isWanted && call.isAsked { call.reporter.report(.interrupted) }
        for call in queue { call.reporter.report(.interrupted) }
        calls = [:]
        stepsUnderWay = 0
        requests = [:]
        queue = []
    }

    /// The attempt that a notification of the client is about: whatever it names must fit.
    func reporter(of wanted: AttemptReference) -> AttemptReporter? {
        guard wanted.runID != nil || wanted.executionID != nil else { return nil }
        let fitting = calls.values.filter { $0.isWanted && !$0.isModel && $0.attempt.fits(wanted) }
        // Of a program and its one step that run, the step is meant.
        let steps = fitting.filter { !$0.isProgram }
        let meant = steps.isEmpty ? fitting : steps
        return meant.count == 1 ? meant[0].reporter : nil
    }

    /// A model of the client's says something, or thinks it.
    func hear(_ text: String, isThought: Bool, fromModelOf wanted: AttemptReference) {
        let fitting = calls.filter { $0.value.isWanted && $0.value.isModel && $0.value.attempt.fits(wanted) }
        guard fitting.count == 1, let (id, call) = fitting.first else { return }
        if !isThought { calls[id]!.said += text }
        session.engine.take(isThought ? .thinking(text) : .text(text), from: call.reporter)
    }

    /// A model's answer: its text is what was streamed, and what comes with it.
    private func take(_ value: JSONValue, of call: Call) {
        guard case .agent(let work) = call.attempt.work else { return }
        do throws(Failure) {
            let turn = work.conversation.turns.count + 1
            let answer = try ModelAnswer(json: value, said: call.said, turn: turn)
            guard let rest = answer.rest(after: call.said) else {
                let message = "The text of the client's answer does not begin with what it streamed before."
                throw Failure(kind: "model.malformed", message: message)
            }
            if !rest.isEmpty { session.engine.take(.text(rest), from: call.reporter) }
            session.engine.take(.answered(answer), from: call.reporter)
        } catch {
            session.engine.take(.failed(error), from: call.reporter)
        }
    }

    private func send(_ call: Call) {
        lastRequest += 1
        let id = lastRequest
        let attempt = call.attempt
        calls[id] = call
        if call.isStep { stepsUnderWay += 1 }
        requests[attempt.key] = id
        switch attempt.work {
        case .call(let handler, let input):
            ask(.stepExecute, attempt, id) { writer in
                writer.field("idempotencyKey", attempt.idempotencyKey)
                writer.field("handler", handler)
                writer.field("input", input)
            }
        case .agent(let work):
            ask(.modelGenerate, attempt, id) { writer in
                var request = work.request
                request["model"] = .string(work.model.ofHost)
                for (name, value) in request { writer.field(named: name, value) }
            }
        case .program(let name, let input): ask(attempt, id, program: name, input)
        case .hosted, .command, .tool: break
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

    private func ask(_ method: ServiceRequest, _ attempt: Attempt, _ id: Int, _ body: (inout JSONWriter) -> Void) {
        session.outgoing.request(.integer(id), method.rawValue) { writer in
            writer.beginObject()
            writer.field("runId", attempt.key.runID)
            writer.field("executionId", attempt.executionID)
            writer.field("stepId", attempt.step)
            writer.field("path", attempt.key.path)
            writer.field("attempt", attempt.key.number)
            body(&writer)
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

extension String {
    /// What the client calls a model: its name without the provider.
    fileprivate var ofHost: String {
        let prefix = ProviderSetting.hosted + "/"
        return hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
    }
}

extension Failure {
    /// Why the client's model has not answered: what `data` says, else that there is none.
    init(model error: RPCError) {
        self.init(handler: error)
        if error.data?["kind"]?.string == nil { kind = "model.unavailable" }
    }

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
