import WorkflowCore
import WorkflowModel
import WorkflowStore

/// The world as the decisions about one run may see it.
final class RunSurroundings: Surroundings {
    private let engine: Engine
    private let live: LiveRun

    init(engine: Engine, live: LiveRun) {
        self.engine = engine
        self.live = live
    }

    func makeID() -> String { engine.environment.makeID() }

    func chance() -> Double { engine.environment.chance() }

    func mayStart(_ step: Step) -> Bool { engine.mayStart(step, in: live) }

    func version(ofWorkflow name: String) -> String? {
        if name == live.run.creation.workflow { return live.run.creation.version }
        return engine.newestVersion(of: name, namespace: live.record.namespace)
    }

    func status(ofRun id: String) -> RunStatus? { engine.status(ofRun: id) }
}
