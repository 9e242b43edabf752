import JSON
import WorkflowEngine
import WorkflowModel

extension Flow {
    /// A run of this flow, configured and not yet started.
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

extension Fermata {
    /// Lets runs of a flow that another process began go on here, where they wait for a body of its steps.
    public func host(_ flow: Flow) {
        registry.add(flow.bodies, of: flow.name)
        link.mailbox.post(.call { $0.adoptMore() })
    }
}

/// A flow as the engine is told of it.
struct HostedFlow: Hosted {
    let flow: Flow

    var definition: RunRequest.Definition { .document(flow.document.value) }

    func register(in registry: WorkflowRegistry, for run: String?) { registry.add(flow.bodies, of: flow.name) }
}
