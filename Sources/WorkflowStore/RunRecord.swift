package import JSON
package import WorkflowModel

/// A run's row: what lists and recovery need without its journal.
///
/// It is written when the run is created, changes its status, parks, changes hands or ends; not at every append. The journal
/// is the truth, this row is an index to it.
package struct RunRecord: Sendable, Hashable {
    /// The store's own short key, given at insertion; events refer to it.
    package var key: Int64
    package var id: String
    package var namespace: String
    package var workflow: String
    package var version: String
    package var status: RunStatus
    package var isPaused: Bool
    package var labels: JSONObject
    package var cwd: String
    package var createdAt: Timestamp
    package var startedAt: Timestamp?
    package var endedAt: Timestamp?
    /// The engine that performs the run's effects; nil when the run is parked or has ended.
    package var owner: String?
    /// Grows each time the run changes hands.
    package var epoch: Int64
    /// The run whose step this one is.
    package var parent: String?
    /// The earliest deadline of the run, so that a parked run costs no more than this.
    package var wakeAt: Timestamp?
    /// The newest event that a snapshot of the run includes; nil when it has none.
    package var snapshotSeq: Int?
    /// The newest event there was when the row was written: a journal that ends before it has lost some. Nil of a row that an
    /// older version wrote last.
    package var lastSeq: Int?

    package init(
        key: Int64 = 0, id: String, namespace: String, workflow: String, version: String, status: RunStatus,
        isPaused: Bool = false, labels: JSONObject = [:], cwd: String, createdAt: Timestamp
    ) {
        self.key = key
        self.id = id
        self.namespace = namespace
        self.workflow = workflow
        self.version = version
        self.status = status
        self.isPaused = isPaused
        self.labels = labels
        self.cwd = cwd
        self.createdAt = createdAt
        self.epoch = 0
    }

    /// Whether it has an owner, or is unfinished, started and due for one.
    package var isUnparked: Bool { owner != nil || status == .inProgress }

    /// What of the row changes in the life of a run.
    package struct Standing: Sendable, Hashable {
        package var status: RunStatus
        package var isPaused: Bool
        package var startedAt: Timestamp?
        package var endedAt: Timestamp?
        package var owner: String?
        package var epoch: Int64
        package var wakeAt: Timestamp?
    }

    package var standing: Standing {
        Standing(
            status: status, isPaused: isPaused, startedAt: startedAt, endedAt: endedAt, owner: owner, epoch: epoch,
            wakeAt: wakeAt)
    }
}

/// Which runs `run/list` asks for. A nil member asks for nothing.
package struct RunFilter: Sendable, Hashable {
    package var namespace: String?
    package var statuses: [RunStatus] = []
    package var workflow: String?
    /// Each of these labels must be there with an equal value.
    package var labels: JSONObject = [:]
    package var createdAfter: Timestamp?
    package var createdBefore: Timestamp?
    package var isPaused: Bool?
    /// The id of the run whose children are asked for.
    package var parent: String?

    package init() {}
}
