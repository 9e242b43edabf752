import JSON
import Synchronization
import WorkflowEngine
import WorkflowModel

/// A workflow without its types: what the engine is told, and what runs when it asks for it.
struct HostedWorkflow: Sendable {
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

    /// A type within a generic one has a name that no workflow can have.
    func checkName() throws(WorkflowFailure) {
        guard WorkflowModel.Workflow.hosted(named: name) == nil else { return }
        throw .misuse(
            "workflow.invalid",
            "\"\(name)\" is no name of a workflow, which has 1 to 128 letters, digits, and the marks . _ - /. "
                + "Declare another one: static let name = \"…\".")
    }

    var definition: RunRequest.Definition { .registered(name: name, version: nil) }
}

/// The workflows that this process hosts. Safe from any thread.
final class WorkflowRegistry: Sendable {
    private struct State {
        var byName: [String: HostedWorkflow] = [:]
        /// A run that began here keeps the value that it began with.
        var byRun: [String: HostedWorkflow] = [:]
    }

    private let state = Mutex(State())

    init(_ workflows: [HostedWorkflow] = []) {
        for workflow in workflows { add(workflow) }
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

    func forget(run: String) {
        state.withLock { $0.byRun[run] = nil }
    }

    func hosts(_ name: String) -> Bool {
        state.withLock { $0.byName[name] != nil }
    }

    func workflow(_ name: String, of run: String) -> HostedWorkflow? {
        state.withLock { $0.byRun[run] ?? $0.byName[name] }
    }
}
