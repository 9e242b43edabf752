package import JSON

/// Where a run goes on from that begins again.
package enum RetryOrigin: String, Sendable, Hashable, CaseIterable {
    /// What is recorded stays; the step that failed is entered again.
    case checkpoint
    case start
}

/// How a run is to be treated, beside what its document says.
package struct RunOptions: Sendable, Hashable {
    package struct Timeout: Sendable, Hashable {
        package enum Action: String, Sendable, Hashable, CaseIterable {
            case fail, cancel, notify
        }

        package enum Clock: String, Sendable, Hashable, CaseIterable {
            /// Time spent paused or waiting for a person does not count.
            case active
            case wall
        }

        package var after: Duration
        package var action: Action = .fail
        package var clock: Clock = .active
    }

    /// What approvals take that do not say it themselves.
    package struct Approvals: Sendable, Hashable {
        package var expiresAfter: Duration?
        package var onExpiry: ExpiryPolicy = .expire
        package var approvers: [String]?
        package var required = 1
    }

    /// How a run is cancelled.
    package struct Cancellation: Sendable, Hashable {
        /// Whether attempts under way may finish.
        package var isGraceful = false
        /// How long they may take; nil sets no limit.
        package var gracePeriod: Duration?
        /// What is recorded when nobody says why.
        package var reason: String?
    }

    /// How a run that failed begins again by itself.
    package struct Retry: Sendable, Hashable {
        package var policy: RetryPolicy
        package var from: RetryOrigin = .checkpoint
    }

    package var timeout: Timeout?
    package var retry: Retry?
    package var cancellation = Cancellation()
    package var approvals = Approvals()
    /// How many steps a run may come to before a person is asked; nil fails it at the limit that holds for all.
    package var maximumSteps: Int?
    /// What its models may take before a person is asked; nil sets no limit.
    package var maximumModelTokens: Int?
    package var maximumCostMicros: Int?

    package init() {}
}

extension RunOptions {
    /// Reads the options of `run/create`; every problem is told at once.
    package static func parse(_ value: JSONValue?) throws(InvalidWorkflow) -> RunOptions {
        var options = RunOptions()
        guard let value, value.object?.isEmpty != true else { return options }
        var reader = DocumentReader()
        let root = JSONPointer()
        if let object = reader.object(value, at: root, members: ["timeout", "retry", "cancel", "approvals", "budget"]) {
            if let value = reader.present("timeout", in: object) {
                options.timeout = timeout(value, at: root.appending("timeout"), &reader)
            }
            if let value = reader.present("approvals", in: object) {
                options.approvals = approvals(value, at: root.appending("approvals"), &reader)
            }
            if let value = reader.present("retry", in: object) {
                options.retry = retry(value, at: root.appending("retry"), &reader)
            }
            if let value = reader.present("cancel", in: object) {
                options.cancellation = cancellation(value, at: root.appending("cancel"), &reader)
            }
            if let value = reader.present("budget", in: object) {
                let place = root.appending("budget")
                let members = ["maxSteps", "maxModelTokens", "maxCostMicros"]
                if let budget = reader.object(value, at: place, members: members) {
                    options.maximumSteps = reader.integer("maxSteps", of: budget, at: place, minimum: 1)
                    options.maximumModelTokens = reader.integer("maxModelTokens", of: budget, at: place, minimum: 1)
                    options.maximumCostMicros = reader.integer("maxCostMicros", of: budget, at: place, minimum: 1)
                }
            }
        }
        guard reader.problems.isEmpty else { throw InvalidWorkflow(problems: reader.problems) }
        return options
    }

    private static func timeout(_ value: JSONValue, at pointer: JSONPointer, _ reader: inout DocumentReader) -> Timeout?
    {
        guard let object = reader.object(value, at: pointer, members: ["ms", "action", "clock"]) else { return nil }
        guard let after = reader.duration("ms", of: object, at: pointer) else {
            if reader.present("ms", in: object) == nil { reader.reportMissing("ms", at: pointer) }
            return nil
        }
        var timeout = Timeout(after: after)
        timeout.action = reader.choice("action", of: object, at: pointer) ?? .fail
        timeout.clock = reader.choice("clock", of: object, at: pointer) ?? .active
        return timeout
    }

    private static func retry(_ value: JSONValue, at pointer: JSONPointer, _ reader: inout DocumentReader) -> Retry {
        var retry = Retry(policy: reader.retryPolicy(value, at: pointer, members: ["from"]))
        if case .object(let object) = value {
            retry.from = reader.choice("from", of: object, at: pointer) ?? .checkpoint
        }
        return retry
    }

    private static func cancellation(
        _ value: JSONValue, at pointer: JSONPointer, _ reader: inout DocumentReader
    ) -> Cancellation {
        var cancellation = Cancellation()
        let members = ["graceful", "gracefulTimeoutMs", "reason"]
        guard let object = reader.object(value, at: pointer, members: members) else { return cancellation }
        switch reader.present("graceful", in: object) {
        case .bool(let isGraceful): cancellation.isGraceful = isGraceful
        case let other?: reader.reportType(other, at: pointer.appending("graceful"), expected: "true or false")
        case nil: cancellation.isGraceful = reader.present("gracefulTimeoutMs", in: object) != nil
        }
        cancellation.gracePeriod = reader.duration("gracefulTimeoutMs", of: object, at: pointer)
        cancellation.reason = reader.string("reason", of: object, at: pointer)
        return cancellation
    }

    private static func approvals(_ value: JSONValue, at pointer: JSONPointer, _ reader: inout DocumentReader)
        -> Approvals
    {
        var approvals = Approvals()
        let members = ["expiresAfterMs", "onExpiry", "approvers", "required"]
        guard let object = reader.object(value, at: pointer, members: members) else { return approvals }
        approvals.expiresAfter = reader.duration("expiresAfterMs", of: object, at: pointer)
        approvals.onExpiry = reader.choice("onExpiry", of: object, at: pointer) ?? .expire
        approvals.required = reader.integer("required", of: object, at: pointer, minimum: 1) ?? 1
        if let value = reader.present("approvers", in: object) {
            let names = value.array?.compactMap(\.string)
            if let names, names.count == value.array?.count, !names.isEmpty {
                approvals.approvers = names
            } else {
                reader.reportType(value, at: pointer.appending("approvers"), expected: "a list of names")
            }
        }
        if approvals.onExpiry == .approve, approvals.approvers != nil {
            reader.report(
                Problem(
                    "approval.approvesItself", at: pointer.appending("onExpiry"),
                    "Approvals that name their approvers cannot approve themselves when they expire."))
        }
        return approvals
    }
}
