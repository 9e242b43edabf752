package import JSON
package import WorkflowModel

/// What `run/create` asks for.
package struct RunRequest: Sendable {
    package enum Definition: Sendable {
        case registered(name: String, version: String?)
        case document(JSONValue)
    }

    package var definition: Definition
    package var input: JSONValue?
    package var options: JSONValue?
    package var labels: JSONObject = [:]
    /// The client's choice of an id.
    package var runID: RunID?
    /// Whether the id was made for this request, so that nobody can have used it and nobody will ask by it again.
    package var isNew = false
    package var idempotencyKey: String?
    package var starts = false
    package var cwd: String
    package var client: String?

    package init(definition: Definition, cwd: String) {
        self.definition = definition
        self.cwd = cwd
    }

    /// What makes two requests the same.
    var fingerprint: String {
        var members: JSONObject = ["start": .bool(starts), "labels": .object(labels)]
        switch definition {
        case .registered(let name, let version):
            members["workflow"] = .string(name)
            members["version"] = version.map { .string($0) }
        case .document(let document): members["workflow"] = document
        }
        members["input"] = input
        members["options"] = options
        members["runId"] = runID.map { .string($0) }
        return ContentHash.of(.object(members))
    }
}

/// The one handle of a created run.
package struct CreatedRun: Sendable, Hashable {
    package var runID: RunID
    package var seq: Int
    package var status: RunStatus
    package var executionID: String?

    package init(runID: RunID, seq: Int, status: RunStatus, executionID: String?) {
        self.runID = runID
        self.seq = seq
        self.status = status
        self.executionID = executionID
    }
}
