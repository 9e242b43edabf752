import JSON
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

extension Flow {
    /// A run of this flow, configured and not yet started. To start it fails where one of its steps cannot be performed here.
    ///
    /// - Parameters:
    ///   - input: What the flow is given.
    ///   - output: What it leaves; `JSON.self` for anything.
    ///   - options: How the run is to be treated, and who is told of it.
    ///   - fermata: Where it runs.
    public func run<Output: Codable & Sendable>(
        _ input: JSON = nil, as output: Output.Type, options: RunOptions<Output> = RunOptions<Output>(),
        on fermata: Fermata = .shared
    ) -> Run<Output> {
        Run(HostedFlow(flow: self), input: { input.value }, options, fermata)
    }
}

/// A flow as the engine is told of it.
struct HostedFlow: Hosted {
    let flow: Flow

    var definition: RunRequest.Definition { .document(flow.document.value) }

    /// On the wire a step that nobody performs fails when the run comes to it, or waits for somebody who does; a program is told at once.
    func check(_ link: EngineLink) async throws(WorkflowFailure) {
        let own = Set(flow.bodies.map { StepBody.handler(of: $0.name, in: flow.name) })
        let obstacle = try await link.ask { engine -> WorkflowFailure? in
            for step in flow.steps where step.kind.hasBody {
                if case .call(let call) = step.kind, own.contains(call.handler) { continue }
                switch engine.readiness(for: step) {
                case .ready: continue
                case .missingHandler(let name):
                    return WorkflowFailure.misuse(
                        "step.handlerMissing",
                        "Nothing here performs \"\(name)\", which the step \"\(step.name)\" of \"\(flow.name)\" calls: "
                            + "give the step a body, or name the flow that has it where the engine is made.")
                case .notPermitted(let reason):
                    return WorkflowFailure.misuse(
                        "step.notPermitted",
                        "The step \"\(step.name)\" of \"\(flow.name)\" cannot be performed here: \(reason).")
                }
            }
            return nil
        }
        if let obstacle { throw obstacle }
    }

    func register(in registry: WorkflowRegistry, for run: String?) { registry.add(flow.bodies, of: flow.name) }
}

extension Engine {
    /// Lets runs be made of flows by their names, also as children; tries again until the store takes them.
    func keep(_ flows: [Flow]) {
        guard !flows.isEmpty, !journal.isReadOnly else { return }
        do throws(EngineError) {
            for flow in flows { _ = try register(flow.document.value) }
        } catch {
            guard case .store(let fault) = error, fault.isTransient else { return }
            alarm(at: now + .milliseconds(200)) { $0.keep(flows) }
        }
    }
}
