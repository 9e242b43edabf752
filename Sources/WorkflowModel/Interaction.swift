package import JSON

/// A question to a person: an approval or an input.
package struct Interaction: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case approval, input
    }

    package struct Vote: Sendable, Hashable {
        package var approver: String
        package var decision: ApprovalDecision
        package var message: String?
        package var at: Timestamp

        package init(approver: String, decision: ApprovalDecision, message: String?, at: Timestamp) {
            self.approver = approver
            self.decision = decision
            self.message = message
            self.at = at
        }
    }

    package var id: String
    package var kind: Kind
    package var path: String
    /// An approval's message, or an input's prompt, as the person saw it.
    package var text: String
    package var show: JSONValue?
    /// What an input's answer must fit.
    package var schema: JSONValue?
    /// What an expired input answers itself with.
    package var fallback: JSONValue?
    /// Who may decide; nil means anyone.
    package var approvers: [String]?
    package var required = 1
    package var votes: [Vote] = []
    package var expiresAt: Timestamp?
    package var onExpiry: ExpiryPolicy = .expire
    /// `interrupted` when the question is whether an attempt may run again.
    package var reason: String?
    package var createdAt: Timestamp

    package init(id: String, kind: Kind, path: String, text: String, createdAt: Timestamp) {
        self.id = id
        self.kind = kind
        self.path = path
        self.text = text
        self.createdAt = createdAt
    }
}

package enum ApprovalDecision: String, Sendable, Hashable, CaseIterable {
    case approved, rejected
}

// MARK: The shape of the wire

extension Interaction.Vote {
    package var json: JSONValue {
        var members: JSONObject = ["approver": .string(approver), "decision": .string(decision.rawValue)]
        members["message"] = message.map { .string($0) }
        members["at"] = .string(at.description)
        return .object(members)
    }

    init?(json: JSONValue) {
        guard let approver = json["approver"]?.string,
            let decision = json["decision"]?.string.flatMap(ApprovalDecision.init),
            let at = json["at"]?.string.flatMap(Timestamp.init(parsing:))
        else { return nil }
        self.init(approver: approver, decision: decision, message: json["message"]?.string, at: at)
    }
}

extension Interaction {
    package var json: JSONObject {
        var members: JSONObject = ["interactionId": .string(id), "kind": .string(kind.rawValue), "path": .string(path)]
        members[kind == .approval ? "message" : "prompt"] = .string(text)
        members["show"] = show
        if kind == .approval {
            members["approvers"] = approvers.map { .array($0.map { .string($0) }) }
            members["required"] = .number(JSONNumber(required))
            if onExpiry == .approve { members["onExpiry"] = .string(onExpiry.rawValue) }
        } else {
            members["schema"] = schema
            members["default"] = fallback
        }
        // An input has none, and says so: whoever reads questions need not ask which kind it is.
        members["votes"] = .array(votes.map(\.json))
        members["reason"] = reason.map { .string($0) }
        members["expiresAt"] = expiresAt.map { .string($0.description) }
        members["createdAt"] = .string(createdAt.description)
        return members
    }

    package init?(json: JSONValue) {
        guard let id = json["interactionId"]?.string, let kind = json["kind"]?.string.flatMap(Kind.init),
            let path = json["path"]?.string, let text = json[kind == .approval ? "message" : "prompt"]?.string,
            let createdAt = json["createdAt"]?.string.flatMap(Timestamp.init(parsing:))
        else { return nil }
        self.init(id: id, kind: kind, path: path, text: text, createdAt: createdAt)
        show = json["show"]
        // Each kind has members of its own, and what was never written for it is not read.
        switch kind {
        case .approval:
            approvers = json["approvers"]?.array?.compactMap(\.string)
            required = json["required"]?.tally ?? 1
            onExpiry = json["onExpiry"]?.string.flatMap(ExpiryPolicy.init) ?? .expire
        case .input:
            schema = json["schema"]
            fallback = json["default"]
        }
        votes = json["votes"]?.array?.compactMap(Vote.init(json:)) ?? []
        expiresAt = json["expiresAt"]?.string.flatMap(Timestamp.init(parsing:))
        reason = json["reason"]?.string
    }
}
