import Secrets
import Synchronization
import WorkflowModel

/// Keeps secrets out of what one attempt says. Safe from any thread.
///
/// What may be the beginning of one is held back until it turns out to be none, at the latest until the attempt ends.
final class ReportCover: Sendable {
    private let mask: SecretMask
    private let stream: Mutex<SecretStream>

    init(_ mask: SecretMask) {
        self.mask = mask
        stream = Mutex(SecretStream(mask))
    }

    /// What may be told of a report, in its order.
    func take(_ report: AttemptReporter.Report) -> [AttemptReporter.Report] {
        switch report {
        case .text(let text):
            let shown = stream.withLock { $0.take(text) }
            return [shown.isEmpty ? .heartbeat : .text(shown)]
        case .log(let level, let message): return [.log(level: level, message: mask.hide(message))]
        case .progress(let current, let total, let message):
            return [.progress(current: current, total: total, message: message.map(mask.hide))]
        case .heartbeat: return [report]
        case .succeeded(let output): return rest + [.succeeded(mask.hide(output))]
        case .answered(let answer): return rest + [.answered(mask.hide(answer))]
        case .failed(let failure): return rest + [.failed(mask.hide(failure))]
        case .interrupted: return rest + [report]
        }
    }

    /// The text that was held back.
    private var rest: [AttemptReporter.Report] {
        let text = stream.withLock { $0.finish() }
        return text.isEmpty ? [] : [.text(text)]
    }
}

extension SecretMask {
    fileprivate func hide(_ answer: ModelAnswer) -> ModelAnswer {
        var answer = answer
        answer.text = hide(answer.text)
        answer.state = answer.state.map(hide)
        for index in answer.calls.indices { answer.calls[index].input = hide(answer.calls[index].input) }
        return answer
    }

    /// The kind is for switching on, and stays.
    fileprivate func hide(_ failure: Failure) -> Failure {
        var failure = failure
        failure.message = hide(failure.message)
        failure.details = failure.details.map(hide)
        return failure
    }
}
