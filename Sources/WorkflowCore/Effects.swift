package import WorkflowModel

/// What the world must do now for a run to go on. Sendable values; whoever performs them answers with commands.
package enum Effect: Sendable, Hashable {
    case startAttempt(path: String, number: Int)
    case stopAttempt(path: String, number: Int)
}

extension Run {
    /// The effects that turn the attempts under way into those the run wants: what a crash or a lost message left out is simply
    /// still wanted.
    package func effects(underWay: [(path: String, number: Int)]) -> [Effect] {
        var effects: [Effect] = []
        for (path, number) in underWay {
            let isWanted = position(of: path).map { active[$0].attempt == number && active[$0].isRunning } ?? false
            if !isWanted { effects.append(.stopAttempt(path: path, number: number)) }
        }
        for index in active.indices where active[index].isPerformed {
            let (path, number) = (active[index].path, active[index].attempt)
            let isUnderWay = underWay.contains { $0.number == number && $0.path == path }
            if isUnderWay || !mayGoOn(active[index]) { continue }
            effects.append(.startAttempt(path: path, number: number))
        }
        return effects
    }

    /// The attempt's idempotency key: the same for each attempt of a step, different for everything else, and new where
    /// the run began anew from its start.
    package func idempotencyKey(of active: ActiveStep) -> String {
        Self.idempotencyKey(run: id, renewal: renewal, path: active.path)
    }

    /// `renewal` is the execution that began anew.
    package static func idempotencyKey(run id: String, renewal: String?, path: String) -> String {
        // Put together in one place: an interpolation takes many.
        var key = ""
        key.reserveCapacity(id.utf8.count + path.utf8.count + 40)
        key += id
        key += ":"
        if let renewal {
            key += renewal
            key += ":"
        }
        key += path
        return key
    }
}

extension StepKind {
    /// Whether something outside of the core performs it.
    package var hasBody: Bool {
        switch self {
        case .call, .command, .agent, .tool, .program, .hosted: true
        case .workflow, .approval, .input, .wait, .parallel, .forEach, .pattern, .set, .fail: false
        }
    }
}
