import JSON
import Simulator
import Testing
import WorkflowModel

/// A promise that a history keeps, or breaks with its last observation.
struct History: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let checker: @Sendable () -> any Checker
    let observations: @Sendable () -> [Observation]

    init(
        _ description: String, _ checker: @escaping @Sendable () -> any Checker,
        _ observations: @escaping @Sendable () -> [Observation]
    ) {
        testDescription = description
        self.checker = checker
        self.observations = observations
    }
}

@Suite("Checkers")
struct CheckerTests {
    @Test("A wrong history is found out, at the observation that is wrong", arguments: wrong)
    func wrongHistory(history: History) throws {
        let checker = history.checker()
        let observations = history.observations()
        for observation in observations.dropLast() { try checker.observe(observation) }
        #expect(throws: Violation.self) { try checker.observe(observations.last!) }
    }

    @Test("A right history is let through", arguments: right)
    func rightHistory(history: History) throws {
        let checker = history.checker()
        for observation in history.observations() { try checker.observe(observation) }
    }

    private static let created = RunEvent.created(creation)

    static let wrong: [History] = [
        History("a gap between two appends", { GaplessJournal() }) {
            [append(created, started()), append(from: 4, completed())]
        },
        History("a number that is given twice", { GaplessJournal() }) {
            [append(created, started()), append(from: 2, completed())]
        },
        History("time that falls", { GaplessJournal() }) {
            [append(at: 5, created), append(from: 2, at: 4, started())]
        },
        History("an event that is told twice", { GaplessJournal() }) { [told(1, created), told(1, created)] },
        History("an event that is left out", { GaplessJournal() }) { [told(1, created), told(3, started())] },
        History("an event that vanishes", { GaplessJournal() }) { [append(created, started()), concluded(created)] },
        History("an event that changes", { GaplessJournal() }) {
            [append(created, started()), concluded(created, completed())]
        },
        History("a run that vanishes", { GaplessJournal() }) { [append(created), .concluded([])] },
        History("memory that is ahead of the journal", { SameReplay() }) {
            [append(created), .remembered(fold([execution(nil, after: .pending)]), by: "A")]
        },
        History("a journal that folds to another run", { SameReplay() }) {
            [append(created), concluded(created, execution(nil, after: .pending))]
        },
        History("a second answer", { OneAnswerEach() }) {
            [asked, .answered(1, by: "A", nil, seq: nil), .answered(1, by: "A", nil, seq: nil)]
        },
        History("no answer", { OneAnswerEach() }) { [asked, .concluded([])] },
        History("an answer of somebody else", { OneAnswerEach() }) { [asked, .answered(1, by: "B", nil, seq: nil)] },
        History("an event that is not committed", { DurableBeforeVisible() }) {
            [append(created), told(2, started())]
        },
        History("another event than the one committed", { DurableBeforeVisible() }) {
            [append(created), told(1, started())]
        },
        History("an answer about what is not committed", { DurableBeforeVisible() }) {
            [append(created), .answered(1, by: "A", "r", seq: 2)]
        },
        History("a body whose start is not committed", { DurableBeforeVisible() }) {
            [append(created, started()), body(2)]
        },
        History("text of a body whose start is not committed", { DurableBeforeVisible() }) { [text("0", at: 0)] },
        History("a recorded step that runs again", { RecordedStepOnce() }) {
            [append(created, started()), body(), append(from: 3, completed()), body()]
        },
        History("an attempt that runs twice", { RecordedStepOnce() }) { [body(), body(by: "B")] },
        History("a number of an attempt that is given twice", { AttemptNumbers() }) {
            [append(created, started("a", 1)), append(from: 3, started("a", 1))]
        },
        History("a number of an attempt that is left out", { AttemptNumbers() }) {
            [append(created, started("a", 1)), append(from: 3, started("a", 3))]
        },
        History("attempts that begin again at 1", { AttemptNumbers() }) {
            [append(created, started("a", 1)), append(from: 3, execution(.start), started("a", 1))]
        },
        History("an epoch that falls", { OneOwner() }) { [row("A", epoch: 2), row(nil, epoch: 1)] },
        History("a run that changes hands without an epoch", { OneOwner() }) {
            [row("A", epoch: 1), .engineGone("A"), row("B", epoch: 1)]
        },
        History("a run that is taken from an engine that runs", { OneOwner() }) {
            [.engineStarted("A"), row("A", epoch: 1), .turnOpened(by: "B"), row("B", epoch: 2)]
        },
        History("a body that somebody else starts", { OneOwner() }) { [row("A", epoch: 1), body(by: "B")] },
        History("the result of an attempt that does not count", { OneOwner() }) {
            [append(completed("a", 2, ["of": "r/a", "attempt": 1]))]
        },
        History("a run that does not end", { EveryRunEnds() }) {
            [concluded(created, execution(nil, after: .pending))]
        },
        History("text with a gap", { TextOffsets() }) { [text("0 ", at: 0), text("é", at: 3)] },
        History("text that is told twice", { TextOffsets() }) { [text("0 ", at: 0), text("0 ", at: 0)] },
        History("text that nobody said", { TextOffsets() }) { [text("1 ", at: 0)] },
        History("a wait that ends twice", { TimersFireOnce() }) {
            [append(started(kind: "wait", until: moment(0)), fired), append(from: 3, fired)]
        },
        History("a wait that ends too early", { TimersFireOnce() }) {
            [append(started(kind: "wait", until: moment(9))), append(from: 2, at: 8, fired)]
        },
        History("a retry that comes too early", { TimersFireOnce() }) {
            [append(failed(retryAt: moment(9))), append(from: 2, at: 8, started("a", 2))]
        },
        History("a question that is settled twice", { TimersFireOnce() }) {
            [append(question(), settled(.approved)), append(from: 3, settled(.approved))]
        },
        History("a question that expires too early", { TimersFireOnce() }) {
            [append(question(expiresAt: moment(9))), append(from: 2, at: 8, settled(.expired))]
        },
        History("a timeout that passes twice", { TimersFireOnce() }) {
            [append(timedOut), append(from: 2, timedOut)]
        },
        History("an execution that nobody asked for", { TimersFireOnce() }) { [append(execution(.checkpoint))] },
        History("an execution that begins too early", { TimersFireOnce() }) {
            [append(scheduled), append(from: 2, at: 8, execution(.checkpoint))]
        },
        History("an execution that begins twice", { TimersFireOnce() }) {
            [append(scheduled), append(from: 2, at: 9, execution(.start)), append(from: 3, at: 9, execution(.start))]
        },
    ]

