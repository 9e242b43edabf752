import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// The state that an engine writes down is the fold of the journal until then, and can be read.
package final class SameSnapshot: Checker {
    private var folds: [RunID: Run] = [:]

    package init() {}

    package func observe(_ observation: Observation) throws(Violation) {
        switch observation {
        case .appended(let append): folds[append.run] = append.fold
        case .deleted(let run): folds[run] = nil
        case .written(let snapshot, let id, let engine):
            guard let fold = folds[id] else {
                throw violation("\(engine) wrote down the state of \(id), which is gone.")
            }
            guard fold.seq == snapshot.seq else {
                throw violation("\(engine) wrote down \(id) at \(snapshot.seq), and it has \(fold.seq) events.")
            }
            guard snapshot.state == fold.snapshot else {
                throw violation("\(engine) wrote down another run \(id) than its journal folds to at \(fold.seq).")
            }
            let read = Run(snapshot: snapshot.state, id: id, workflow: fold.workflow)
            guard read?.snapshot == snapshot.state else {
                throw violation("What \(engine) wrote down of \(id) at \(fold.seq) reads as another run.")
            }
        default: break
        }
    }
}
