import JSON
import WorkflowModel

/// How a run is to be treated, and who is told of it.
///
/// The closures are called in the order of what they tell, one after the other; a question is asked beside them. All have been
/// called when ``Execution/result`` returns.
public struct RunOptions<Output: Sendable>: Sendable {
    /// The run's id. A run that is started again under the id of one that is there is that run.
    public var id: String?
    /// How long it may take.
    public var timeout: Timeout?
    /// How often it begins again by itself when it has failed.
    public var retry: Retry?
    /// How it is cancelled.
    public var cancel: Cancel?
    /// What approvals take that do not say it themselves.
    public var approval: ApprovalPolicy?
    /// After how much a person is asked whether it may go on.
    public var budget: Budget?
    /// What the run can be found by.
    public var labels: [String: String]
    /// Told of each status there is.
    public var onStatusChange: (@Sendable (RunStatus) -> Void)?
    /// Told of the output when the run has completed.
    public var onComplete: (@Sendable (Output) -> Void)?
    /// Told why when the run has failed.
    public var onFailed: (@Sendable (WorkflowFailure) -> Void)?
    /// Told of each piece of text, as it comes.
    public var onTextDelta: (@Sendable (String) -> Void)?
    /// Asked for the answer when the run waits for an input. What it throws leaves the question open.
    public var onInputRequested: (@Sendable (InputRequest) async throws -> any Encodable & Sendable)?
    /// Asked for the decision when the run waits for an approval. What it throws leaves the question open.
    public var onApprovalRequested: (@Sendable (ApprovalRequest) async throws -> Approval)?

    /// Options that say what they are given.
    public init(
        id: String? = nil, timeout: Timeout? = nil, retry: Retry? = nil, cancel: Cancel? = nil,
        approval: ApprovalPolicy? = nil, budget: Budget? = nil, labels: [String: String] = [:],
        onStatusChange: (@Sendable (RunStatus) -> Void)? = nil,
        onComplete: (@Sendable (Output) -> Void)? = nil,
        onFailed: (@Sendable (WorkflowFailure) -> Void)? = nil,
        onTextDelta: (@Sendable (String) -> Void)? = nil,
        onInputRequested: (@Sendable (InputRequest) async throws -> any Encodable & Sendable)? = nil,
        onApprovalRequested: (@Sendable (ApprovalRequest) async throws -> Approval)? = nil
    ) {
        self.id = id
        self.timeout = timeout
        self.retry = retry
        self.cancel = cancel
        self.approval = approval
        self.budget = budget
        self.labels = labels
        self.onStatusChange = onStatusChange
        self.onComplete = onComplete
        self.onFailed = onFailed
        self.onTextDelta = onTextDelta
        self.onInputRequested = onInputRequested
        self.onApprovalRequested = onApprovalRequested
    }
}

/// How long a run may take, and what happens then.
public struct Timeout: Sendable, Hashable {
    /// What happens when it has passed.
    public enum Action: String, Sendable, Hashable {
        /// The run fails as `run.timedOut`.
        case fail
        /// The run is cancelled.
        case cancel
        /// It is told, and the run goes on.
        case notify
    }

    /// How long.
    public var after: Duration
    /// What happens then.
    public var action: Action
    /// Whether time spent paused, or waiting for a person, counts.
    public var countsWaiting: Bool

    /// A timeout; without more it fails the run, and time spent paused or waiting for a person does not count.
    public init(after: Duration, action: Action = .fail, countsWaiting: Bool = false) {
        self.after = after
        self.action = action
        self.countsWaiting = countsWaiting
    }

    /// Fails the run after so many seconds.
    public static func seconds(_ seconds: Int) -> Timeout { Timeout(after: .seconds(seconds)) }
}

/// How often, and how soon, a step or a run that failed is tried again.
public struct Retry: Sendable, Hashable {
    /// How the delay grows.
    public enum Backoff: String, Sendable, Hashable {
        /// It stays as it is.
        case fixed
        /// It grows by itself with each attempt.
        case linear
        /// It doubles with each attempt.
        case exponential
    }

