public import FermataKit
internal import Synchronization

extension RunOptions {
    /// Options that answer the run's questions, the first with the first and so on. A question more fails the
    /// asking, and stays open.
    public static func answering(
        approvals: [Approval] = [], inputs: [any Encodable & Sendable] = [], id: String? = nil
    ) -> RunOptions {
        let (approvals, inputs) = (Answers(approvals), Answers(inputs))
        return RunOptions(
            id: id, onInputRequested: { try inputs.next(for: $0.prompt) },
            onApprovalRequested: { try approvals.next(for: $0.message) })
    }
}

/// What is answered, in its order.
private final class Answers<Answer: Sendable>: Sendable {
    private let rest: Mutex<ArraySlice<Answer>>

    init(_ answers: [Answer]) {
        rest = Mutex(answers[...])
    }

    func next(for question: String) throws -> Answer {
        guard let answer = rest.withLock({ $0.popFirst() }) else {
            throw WorkflowFailure(kind: "test.unanswered", message: "There is no answer to \"\(question)\".")
        }
        return answer
    }
}
