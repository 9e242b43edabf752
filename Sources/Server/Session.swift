import Configuration
import JSON
import RPC
import RPCTransport
import Secrets
import ServiceProtocol
import WorkflowEngine
import WorkflowModel

/// One client, on the engine's thread: what it asked, what it hosts, what it is told.
///
/// Answers and notifications are prepared while the engine decides, and leave when the turn was committed: answers first.
final class Session {
    enum Phase {
        case new
        case ready
        case shuttingDown
    }

    let engine: Engine
    let connection: Connection
    let composition: ServiceComposition
    let routes: RouteTable
    var phase = Phase.new
    var client: InitializeRequest?
    var settings: Settings?
    /// What the files and the client say together.
    var configuration = MergedConfiguration()
    let startedAt: Timestamp
    /// Handlers the client hosts, and the calls it has under way.
    var handlers: HandlerExecutor?
    /// Whether anything was asked after `initialize`.
    private var hasBegun = false
    /// Whether stdin has ended: nobody answers questions or performs handlers any more.
    var isInputEnded = false
    /// What the process will exit with.
    private(set) var exitCode: Int32 = 0
    private var hasStopped = false

    var subscriptions = RunTable<Subscription>()
    /// Those of them that are told from the journal.
    var lagging: [RunID: Subscription] = [:]
    /// Runs that have ended and are still subscribed, oldest first.
    var ended: [RunID] = []
    /// Runs whose text is told at the end of the turn.
    var hushed: [RunID: LiveRun] = [:]
    /// The subscriptions that this turn has prepared something for.
    var told: [Subscription] = []
    /// Set while a run is created on behalf of this client, which is subscribed to it from its first event.
    var isCreating = false
    var optOut = OptOut()
    var waiters: [RunID: [Waiter]] = [:]
    /// What programs asked and was not answered yet.
    var programRequests: [RequestID: (executionID: String, key: String, reply: Reply)] = [:]
    /// Notifications and requests of this turn, ready to leave.
    var outgoing: OutgoingBatch
    private var answers: [Answer] = []
    /// Answers to requests that waited: they come after what they waited for was told.
    private var lateAnswers: [Answer] = []

    /// The newest moment that was told, and as it is told.
    var newest = (moment: Timestamp.earliest, text: "")

    private typealias Answer = (reply: Reply, outcome: Outcome)

    /// Not a `Result`, whose type would be made at run time, before the first answer can leave.
    private enum Outcome {
        case success([UInt8])
        case failure(RPCError)
    }

    init(engine: Engine, connection: Connection, composition: ServiceComposition, routes: RouteTable) {
        self.routes = routes
        self.engine = engine
        self.connection = connection
        self.composition = composition
        startedAt = engine.environment.now()
        outgoing = connection.makeBatch()
    }

    func receive(_ messages: [Incoming]) {
        // The framing is known only once the client has spoken.
        if outgoing.isEmpty { outgoing = connection.makeBatch() }
        for message in messages { receive(message) }
    }

    private func receive(_ message: Incoming) {
        switch message {
        case .request(let method, let params, let reply): receive(method, params, reply)
        case .notification(let method, let params):
            guard phase == .ready || method == ExitNotification.method else { return }
            routes.notifications[method]?.handle(self, params)
        case .response(let id, let result): handlers?.receive(result, for: id)
        case .outputDrained: break
        // Told by the reading thread once it knows how the input ended.
        case .inputEnded: break
        case .outputLost: stop(exitCode: 0)
        }
    }

    private func receive(_ method: String, _ params: JSONValue?, _ reply: Reply) {
        guard !hasStopped else { return answer(reply) { throw EngineError.shuttingDown } }
        guard let route = routes.requests[method] else {
            return answer(reply) { throw RPCError.methodNotFound(method) }
        }
        switch phase {
        case .new where route.needsSession:
            answer(reply) { throw RPCError.notInitialized }
        case .shuttingDown:
            answer(reply) { throw RPCError.invalidRequest("The service is shutting down and takes no more requests.") }
        case .new where method == InitializeRequest.method:
            do {
                let (layered, merged) = try composition.options.layered(params)
                configuration = merged
                route.handle(self, layered, reply)
            } catch {
                answer(reply) { throw error }
            }
        case .new: route.handle(self, params, reply)
        case .ready:
            if route.needsSession { beginEffects() }
            route.handle(self, covered(params, of: method), reply)
        }
    }

