import JSON

/// How often, and how soon, something that failed is tried again: a step, or a whole run.
package struct RetryPolicy: Sendable, Hashable {
    package enum Backoff: String, Sendable, Hashable, CaseIterable {
        case fixed, linear, exponential
    }

    /// How many attempts there may be, the first included.
    package var attempts = 1
    package var delay: Duration = .zero
    package var backoff: Backoff = .fixed
    package var maximumDelay: Duration?
    /// Which part of the delay is left to chance, from 0 (none) to 1 (all of it).
    package var jitter = 0.0
    /// Kinds of failure that another attempt cannot help.
    package var nonRetryable: [String] = []

    package init() {}

    /// Whether another attempt may follow when so many have failed, the last one like this.
    package func allows(_ failure: Failure, failures: Int) -> Bool {
        failure.isRetryable && failures < attempts && !nonRetryable.contains(failure.kind)
    }

    /// The delay after so many failures (at least 1); `chance` is drawn evenly from 0 to 1 and shortens it by the jitter.
    package func delay(afterFailures failures: Int, chance: Double) -> Duration {
        let full = min(grown(failures), maximumDelay?.milliseconds ?? .max)
        return .milliseconds(jitter == 0 ? full : full - Int64(Double(full) * jitter * chance))
    }

    private func grown(_ failures: Int) -> Int64 {
        let base = delay.milliseconds
        guard base > 0 else { return 0 }
        return switch backoff {
        case .fixed: base
        case .linear: Self.product(base, Int64(failures))
        case .exponential: failures > 62 ? .max : Self.product(base, 1 << Int64(failures - 1))
        }
    }

    private static func product(_ left: Int64, _ right: Int64) -> Int64 {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? .max : product
    }
}

extension DocumentReader {
    mutating func retryPolicy(
        _ value: JSONValue, at pointer: JSONPointer, members: [String] = []
    ) -> RetryPolicy {
        var policy = RetryPolicy()
        guard let object = object(value, at: pointer, members: Form.retry.names + members) else { return policy }
        policy.attempts = integer("attempts", of: object, at: pointer, minimum: 1) ?? 1
        policy.delay = duration("delayMs", of: object, at: pointer) ?? .zero
        policy.backoff = choice("backoff", of: object, at: pointer) ?? .fixed
        policy.maximumDelay = duration("maxDelayMs", of: object, at: pointer)
        switch present("jitter", in: object) {
        case .bool(let isFull): policy.jitter = isFull ? 1 : 0
        default: policy.jitter = fraction("jitter", of: object, at: pointer) ?? 0
        }
        policy.nonRetryable = strings("nonRetryable", of: object, at: pointer) ?? []
        return policy
    }
}
