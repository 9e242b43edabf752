/// What a person can have done that needs no service: the program that is put together hands it in.
package struct StoreCare: Sendable {
    package struct Finding: Sendable, Hashable {
        /// `note`, `warning` or `error`.
        package var severity: String
        /// A stable word for scripts.
        package var kind: String
        package var message: String
        /// What a repair does; nil where it can do nothing.
        package var repair: String?
        package var isRepaired: Bool

        package init(severity: String, kind: String, message: String, repair: String?, isRepaired: Bool) {
            self.severity = severity
            self.kind = kind
            self.message = message
            self.repair = repair
            self.isRepaired = isRepaired
        }
    }

    /// One of the things that are looked over.
    package struct Section: Sendable, Hashable {
        package var name: String
        /// What it is about, such as a path.
        package var subject: String
        package var findings: [Finding]

        package init(name: String, subject: String, findings: [Finding]) {
            self.name = name
            self.subject = subject
            self.findings = findings
        }
    }

    /// Looks over everything that the service relies on, and mends what it can where that is asked.
    package var examine: @Sendable (_ store: String?, _ repairs: Bool) throws(Complaint) -> [Section]
    /// Copies the store to a file, or beside itself: that file's path.
    package var backup: @Sendable (_ store: String?, _ target: String?) throws(Complaint) -> String

    package init(
        examine: @escaping @Sendable (_ store: String?, _ repairs: Bool) throws(Complaint) -> [Section],
        backup: @escaping @Sendable (_ store: String?, _ target: String?) throws(Complaint) -> String
    ) {
        self.examine = examine
        self.backup = backup
    }
}
