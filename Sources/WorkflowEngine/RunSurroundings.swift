import WorkflowCore
import WorkflowModel
import WorkflowStore

/// The world as the decisions about one run may see it.
final class RunSurroundings: Surroundings {
    private let engine: Engine
    private let live: LiveRun
    /// Apart, since nobody may look at the run while something is decided about it.
    private let origin: RunOrigin

    init(engine: Engine, live: LiveRun) {
        self.engine = engine
        self.live = live
        origin = live.run.origin
    }

    func makeID() -> String { engine.environment.makeID() }

    func chance() -> Double { engine.environment.chance() }

    func mayStart(_ step: Step) -> Bool { engine.mayStart(step, in: live) }

    func version(ofWorkflow name: String) -> String? {
        if name == origin.workflow.name { return origin.workflow.version }
        return engine.newestVersion(of: name, namespace: live.record.namespace)
    }

    func status(ofRun id: String) -> RunStatus? { engine.status(ofRun: id) }
}
