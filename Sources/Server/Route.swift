import JSON
import RPC
import RPCTransport
import ServiceProtocol
import WorkflowEngine

/// One method of the service: everything that is known of it in one place. A new method is a message type and a line in the table.
struct Route: Sendable {
    let method: String
    /// Whether the request is refused before `initialize`.
    let needsSession: Bool
    let describe: @Sendable () -> MethodDescription
    let handle: @Sendable (Session, JSONValue?, Reply) -> Void

    /// A method that is answered in its turn.
    init<Request: RequestMessage>(
        _ type: Request.Type, needsSession: Bool = true,
        _ handler: @escaping @Sendable (Session, Request) throws -> Request.Result
    ) {
        method = Request.method
        describe = { MethodDescription(of: Request.self) }
        self.needsSession = needsSession
        handle = { session, params, reply in
            session.answer(reply) {
                let result = try handler(session, try Request(params: Parameters(params)))
                var writer = JSONWriter()
                writer.value(result)
                return writer.bytes
            }
        }
    }

    /// A method that may be answered later: the handler keeps the reply, or throws.
    init<Request: RequestMessage>(
        waiting type: Request.Type, _ handler: @escaping @Sendable (Session, Request, Reply) throws -> Void
    ) {
        method = Request.method
        describe = { MethodDescription(of: Request.self) }
        needsSession = true
        handle = { session, params, reply in
            do {
                try handler(session, try Request(params: Parameters(params)), reply)
            } catch {
                session.answer(reply) { throw error }
            }
        }
    }
}

/// One notification the service takes.
struct NotificationRoute: Sendable {
    let method: String
    let describe: @Sendable () -> MethodDescription
    let handle: @Sendable (Session, JSONValue?) -> Void

    /// A notification that does not fit its message is ignored: there is nobody to tell.
    init<Message: NotificationMessage>(_ type: Message.Type, _ handler: @escaping @Sendable (Session, Message) -> Void)
    {
        method = Message.method
        describe = { MethodDescription(of: Message.self) }
        handle = { session, params in
            guard let message = try? Message(params: Parameters(params)) else { return }
            handler(session, message)
        }
    }
}

struct RouteTable: Sendable {
    let requests: [String: Route]
    let notifications: [String: NotificationRoute]

    init(requests: [Route], notifications: [NotificationRoute]) {
        var (taken, heard) = ([String: Route](minimumCapacity: requests.count), [String: NotificationRoute]())
        for route in requests { taken[route.method] = route }
        for route in notifications { heard[route.method] = route }
        (self.requests, self.notifications) = (taken, heard)
    }
}
