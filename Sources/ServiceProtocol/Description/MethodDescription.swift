package import RPC

/// One method of the protocol, whoever sends it: what every page, schema and type that tells of it is made of.
package struct MethodDescription {
    package enum Direction: String {
        case clientToServer, serverToClient, both
    }

    package var name: String
    package var direction: Direction
    package var params: Members
    /// Nil for a notification.
    package var result: Shape?
    package var summary: String
    package var details: String
    package var errors: [ErrorKind]
    package var hasOtherErrors: Bool
    package var stability: Stability
    package var exampleParams: String
    package var exampleResult: String

    package init<Request: RequestMessage>(of request: Request.Type) {
        self.init(
            Request.method, .clientToServer,
            Members.read { params throws(RPCError) in _ = try Request(params: params) },
            Request.about)
    }

    package init<Notification: NotificationMessage>(of notification: Notification.Type) {
        // Either side may take back what it asked for.
        let direction: Direction = Notification.self == CancelRequestNotification.self ? .both : .clientToServer
        self.init(
            Notification.method, direction,
            Members.read { params throws(RPCError) in _ = try Notification(params: params) }, Notification.about)
    }

    init(_ name: String, _ direction: Direction, _ params: Members, _ about: RequestDescription) {
        self.name = name
        self.direction = direction
        self.params = params
        result = about.result
        summary = about.summary
        details = about.details
        errors = about.errors
        hasOtherErrors = about.hasOtherErrors
        stability = about.stability
        exampleParams = about.example.params
        exampleResult = about.example.result
    }

    init(_ name: String, _ direction: Direction, _ params: Members, _ about: NotificationDescription) {
        self.name = name
        self.direction = direction
        self.params = params
        result = nil
        summary = about.summary
        details = about.details
        errors = []
        hasOtherErrors = false
        stability = about.stability
        exampleParams = about.example
        exampleResult = ""
    }
}
