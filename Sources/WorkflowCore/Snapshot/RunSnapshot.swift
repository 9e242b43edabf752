import JSON
package import WorkflowModel

// A run's whole state as one JSON text. It is a cache of a fold: whoever cannot read it folds the journal.

extension Run {
    /// Which texts this version reads: it grows with every change of what a run is, or of how it is written down.
    package static let snapshotVersion = 1

    /// All there is to the run but its id and its workflow. Equal runs have equal texts.
    package var snapshot: [UInt8] {
        var writing = self
        var archive = StateArchive()
        // What is written is not read, so nothing of it is unreadable.
        try? writing.archive(&archive)
        let places = RunPlaces(writing: self)
        var members: JSONObject = ["creation": creation.stored, "createdAt": createdAt.stored]
        for (name, value) in archive.members { members.set(name, to: value) }
        for (name, value) in places.members { members.set(name, to: value) }
        var writer = JSONWriter(reservingCapacity: 4096)
        writer.value(.object(members))
        return writer.bytes
    }

    /// The run that a text was made of, under this id. Nil when it was not made by this version, of this workflow, or is
    /// damaged.
    package init?(snapshot: [UInt8], id: String, workflow: Workflow) {
        guard case .object(let members)? = try? JSONValue(parsing: snapshot),
            let creation = members["creation"].flatMap(RunCreated.init(stored:)),
            let createdAt = members["createdAt"].flatMap(Timestamp.init(stored:)),
            let options = try? RunOptions.parse(creation.options)
        else { return nil }
        self.init(id: id, workflow: workflow, creation: creation, options: options, at: createdAt)
        do throws(UnreadableState) {
            var archive = StateArchive(reading: members)
            try self.archive(&archive)
            try RunPlaces.read(members, into: &self)
        } catch {
            return nil
        }
    }

    /// Everything but where the run stands.
    private mutating func archive(_ archive: inout StateArchive) throws(UnreadableState) {
        try archive.member("seq", &seq)
        try archive.member("lastAt", &lastAt)
        try archive.member("status", &status)
        try archive.member("isPaused", &isPaused)
        try archive.member("forkedFrom", &forkedFrom)
        try archive.member("startedAt", &startedAt)
        try archive.member("executionStartedAt", &executionStartedAt)
        try archive.member("endedAt", &endedAt)
        var list = executions.map(Execution.init)
        try archive.member("executions", &list)
        executions = list.map { ($0.firstSeq, $0.id) }
        try archive.member("state", &state)
        try archive.member("stepCount", &stepCount)
        try archive.member("stepsBeforeEnd", &stepsBeforeEnd)
        try archive.member("highestAttempt", &highestAttempt)
        try archive.member("attemptBase", &attemptBase)
        try archive.member("renewal", &renewal)
        try archive.member("interactions", &interactions)
        try archive.member("conversations", &conversations)
        try archive.member("approvedCalls", &approvedCalls)
        try archive.member("usage", &usage)
        try archive.member("signals", &signals)
        try archive.member("signalKeys", &signalKeys)
        try archive.member("undone", &undone)
        try archive.member("ending", &ending)
        try archive.member("failedExecutions", &failedExecutions)
        try archive.member("retryAt", &retryAt)
        try archive.member("budgetGrants", &budgetGrants)
        try archive.member("modelBudgetGrants", &modelBudgetGrants)
        try archive.member("progress", &progress)
        try archive.member("output", &output)
        try archive.member("failure", &failure)
        try archive.member("cancelReason", &cancelReason)
        try archive.member("isTimedOut", &isTimedOut)
        try archive.member("activeTime", &activeTime)
        try archive.member("activeSince", &activeSince)
    }
}

private struct Execution: Archived {
    var firstSeq = 0
    var id = ""

    init() {}

    init(_ execution: (firstSeq: Int, id: String)) { (firstSeq, id) = execution }

    mutating func archive(_ archive: inout StateArchive) throws(UnreadableState) {
        try archive.member("firstSeq", &firstSeq)
        try archive.member("id", &id)
    }
}
