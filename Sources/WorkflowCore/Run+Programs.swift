package import JSON
package import WorkflowModel

// A program stands in the place of a flow, and opens its steps while it runs: each is a scope of its own, whose key is
// the step's. What it asks for again after a recovery is compared with its record (`ProgramReplay`).

extension Run {
    /// A program has no name in paths: those of its steps are their keys.
    package static let programPath = ""

    /// The place of the program's own step, while it was not left.
    private var programPosition: Int? {
        origin.workflow.program == nil ? nil : position(of: Self.programPath)
    }

    /// What is recorded of the program's steps, while it was not left.
    package var programRecord: ProgramRecord? {
        guard let position = programPosition else { return nil }
        return active[position].program
    }

    /// Whether the program is under way, and may open a step now.
    package var mayOpenStep: Bool {
        guard mayMove, let position = programPosition else { return false }
        return active[position].isRunning
    }

    /// Whether a step that was asked for may be opened now; one whose body the program runs, also for another attempt.
    package func mayBegin(_ key: String, isHosted: Bool, at now: Timestamp) -> Bool {
        guard let position = position(of: key) else { return mayOpenStep }
        return isHosted && mayOpenStep && active[position].isDue(at: now)
    }

    /// Opens the step that a program has come to.
    mutating func open(_ start: StepStarted, seq: Int, at: Timestamp) {
        guard let step = start.definition?.step, programPosition != nil, position(of: start.path) == nil else { return }
        let key = start.path
        inner[key] = Scope(
            key: key, flow: Flow(single: step), owner: .step(path: Self.programPath, position: 0), at: at,
            results: root.results, lastResult: root.lastResult)
        active.append(
            ActiveStep(
                path: key, step: step, iteration: 1, scope: key,
                attempt: attemptBefore(key)))
        change(Self.programPath) { $0.program?.begin(key, kind: start.kind, seq: seq) }
    }

    /// What the attempts of a step that is entered anew go on from.
    func attemptBefore(_ path: String) -> Int {
        programRecord?.forgottenAttempt(of: path) ?? attemptBase
    }

    /// The program has ended: what it opened and did not wait for is not wanted any more.
    mutating func withdrawProgramSteps() {
        (active, inner, interactions) = ([], [:], [])
    }
}

extension ActiveStep {
    /// Whether steps inside it may be under way.
    var isOpen: Bool {
        switch phase {
        case .open: true
        case .running: if case .program = step.kind { true } else { false }
        default: false
        }
    }
}

extension ProgramChange {
    /// What a program fails with that is not the one it was.
    package static let kind = "workflow.changed"

    package var failure: Failure {
        Failure(kind: Self.kind, message: message, isRetryable: false, details: .object(members))
    }

    package var message: String {
        guard let found else {
            return "The program ended without asking for the step \"\(expected)\", which is recorded."
        }
        return found == expected
            ? "The program asked for another kind of step than the one recorded as \"\(expected)\"."
            : "The program asked for the step \"\(found)\", and should have asked for \"\(expected)\", which is recorded."
    }

    package var members: JSONObject {
        var members: JSONObject = ["expected": .string(expected)]
        members["found"] = found.map { .string($0) }
        return members
    }

    /// Nil where the failure is about something else.
    init?(_ failure: Failure) {
        guard failure.kind == Self.kind, let expected = failure.details?["expected"]?.string else { return nil }
        self.init(expected: expected, found: failure.details?["found"]?.string)
    }
}
