import WorkflowEngine
import WorkflowModel

/// The attempts of a step are numbered without a gap, and no number is given twice, also where the run begins anew.
package final class AttemptNumbers: Checker {
    private struct Numbers {
        var base = 0
        var highest = 0
        var last: [String: Int] = [:]
    }

    private var runs: [RunID: Numbers] = [:]

    package init() {}

    package func observe(_ observation: Observation) throws(Violation) {
        guard case .appended(let append) = observation else { return }
        for event in append.events {
            switch event {
            case .statusChanged(let change) where change.from == .start:
                runs[append.run, default: Numbers()].base = runs[append.run]?.highest ?? 0
                runs[append.run]?.last = [:]
            case .stepStarted(let start): try count(start.attempt, of: start.path, in: append.run)
            case .toolCalled(let call):
                if let attempt = call.attempt { try count(attempt, of: call.path, in: append.run) }
            default: break
            }
        }
    }

    private func count(_ attempt: Int, of path: String, in run: RunID) throws(Violation) {
        var numbers = runs[run] ?? Numbers()
        let expected = numbers.last[path, default: numbers.base] + 1
        guard attempt == expected else {
            throw violation("Attempt \(attempt) of \(run)/\(path) was started where \(expected) is next.")
        }
        numbers.last[path] = expected
        numbers.highest = max(numbers.highest, expected)
        runs[run] = numbers
    }
}