    func beginEffects() {
        if !hasBegun, let handlers, let settings {
            hasBegun = true
            engine.install(handlers, for: "call", "program", "step")
            composition.beginWork(engine, settings)
            beginRetention()
        }
        engine.beginEffects()
    }

    /// Answers when the turn is over, with what `body` gives or throws.
    func answer(_ reply: Reply, _ body: () throws -> [UInt8]) {
        // The body may itself answer others, which then come first.
        let outcome = outcome(body)
        answers.append((reply, outcome))
    }

    /// The same for a request that waited.
    func answerLate(_ reply: Reply, _ body: () throws -> [UInt8]) {
        lateAnswers.append((reply, outcome(body)))
    }

    private func outcome(_ body: () throws -> [UInt8]) -> Outcome {
        do {
            let result = try body()
            return .success(engine.mask?.hide(json: result) ?? result)
        } catch let error as RPCError {
            return .failure(covered(error))
        } catch let error as EngineError {
            return .failure(covered(RPCError(error)))
        } catch {
            return .failure(.internalError("The service failed: \(error)"))
        }
    }

    func stop(exitCode: Int32) {
        guard !hasStopped else { return }
        hasStopped = true
        self.exitCode = exitCode
        composition.options.log.write(.info, "The session ends with exit code \(exitCode).")
        answerAllWaiters()
        engine.stop()
    }

    func exit() {
        stop(exitCode: phase == .shuttingDown ? 0 : 1)
    }

    /// Ends the session from outside: a signal, or the death of the host.
    func terminate(exitCode: Int32) {
        stop(exitCode: exitCode)
    }

    /// Nothing more comes in. Code 0, unless the client broke the framing.
    func endInput(exitCode: Int32) {
        isInputEnded = true
        self.exitCode = exitCode
        handlers?.hostLeft()
        stopIfDone()
    }

    /// After the end of the input the session lasts until the last question is answered.
    private func stopIfDone() {
        guard isInputEnded else { return }
        answerStuckWaiters()
        if waiters.isEmpty { stop(exitCode: exitCode) }
    }

    /// Answers come before the notifications they caused.
    private func releaseAnswers(failingWith fault: RPCError?) {
        if !answers.isEmpty {
            var batch = connection.makeBatch()
            Self.write(answers, failingWith: fault, to: &batch)
            batch.append(outgoing)
            outgoing = batch
        }
        answers.removeAll(keepingCapacity: true)
    }

    /// Answers that waited come after the notifications they waited for, also where those are told from the journal.
    private func releaseLateAnswers(failingWith fault: RPCError?) {
        Self.write(lateAnswers, failingWith: fault, to: &outgoing)
        lateAnswers.removeAll(keepingCapacity: true)
    }

    private static func write(_ answers: [Answer], failingWith fault: RPCError?, to batch: inout OutgoingBatch) {
        for (reply, outcome) in answers {
            switch fault.map(Outcome.failure) ?? outcome {
            case .success(let result): batch.succeed(reply) { $0.raw(result) }
            case .failure(let error): batch.fail(reply, error)
            }
        }
    }
}

extension Session: EngineObserver {
    func turnEnded(error: EngineError?) {
        if isInputEnded, error == nil { stopIfDone() }
        if !hushed.isEmpty { tellHushed() }
        if let error {
            composition.options.log.write(.error, "A turn was not committed: \(RPCError(error).message)")
            outgoing = connection.makeBatch()
            for subscription in told {
                subscription.forgetTurn()
                lag(subscription)
            }
            releaseAnswers(failingWith: RPCError(error))
            releaseLateAnswers(failingWith: RPCError(error))
        } else {
            releaseAnswers(failingWith: nil)
            for subscription in told { subscription.keepTurn() }
            if !lagging.isEmpty { catchUp() }
            releaseLateAnswers(failingWith: nil)
        }
        told.removeAll(keepingCapacity: true)
        flush()
    }

    func effectsBegun() {
        flush()
    }

    func flush() {
        guard !outgoing.isEmpty else { return }
        connection.send(outgoing)
        outgoing = connection.makeBatch()
    }
}
