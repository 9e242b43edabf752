/// What a doctor has to say about a store.
package struct StoreFinding: Sendable, Hashable {
    package enum Severity: String, Sendable, Hashable, Comparable {
        /// Good to know.
        case note
        /// Not as it should be, and nothing is lost by it.
        case warning
        /// Something cannot be read, or is not there.
        case error

        package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .note: 0
            case .warning: 1
            case .error: 2
            }
        }
    }

    package var severity: Severity
    /// A stable word for scripts.
    package var kind: String
    package var message: String
    /// What a repair does; nil where there is nothing that it could do.
    package var repair: String?
    package var isRepaired = false

    init(_ severity: Severity, _ kind: String, _ message: String, repair: String? = nil) {
        self.severity = severity
        self.kind = kind
        self.message = message
        self.repair = repair
    }
}
