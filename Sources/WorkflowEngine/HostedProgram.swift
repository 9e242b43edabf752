package import JSON
import WorkflowCore
package import WorkflowModel

/// What a program that runs asks of the engine.
package struct ProgramRequest: Sendable {
    package var executionID: String
    /// Which attempt of the program asks, where it says so: what an earlier one asked may still be on its way.
    package var attempt: Int?
    package var key: String
    package var definition: StepDefinition
    package var input: JSONValue?

    /// The program runs the body itself.
    package init(
        begin key: String, in executionID: String, _ members: JSONObject, input: JSONValue?
    ) throws(EngineError) {
        self.executionID = executionID
        self.key = key
        self.input = input
        do {
            definition = try StepDefinition.hosting(members, key: key)
        } catch {
            throw .workflowInvalid(error.problems)
        }
    }

    /// The engine performs the step, as a document writes it.
    package init(perform step: JSONValue, as key: String, in executionID: String) throws(EngineError) {
        self.executionID = executionID
        self.key = key
        do {
            definition = try StepDefinition.performing(step, key: key)
        } catch {
            throw .workflowInvalid(error.problems)
        }
    }

    var isHosted: Bool {
        if case .hosted = definition.step.kind { true } else { false }
    }
}

/// What a program is told when it asks for a step.
package enum ProgramAnswer: Sendable {
    /// What the step left: now, or when it was recorded.
    case recorded(JSONValue)
    case failed(Failure)
    /// Run the body.
    case run(attempt: Int, idempotencyKey: String)
}

/// What became of a step whose body a program has run.
package struct ProgramCompletion: Sendable {
    package var seq: Int
    /// The attempt that follows, and how long it is until then.
    package var retry: (attempt: Int, after: Duration)?
    /// What is recorded, where that is not what the program said: its answer came too late.
    package var failure: Failure?
}

/// A program under way here: what it has asked, and who waits for the answers.
final class HostedProgram {
    typealias Answer = (Result<ProgramAnswer, EngineError>) -> Void

    struct Ask {
        let request: ProgramRequest
        let answer: Answer
    }

    /// What this turn has done to the replay, to be taken back should the turn fail.
    private enum Change {
        case answered(String)
        case takenBack(String)
    }

    let executionID: String
    /// The number of the program's attempt.
    let number: Int
    var replay = ProgramReplay()
    private(set) var asks: [String: Ask] = [:]
    /// That it looks like another program, and since when it could have shown that it is none.
    var suspicion: (change: ProgramChange, since: Timestamp?)?
    /// How bodies ended with whose outputs the program went on, oldest first, until that is durable.
    var ends: [(key: String, output: JSONValue)] = []
    /// How many of them this turn has recorded.
    var endsRecorded = 0
    private var changes: [Change] = []

    init(executionID: String, number: Int) {
        self.executionID = executionID
        self.number = number
    }

    var nextEnd: (key: String, output: JSONValue)? { endsRecorded < ends.count ? ends[endsRecorded] : nil }

    /// Whether it has asked for something and has no answer.
    var isWaiting: Bool { !asks.isEmpty }

    /// Whether this turn has told it something.
    var wasAnswered: Bool { !changes.isEmpty }

    func take(_ request: ProgramRequest, in record: ProgramRecord, answer: @escaping Answer) throws(EngineError) {
        do throws(ProgramReplay.Refusal) {
            try replay.ask(for: request.key, kind: request.definition.step.kind.name, in: record)
        } catch {
            switch error {
            case .duplicate: throw .stepKeyTaken(request.key)
            case .changed(let change): throw .programChanged(change)
            }
        }
        asks[request.key] = Ask(request: request, answer: answer)
    }

    func answer(_ key: String, _ answer: ProgramAnswer) {
        guard let ask = asks.removeValue(forKey: key) else { return }
        changes.append(.answered(key))
        if case .run = answer { replay.handOut(key) } else { replay.answer(key) }
        ask.answer(.success(answer))
    }

    /// The client may ask for it again.
    func refuse(_ key: String, _ error: EngineError) {
        forget(key)?.answer(.failure(error))
    }

    @discardableResult
    func forget(_ key: String) -> Ask? {
        guard let ask = asks.removeValue(forKey: key) else { return nil }
        replay.forget(key)
        return ask
    }

    func refuseAll(_ error: EngineError) {
        for key in replay.waiting { refuse(key, error) }
    }

    func takeBack(_ key: String, forAnotherAttempt isTriedAgain: Bool) {
        changes.append(.takenBack(key))
        replay.takeBack(key, forAnotherAttempt: isTriedAgain)
    }

    func turnEnded(failed: Bool) {
        if failed {
            for change in changes.reversed() {
                switch change {
                case .answered(let key): replay.forget(key)
                case .takenBack(let key): replay.handOut(key)
                }
            }
        }
        changes.removeAll(keepingCapacity: true)
        if !failed { ends.removeFirst(endsRecorded) }
        endsRecorded = 0
    }
}
