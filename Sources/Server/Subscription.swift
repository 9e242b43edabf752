import JSON
import WorkflowEngine
import WorkflowModel

/// What one client has been told of one run.
///
/// A subscription that cannot keep up, because the client does not read or the events came from elsewhere, lags: it is told from the
/// journal later, page by page. Nothing piles up in memory but the text of attempts that are under way.
final class Subscription {
    let runID: RunID
    /// The newest event that was told.
    private(set) var seq: Int
    /// Whether the journal may hold more than was told.
    var isLagging = false
    /// The attempts that have said something, in the order they began, and how many bytes of each were told.
    var texts: [(text: AttemptText, sent: Int)] = []
    /// As it was at the last commit.
    private var kept: (seq: Int, texts: [(text: AttemptText, sent: Int)])
    private var isTold = false
    /// What the notifications of an execution begin with.
    private var preamble: (executionID: String?, members: [UInt8])?

    init(runID: RunID, after seq: Int) {
        self.runID = runID
        self.seq = seq
        kept = (seq, [])
    }

    /// The members `runId` and `executionId`, encoded once an execution.
    func preamble(executionID: String?) -> ArraySlice<UInt8> {
        if let preamble, preamble.executionID == executionID { return preamble.members[...] }
        var writer = JSONWriter(reservingCapacity: 120)
        writer.field("runId", runID)
        writer.optionalField("executionId", executionID)
        preamble = (executionID, writer.bytes)
        return writer.bytes[...]
    }

    /// Where the text of an attempt stands in the list, if it has said anything.
    func place(of path: String, _ attempt: Int) -> Int? {
        texts.firstIndex { $0.text.path == path && $0.text.attempt == attempt && !$0.text.isThought }
    }

    /// Where thoughts of an attempt stand: those of each turn are a text of their own.
    func placeOfThoughts(of path: String, _ attempt: Int) -> Int? {
        texts.firstIndex { $0.text.path == path && $0.text.attempt == attempt && $0.text.isThought }
    }

    /// Where a text stands, which now does: an attempt that goes on after its run has left memory has another one that
    /// begins like the one before.
    func place(of text: AttemptText) -> Int {
        let known =
            text.isThought ? texts.firstIndex { $0.text === text } : place(of: text.path, text.attempt)
        guard let index = known else {
            texts.append((text, 0))
            return texts.count - 1
        }
        texts[index].text = text
        return index
    }

    /// True the first time in a turn.
    func markTold() -> Bool {
        defer { isTold = true }
        return !isTold
    }

    func advance(to seq: Int) {
        self.seq = seq
    }

    func keepTurn() {
        kept = (seq, texts)
        isTold = false
    }

    /// The turn was not committed: what it told has not left.
    func forgetTurn() {
        seq = kept.seq
        texts = kept.texts
        isTold = false
    }
}
