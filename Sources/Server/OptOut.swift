import ServiceProtocol
import WorkflowModel

/// The notifications that a client does not want. Asked of every event of every run, so by what an event is and not by its
/// name; lists, since a client names few of them.
struct OptOut {
    private let events: [RunEvent.Kind]
    private let others: [ServiceNotification]
    /// Whether nothing is heard that follows from an event and is none itself.
    let hasAllDerived: Bool

    /// What no notification is called is left out.
    init(_ methods: [String] = []) {
        events = methods.compactMap(RunEvent.Kind.init(rawValue:))
        let others = methods.compactMap(ServiceNotification.init(rawValue:))
        self.others = others
        hasAllDerived = [.runStateChanged, .runProgress, .stepDecided].allSatisfy { others.contains($0) }
    }

    func contains(_ event: RunEvent.Kind) -> Bool { events.contains(event) }

    func contains(_ notification: ServiceNotification) -> Bool { others.contains(notification) }
}
