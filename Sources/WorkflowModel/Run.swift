package import JSON
import Synchronization

/// What a run was made from and never changes. A class, since a run is a value that is handed around.
package final class RunOrigin: Sendable {
    package let id: String
    package let workflow: Workflow
    /// How the run was asked for.
    package let creation: RunCreated
    package let options: RunOptions
    package let createdAt: Timestamp
    /// Made when an expression first asks: most runs have none.
    private let madeBinding = AtomicLazyReference<Binding>()

    init(id: String, workflow: Workflow, creation: RunCreated, options: RunOptions, createdAt: Timestamp) {
        self.id = id
        self.workflow = workflow
        self.creation = creation
        self.options = options
        self.createdAt = createdAt
    }

    /// What `run` is in an expression.
    package var binding: JSONValue {
        if let made = madeBinding.load() { return made.value }
        return madeBinding.storeIfNil(
            Binding([
                "id": .string(id), "workflow": .string(creation.workflow), "createdAt": .string(createdAt.description),
                "cwd": .string(creation.cwd), "labels": .object(creation.labels),
            ])
        ).value
    }

    private final class Binding: Sendable {
        let value: JSONValue

        init(_ value: JSONValue) { self.value = value }
    }
}

/// A durable instance of a workflow: the fold of its journal.
package struct Run: Sendable {
    package private(set) var origin: RunOrigin

    /// Whose past the run began with, if it is a fork.
    package var forkedFrom: RunSource?
    package var status: RunStatus = .pending
    package var isPaused = false
    /// The number of the newest event.
    package var seq = 1
    /// When the newest event happened; time never falls within a run.
    package var lastAt: Timestamp
    package var startedAt: Timestamp?
    /// When the newest execution began, which is when its timeout began to count.
    package var executionStartedAt: Timestamp?
    package var endedAt: Timestamp?
    /// Each execution, and the first event that belongs to it.
    package var executions: [(firstSeq: Int, id: String)] = []
    package var state: JSONObject
    /// Where the workflow's own flow stands.
    package var root: Scope
    /// The scopes within, by key.
    package var inner: [String: Scope] = [:]
    package var active: [ActiveStep] = []
    /// How many steps were entered.
    package var stepCount = 0
    /// How many of them before the run began to clean up and to undo.
    package var stepsBeforeEnd = 0
    /// The greatest number an attempt had; where everything begins anew, the numbers go on from it.
    package var highestAttempt = 0
    /// What attempt numbers begin after, since the run began anew.
    package var attemptBase = 0
    /// The execution in which everything began anew, if it did: idempotency keys are new since then.
    package var renewal: String?
    package var interactions: [Interaction] = []
    /// What agents and their models have said, by the paths of their steps, until those are done.
    package var conversations: [String: Conversation] = [:]
    /// The calls of tools, by their paths, that a person has approved and that have not returned.
    package var approvedCalls: Set<String> = []
    /// What all models took.
    package var usage = ModelUsage()
    /// Signals that no wait has taken, oldest first.
    package var signals: [Signal] = []
    /// What each signal that came with a key was, so that a repetition is known.
    package var signalKeys: [String: String] = [:]
    /// What undoes the steps that are done, in their order.
    package var compensations: [Compensation] = []
    /// How often the step at each path has begun to be undone.
    package var undone: [String: Int] = [:]
    /// Set while the run is on its way to failing or being cancelled.
    package var ending: RunEnding?
    /// Where the run stood when it stopped: what a retry goes on from.
    package var checkpoint: Checkpoint?
    /// How many executions the run's retry policy has used up.
    package var failedExecutions = 0
    /// When the next execution begins by itself.
    package var retryAt: Timestamp?
    /// How often a person has granted the budget of steps again.
    package var budgetGrants = 0
    /// How often the budget of models.
    package var modelBudgetGrants = 0
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
        root = Scope(key: "", flow: workflow.flow, owner: .run, at: at)
        progress.total = workflow.flow.stepTotal
    }

    package var id: String { origin.id }
    package var workflow: Workflow { origin.workflow }
    package var creation: RunCreated { origin.creation }
    package var options: RunOptions { origin.options }
    package var createdAt: Timestamp { origin.createdAt }

    /// The run is asked for in another way from here on; nil keeps the moment of its creation.
    package mutating func changeOrigin(createdAt: Timestamp? = nil, _ change: (inout RunCreated) -> Void) {
        var creation = origin.creation
        change(&creation)
        origin = RunOrigin(
            id: id, workflow: workflow, creation: creation, options: options, createdAt: createdAt ?? origin.createdAt)
    }

    package var executionID: String? { executions.last?.id }

    /// The execution that an event belongs to.
    package func executionID(of seq: Int) -> String? { executions.id(of: seq) }

    /// Approvals and inputs nobody has settled.
    package func interaction(_ id: String) -> Interaction? {
        interactions.first { $0.id == id }
    }

    /// A step that was entered and has not ended.
    package func active(at path: String) -> ActiveStep? { position(of: path).map { active[$0] } }

    /// The place of such a step in the list.
    package func position(of path: String) -> Int? { active.position(of: path) }

    package func scope(_ key: String) -> Scope? {
        key.isEmpty ? root : inner[key]
    }

    // What is asked of a scope all the time: the scope itself would be copied.

    /// What the newest step of a scope left.
    package func lastResult(in key: String) -> JSONValue {
        key.isEmpty ? root.lastResult : inner[key]?.lastResult ?? .null
    }

    /// The flow that a scope stands in.
    package func flow(of key: String) -> Flow? {
        key.isEmpty ? root.flow : inner[key]?.flow
    }

    /// The children whose end some step waits for.
    package var children: [String] { active.children }
}

extension [(firstSeq: Int, id: String)] {
    /// The execution that an event belongs to.
    package func id(of seq: Int) -> String? {
        for index in indices.reversed() where self[index].firstSeq <= seq { return self[index].id }
        return nil
    }
}

extension [ActiveStep] {
    /// The place of the step with that path.
    package func position(of path: String) -> Int? {
        // A plain loop: to hand each step to a closure would copy it.
        for index in indices where self[index].path == path { return index }
        return nil
    }

    package var children: [String] {
        compactMap { if case .child(let id, _) = $0.phase { id } else { nil } }
    }
}

/// A signal that came and was not taken yet.
package struct Signal: Sendable, Hashable {
    package var name: String
    package var payload: JSONValue?
    /// What the sender knows it by, so that a repetition does nothing.
    package var idempotencyKey: String?

    package init(name: String, payload: JSONValue?, idempotencyKey: String?) {
        self.name = name
        self.payload = payload
        self.idempotencyKey = idempotencyKey
    }

    /// The same for two signals that say the same.
    package var fingerprint: String {
        ContentHash.of([.string(name), payload ?? .null])
    }
}

/// What undoes a step that is done, with what its expressions see.
package struct Compensation: Sendable {
    package var path: String
    package var step: Step
    package var result: JSONValue
    package var locals: JSONObject

    package init(path: String, step: Step, result: JSONValue, locals: JSONObject) {
        self.path = path
        self.step = step
        self.result = result
        self.locals = locals
    }
}

/// Where a run stood: the steps that were entered and not done, and their scopes.
package struct Checkpoint: Sendable {
    package var active: [ActiveStep]
    package var inner: [String: Scope]

    package init(active: [ActiveStep], inner: [String: Scope]) {
        self.active = active
        self.inner = inner
    }
}
