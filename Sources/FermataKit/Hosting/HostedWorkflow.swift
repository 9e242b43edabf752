import JSON
import Synchronization
import WorkflowEngine
import WorkflowModel

/// What a run can be made of here.
protocol Hosted: Sendable {
    var definition: RunRequest.Definition { get }

    /// Throws why no run of it can be performed here.
    func check(_ link: EngineLink) async throws(WorkflowFailure)

    /// Lets the engine run it, and this run with this very value.
    func register(in registry: WorkflowRegistry, for run: String?) throws(WorkflowFailure)

    /// Calls its function for a run that is about to be created; nil for what has none.
    func begin(_ run: String, _ input: JSONValue, _ link: EngineLink, _ registry: WorkflowRegistry) -> ProgramExecution?
}

extension Hosted {
    func check(_ link: EngineLink) async throws(WorkflowFailure) {}

    func begin(
        _ run: String, _ input: JSONValue, _ link: EngineLink, _ registry: WorkflowRegistry
    ) -> ProgramExecution? { nil }
}

/// A workflow without its types: what the engine is told, and what runs when it asks for it.
struct HostedWorkflow: Hosted {
    let name: String
    let body: @Sendable (JSONValue, Context) async throws -> JSONValue

    init<Typed: Workflow>(_ workflow: Typed) {
        name = Typed.name
        body = { input, context in
            let typed: Typed.Input
            do {
                typed = try JSONCoding.decode(Typed.Input.self, from: input)
            } catch {
                throw WorkflowFailure.misuse(
                    "input.invalid",
                    "The input of the workflow \"\(Typed.name)\" is no \(Typed.Input.self): \(JSONCoding.explanation(of: error))"
                )
            }
            return try JSONCoding.encode(await workflow.execute(typed, in: context))
        }
    }

    /// Whether a workflow can have its name. A type within a generic one has none of that kind.
    fileprivate var isNamed: Bool { WorkflowModel.Workflow.hosted(named: name) != nil }

    /// A workflow that is hosted already has a name.
    func checkName(in registry: WorkflowRegistry) throws(WorkflowFailure) {
        guard !registry.hosts(name), !isNamed else { return }
        throw .misuse(
            "workflow.invalid",
            "\"\(name)\" is no name of a workflow, which has 1 to 128 letters, digits, and the marks . _ - /. "
                + "Declare another one: static let name = \"…\".")
    }

    var definition: RunRequest.Definition { .registered(name: name, version: nil) }

    func register(in registry: WorkflowRegistry, for run: String?) throws(WorkflowFailure) {
        try checkName(in: registry)
        if let run { registry.add(self, for: run) }
    }

    func begin(
        _ run: String, _ input: JSONValue, _ link: EngineLink, _ registry: WorkflowRegistry
    ) -> ProgramExecution? {
        let program = ProgramExecution(of: run, link, registry, isEarly: true)
        registry.add(program, of: run)
        program.begin(self, input, isImmediate: true)
        return program
    }
}

/// The workflows that this process hosts. Safe from any thread.
final class WorkflowRegistry: Sendable {
    private struct State {
        var byName: [String: HostedWorkflow] = [:]
        /// A run that began here keeps the value that it began with.
        var byRun: [String: HostedWorkflow] = [:]
        /// What flows bring along, by the names of handlers.
        var bodies: [String: StepBody] = [:]
        /// Calls of functions whose runs are about to be created.
        var early: [String: ProgramExecution] = [:]
    }

    private let state = Mutex(State())

    /// One that no workflow can be named like is refused when a run of it is asked for.
    init(_ workflows: [HostedWorkflow], _ flows: [Flow]) {
        for workflow in workflows where workflow.isNamed { add(workflow) }
        for flow in flows { add(flow.bodies, of: flow.name) }
    }

    func add(_ workflow: HostedWorkflow) {
        state.withLock { $0.byName[workflow.name] = workflow }
    }

    func add(_ workflow: HostedWorkflow, for run: String) {
        state.withLock { state in
            state.byName[workflow.name] = workflow
            state.byRun[run] = workflow
        }
    }

    func add(_ bodies: [StepBody], of flow: String) {
        state.withLock { state in
            for body in bodies { state.bodies[StepBody.handler(of: body.name, in: flow)] = body }
        }
    }

    func body(of handler: String) -> StepBody? {
        state.withLock { $0.bodies[handler] }
    }

    func add(_ program: ProgramExecution, of run: String) {
        state.withLock { $0.early[run] = program }
    }

    func takeEarly(of run: String) -> ProgramExecution? {
        state.withLock { $0.early.removeValue(forKey: run) }
    }

    func forget(run: String) {
        state.withLock { $0.byRun[run] = nil }
    }

    var names: Set<String> { state.withLock { Set($0.byName.keys) } }

    func hosts(_ name: String) -> Bool {
        state.withLock { $0.byName[name] != nil }
    }

    func workflow(_ name: String, of run: String) -> HostedWorkflow? {
        state.withLock { $0.byRun[run] ?? $0.byName[name] }
    }
}
