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
            case .stepStarted(let start):
                var numbers = runs[append.run] ?? Numbers()
                let expected = numbers.last[start.path, default: numbers.base] + 1
                guard start.attempt == expected else {
                    throw violation(
                        "Attempt \(start.attempt) of \(append.run)/\(start.path) was started where \(expected) is next."
                    )
                }
                numbers.last[start.path] = expected
                numbers.highest = max(numbers.highest, expected)
                runs[append.run] = numbers
            default: break
            }
        }
    }
}
