/// Every request is answered exactly once, unless the engine that was asked is gone.
package final class OneAnswerEach: Checker {
    private var open: [Int: (engine: String, what: String)] = [:]
    private var last = 0

    package init() {}

    package func observe(_ observation: Observation) throws(Violation) {
        switch observation {
        case .asked(let request, let engine, let what):
            open[request] = (engine, what)
            last = max(last, request)
        case .answered(let request, let engine, _, _):
            guard let asked = open.removeValue(forKey: request), asked.engine == engine else {
                let what = request <= last ? "a second time" : "although nobody asked it"
                throw violation("\(engine) answered request \(request) \(what).")
            }
        case .engineGone(let engine): open = open.filter { $0.value.engine != engine }
        case .concluded:
            guard let first = open.min(by: { $0.key < $1.key }) else { return }
            throw violation("\(first.value.engine) never answered request \(first.key), \(first.value.what).")
        default: break
        }
    }
}