    /// Where a run goes on from.
    public enum Origin: String, Sendable, Hashable {
        /// What is recorded stays.
        case checkpoint
        /// Everything is done anew.
        case start
    }

    /// How many attempts there may be, the first included.
    public var attempts: Int
    /// How long it is until the second.
    public var delay: Duration
    /// How that grows from attempt to attempt.
    public var backoff: Backoff
    /// How far it grows.
    public var maximumDelay: Duration?
    /// Which part of it is left to chance, from 0 to 1.
    public var jitter: Double
    /// The kinds of failure that another attempt cannot help.
    public var except: [String]
    /// Where a run begins again; a step knows nothing of it.
    public var from: Origin

    /// So many attempts in all.
    public init(
        attempts: Int, delay: Duration = .zero, backoff: Backoff = .fixed, maximumDelay: Duration? = nil,
        jitter: Double = 0, except: [String] = [], from: Origin = .checkpoint
    ) {
        self.attempts = attempts
        self.delay = delay
        self.backoff = backoff
        self.maximumDelay = maximumDelay
        self.jitter = jitter
        self.except = except
        self.from = from
    }
}

/// What a run may come to before a person is asked whether it may go on with as much again. What is nil does not count.
public struct Budget: Sendable, Hashable {
    /// How many steps.
    public var steps: Int?
    /// How many tokens its models may take, in and out.
    public var modelTokens: Int?
    /// What its models may cost, in millionths of the currency of their prices.
    public var costMicros: Int?

    /// A budget; a run whose budget is refused fails as `budget.exceeded`.
    public init(steps: Int? = nil, modelTokens: Int? = nil, costMicros: Int? = nil) {
        self.steps = steps
        self.modelTokens = modelTokens
        self.costMicros = costMicros
    }
}

/// How a run is cancelled.
public struct Cancel: Sendable, Hashable {
    /// How long steps under way may take to finish; zero stops them at once.
    public var grace: Duration
    /// What is recorded where nobody says why.
    public var reason: String?

    /// Lets steps under way finish within `grace`.
    public init(grace: Duration = .zero, reason: String? = nil) {
        self.grace = grace
        self.reason = reason
    }
}

// MARK: As the engine reads them

extension RunOptions {
    var json: JSONValue {
        var members: JSONObject = [:]
        members["timeout"] = timeout.map {
            [
                "ms": $0.after.json, "action": .string($0.action.rawValue),
                "clock": .string($0.countsWaiting ? "wall" : "active"),
            ]
        }
        if let retry {
            var policy = retry.json
            policy["from"] = .string(retry.from.rawValue)
            members["retry"] = .object(policy)
        }
        if let cancel {
            var policy: JSONObject = ["graceful": .bool(cancel.grace > .zero)]
            if cancel.grace > .zero { policy["gracefulTimeoutMs"] = cancel.grace.json }
            policy["reason"] = cancel.reason.map { .string($0) }
            members["cancel"] = .object(policy)
        }
        members["approvals"] = approval.map { .object($0.json) }
        if let budget {
            var limits: JSONObject = [:]
            limits["maxSteps"] = budget.steps.map { JSONValue($0) }
            limits["maxModelTokens"] = budget.modelTokens.map { JSONValue($0) }
            limits["maxCostMicros"] = budget.costMicros.map { JSONValue($0) }
            members["budget"] = .object(limits)
        }
        return .object(members)
    }
}

extension Retry {
    var json: JSONObject {
        var members: JSONObject = [
            "attempts": .number(JSONNumber(attempts)), "delayMs": delay.json, "backoff": .string(backoff.rawValue),
        ]
        members["maxDelayMs"] = maximumDelay?.json
        if jitter != 0 { members["jitter"] = JSONValue(jitter) }
        if !except.isEmpty { members["nonRetryable"] = .array(except.map { .string($0) }) }
        return members
    }
}

extension Duration {
    /// In whole milliseconds.
    var json: JSONValue { .number(JSONNumber(Int(milliseconds))) }
}
