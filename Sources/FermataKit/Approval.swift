import JSON

/// What a person decided.
public struct Approval: Codable, Sendable, Hashable {
    /// What became of the question.
    public enum Status: String, Codable, Sendable, Hashable {
        /// Enough people were for it.
        case approved
        /// Somebody was against it.
        case rejected
        /// Nobody decided in time.
        case expired
    }

    /// What became of the question.
    public var status: Status
    /// Who decided.
    public var approver: String?
    /// What they said.
    public var message: String?

    /// Whether it was approved.
    public var isApproved: Bool { status == .approved }

    /// A decision for it.
    public static func approved(by approver: String, message: String? = nil) -> Approval {
        Approval(status: .approved, approver: approver, message: message)
    }

    /// A decision against it.
    public static func rejected(by approver: String, message: String? = nil) -> Approval {
        Approval(status: .rejected, approver: approver, message: message)
    }
}

/// Who may approve, and how long they have.
public struct ApprovalPolicy: Sendable, Hashable {
    /// What becomes of an approval that nobody decided in time.
    public enum Expiry: String, Sendable, Hashable {
        /// It has expired, and nobody is taken to have approved.
        case expire
        /// It counts as approved. Refused where approvers are named.
        case approve
    }

    /// Who may decide; empty for anyone.
    public var approvers: [String]
    /// How many of them must approve.
    public var required: Int
    /// How long they have; nil for as long as they like.
    public var expiresAfter: Duration?
    /// What comes then.
    public var onExpiry: Expiry

    /// One approval of anybody's, whenever it comes, unless it is said otherwise.
    public init(
        approvers: [String] = [], required: Int = 1, expiresAfter: Duration? = nil, onExpiry: Expiry = .expire
    ) {
        self.approvers = approvers
        self.required = required
        self.expiresAfter = expiresAfter
        self.onExpiry = onExpiry
    }

    var json: JSONObject {
        var members: JSONObject = ["required": .number(JSONNumber(required))]
        if !approvers.isEmpty { members["approvers"] = .array(approvers.map { .string($0) }) }
        members["expiresAfterMs"] = expiresAfter?.json
        if onExpiry == .approve { members["onExpiry"] = .string(onExpiry.rawValue) }
        return members
    }
}

/// A run waits for a person's decision.
public struct ApprovalRequest: Sendable, Hashable, Identifiable {
    /// What the question goes by.
    public let id: String
    /// The step that asks.
    public let step: String
    /// What is to be decided.
    public let message: String
    /// Who may decide; empty for anyone.
    public let approvers: [String]
}

/// A run waits for something that a person must say.
public struct InputRequest: Sendable, Hashable, Identifiable {
    /// What the question goes by.
    public let id: String
    /// The step that asks.
    public let step: String
    /// What is asked.
    public let prompt: String
}
