import Secrets
import Synchronization
import WorkflowModel

/// Keeps secrets out of what one attempt says. Safe from any thread.
///
/// What may be the beginning of one is held back until it turns out to be none, at the latest until the attempt ends.
final class ReportCover: Sendable {
    /// What nobody may keep; nil where nothing is secret.
    private let secrets: SecretMask?
    /// What the run may keep and nobody may be told; nil where its workflow hides nothing.
    private let veil: RunVeil?
    private let step: String
    /// Text is told at once, so both are covered in it, and in thoughts; nil where there is nothing to cover.
    private let text: Mutex<SecretStream?>
    private let thoughts: Mutex<SecretStream?>

    /// Nil where there is nothing to hide, which is mostly. `step` is whose attempt it is.
    static func make(_ secrets: SecretMask?, _ veil: RunVeil?, step: String) -> ReportCover? {
        secrets == nil && veil == nil ? nil : ReportCover(secrets, veil, step: step)
    }

    private init(_ secrets: SecretMask?, _ veil: RunVeil?, step: String) {
        self.secrets = secrets
        self.veil = veil
        self.step = step
        let mask = secrets?.joined(with: veil?.mask) ?? veil?.mask
        text = Mutex(mask.map(SecretStream.init))
        thoughts = Mutex(mask.map(SecretStream.init))
    }

    /// What a witness, who keeps what it hears outside of the journal, may be told of what the engine is.
    func forWitness(_ report: AttemptReporter.Report) -> AttemptReporter.Report {
        guard let veil else { return report }
        let report = veil.mask?.hide(report) ?? report
        switch report {
        case .succeeded(let output): return .succeeded(veil.hide(result: output, of: step))
        case .answered(var answer) where veil.isMute(step):
            answer.text = SecretMask.cover
            return .answered(answer)
        default: return report
        }
    }

    /// What may be told of a report, in its order.
    func take(_ report: AttemptReporter.Report) -> [AttemptReporter.Report] {
        switch report {
        case .text where isMute, .thinking where isMute: return [.heartbeat]
        case .text(let said):
            let shown = text.withLock { $0?.take(said) ?? said }
            return [shown.isEmpty ? .heartbeat : .text(shown)]
        case .thinking(let thought):
            let shown = thoughts.withLock { $0?.take(thought) ?? thought }
            return [shown.isEmpty ? .heartbeat : .thinking(shown)]
        case .log, .progress, .heartbeat: return [secrets?.hide(report) ?? report]
        case .succeeded, .answered, .failed, .interrupted: return rest + [secrets?.hide(report) ?? report]
        }
    }

    private var isMute: Bool { veil?.isMute(step) ?? false }

    /// What was held back.
    private var rest: [AttemptReporter.Report] {
        let (thought, said) = (thoughts.withLock { $0?.finish() ?? "" }, text.withLock { $0?.finish() ?? "" })
        return (thought.isEmpty ? [] : [.thinking(thought)]) + (said.isEmpty ? [] : [.text(said)])
    }
}

extension SecretMask {
    fileprivate func hide(_ report: AttemptReporter.Report) -> AttemptReporter.Report {
        switch report {
        case .text(let text): .text(hide(text))
        case .thinking(let text): .thinking(hide(text))
        case .log(let level, let message): .log(level: level, message: hide(message))
        case .progress(let current, let total, let message):
            .progress(current: current, total: total, message: message.map(hide))
        case .succeeded(let output): .succeeded(hide(output))
        case .answered(let answer): .answered(hide(answer))
        case .failed(let failure): .failed(hide(failure))
        case .heartbeat, .interrupted: report
        }
    }

    fileprivate func hide(_ answer: ModelAnswer) -> ModelAnswer {
        var answer = answer
        answer.text = hide(answer.text)
        answer.state = answer.state.map(hide)
        for (index, call) in answer.calls.enumerated() {
            answer.calls[index] = ModelAnswer.Call(id: hide(call.id), tool: hide(call.tool), input: hide(call.input))
        }
        return answer
    }

    fileprivate func hide(_ failure: Failure) -> Failure {
        var failure = failure
        failure.kind = hide(failure.kind)
        failure.message = hide(failure.message)
        failure.details = failure.details.map(hide)
        return failure
    }
}
