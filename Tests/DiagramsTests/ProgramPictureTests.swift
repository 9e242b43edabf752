import JSON
import Testing
import WorkflowModel

@testable import Diagrams

@Suite("The picture of what a program did")
struct ProgramPictureTests {
    /// `+a` begins a step, `-a` ends it, `!a` fails it.
    private func events(_ journal: String) throws -> [RunEvent] {
        try journal.split(separator: " ").map { word -> RunEvent in
            let key = String(word.dropFirst())
            switch word.first {
            case "+":
                return .stepStarted(
                    StepStarted(
                        path: key, step: key, kind: "step", iteration: 1, attempt: 1, input: nil,
                        definition: try StepDefinition.hosting([:], key: key)))
            case "-":
                return .stepCompleted(
                    StepCompleted(
                        path: key, step: key, attempt: 1, output: .null, set: nil,
                        decision: FlowDecision(from: key, to: .end, reason: "next"), progress: Progress()))
            default:
                let failure = Failure(kind: "x", message: "y")
                return .stepFailed(StepFailed(path: key, step: key, attempt: 1, failure: failure))
            }
        }
    }

    static let journals: [(journal: String, before: [String])] = [
        ("", []), ("+a", ["a:"]), ("+a -a +b -b +c", ["a:", "b:a", "c:b"]),
        ("+a +b -a -b +c", ["a:", "b:", "c:a,b"]), ("+a +b -a +c -b +d", ["a:", "b:", "c:a", "d:a,b"]),
        ("+a -a +b +c -b -c +d", ["a:", "b:a", "c:a", "d:b,c"]), ("+a !a +b", ["a:", "b:a"]),
        ("+a !a +b -b +a -a", ["a:", "b:"]),
    ]

    @Test("A step stands right below those that had ended when it began", arguments: journals)
    func order(journal: String, before: [String]) throws {
        let steps = ProgramSteps(try events(journal))
        let told = steps.list.indices.map { place in
            let names = steps.before(place).map { steps.list[$0].step.name }
            return "\(steps.list[place].step.name):\(names.joined(separator: ","))"
        }
        #expect(told == before)
    }
}