    static let right: [History] = [
        History("a journal that goes on", { GaplessJournal() }) {
            [
                append(created, started()), told(1, created), append(from: 3, completed()), told(2, started()),
                concluded(created, started(), completed()),
            ]
        },
        History("a run that is deleted", { GaplessJournal() }) { [append(created), .deleted("r"), .concluded([])] },
        History("memory as the journal has it", { SameReplay() }) {
            [append(created), .remembered(fold([]), by: "A")]
        },
        History("a request to an engine that is gone", { OneAnswerEach() }) {
            [asked, .engineGone("A"), .concluded([])]
        },
        History("what is committed first", { DurableBeforeVisible() }) {
            [append(created, started()), told(2, started()), body(), text("0", at: 0)]
        },
        History("what is said of a run that the same turn deletes", { DurableBeforeVisible() }) {
            [append(created), .deleted("r"), .answered(1, by: "A", "r", seq: 2), told(2, started())]
        },
        History("a second attempt", { RecordedStepOnce() }) { [body(1), body(2)] },
        History("attempts over a new beginning", { AttemptNumbers() }) {
            [append(created, started("a", 1), started("a", 2), execution(.start), started("a", 3), started("b", 3))]
        },
        History("a run that is taken from an engine that froze", { OneOwner() }) {
            [.engineStarted("A"), row("A", epoch: 1), .engineFrozen("A"), row("B", epoch: 2), body(by: "B")]
        },
        History("a run that is parked and taken up again", { OneOwner() }) {
            [row("A", epoch: 1), row(nil, epoch: 1), row("A", epoch: 2)]
        },
        History("a run that ends", { EveryRunEnds() }) {
            [concluded(created, .statusChanged(StatusChanged(status: .completed, isPaused: false, previous: .pending)))]
        },
        History("text from its first byte", { TextOffsets() }) { [text("0 ", at: 0), text("é, ", at: 2)] },
        History("deadlines that pass at their moment", { TimersFireOnce() }) {
            [
                append(started(kind: "wait", until: moment(9)), question(expiresAt: moment(9))),
                append(from: 3, at: 9, fired, settled(.expired), timedOut, scheduled, execution(.start), timedOut),
            ]
        },
    ]

    private static let asked = Observation.asked(1, of: "A", what: "create")
    private static let fired = completed("a", 1, ["fired": "duration"])
    private static let timedOut = RunEvent.timedOut(timeout)
    private static let scheduled = RunEvent.retryScheduled(
        Failure(kind: "test.failed", message: "It failed."), at: moment(9))
}
