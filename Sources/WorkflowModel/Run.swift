package import JSON

/// What a run was made from and never changes. A class, since a run is a value that is handed around.
package final class RunOrigin: Sendable {
    package let id: String
    package let workflow: Workflow
    /// How the run was asked for.
    package let creation: RunCreated
    package let options: RunOptions
    package let createdAt: Timestamp
    /// What `run` is in an expression.
    package let binding: JSONValue

    init(id: String, workflow: Workflow, creation: RunCreated, options: RunOptions, createdAt: Timestamp) {
        self.id = id
        self.workflow = workflow
        self.creation = creation
        self.options = options
        self.createdAt = createdAt
        binding = [
            "id": .string(id), "workflow": .string(creation.workflow), "createdAt": .string(createdAt.description),
            "cwd": .string(creation.cwd), "labels": .object(creation.labels),
        ]
    }
}

/// A durable instance of a workflow: the fold of its journal.
package struct Run: Sendable {
    package let origin: RunOrigin

    package var status: RunStatus = .pending
    package var isPaused = false
    /// The number of the newest event.
    package var seq = 1
    /// When the newest event happened; time never falls within a run.
    package var lastAt: Timestamp
    package var startedAt: Timestamp?
    package var endedAt: Timestamp?
    /// Each execution, and the first event that belongs to it.
    package var executions: [(firstSeq: Int, id: String)] = []
    package var state: JSONObject
    package var root = Scope(path: "")
    package var active: [ActiveStep] = []
    package var interactions: [Interaction] = []
    package var progress = Progress()
    package var output: JSONValue?
    package var failure: Failure?
    package var cancelReason: String?
    /// Whether the run's timeout has passed and was told.
    package var isTimedOut = false
    /// How long the active clock had run when it last stopped.
    package var activeTime: Duration = .zero
    /// Since when the active clock runs; nil while it stands.
    package var activeSince: Timestamp?

    package init(id: String, workflow: Workflow, creation: RunCreated, options: RunOptions, at: Timestamp) {
        origin = RunOrigin(id: id, workflow: workflow, creation: creation, options: options, createdAt: at)
        lastAt = at
        state = workflow.state
        progress.total = workflow.flow.steps.count
    }

    package var id: String { origin.id }
    package var workflow: Workflow { origin.workflow }
    package var creation: RunCreated { origin.creation }
    package var options: RunOptions { origin.options }
    package var createdAt: Timestamp { origin.createdAt }

    package var executionID: String? { executions.last?.id }

    /// The execution that an event belongs to.
    package func executionID(of seq: Int) -> String? {
        executions.last { $0.firstSeq <= seq }?.id
    }

    /// Approvals and inputs nobody has settled.
    package func interaction(_ id: String) -> Interaction? {
        interactions.first { $0.id == id }
    }
}

/// Where a run stands within one flow: what its steps left, and how often each was entered.
package struct Scope: Sendable {
    /// Names that expressions may use.
    package static let boundNames = ["input", "state", "result", "steps", "iteration", "run"]

    package var path: String
    /// `steps.<name>`: what the newest iteration of each step left.
    package var results: JSONObject = [:]
    /// What the newest step of the scope left.
    package var lastResult: JSONValue = .null
    package var iterations: [String: Int] = [:]

    package init(path: String) {
        self.path = path
    }

    /// `scope/step#iteration`; the first iteration goes without saying.
    package func path(of step: String, iteration: Int) -> String {
        let name = iteration == 1 ? step : "\(step)#\(iteration)"
        return path.isEmpty ? name : "\(path)/\(name)"
    }
}

/// A step that was entered and has not ended.
package struct ActiveStep: Sendable {
    package enum Phase: Sendable, Hashable {
        /// The flow has come here; nothing was started.
        case entered
        /// An attempt is under way.
        case running(since: Timestamp)
        /// The next attempt starts then.
        case backingOff(until: Timestamp)
        /// A person is asked.
        case asking(interactionID: String)
        case waiting(until: Timestamp)
    }

    package let path: String
    package let step: Step
    package let iteration: Int
    package var phase: Phase = .entered
    /// The number of the newest attempt; 0 before the first.
    package var attempt = 0
    /// How many attempts failed; interruptions do not count.
    package var failures = 0
    /// What the body gets, computed when the first attempt started.
    package var input: JSONValue = .null

    package init(path: String, step: Step, iteration: Int) {
        self.path = path
        self.step = step
        self.iteration = iteration
    }
}
