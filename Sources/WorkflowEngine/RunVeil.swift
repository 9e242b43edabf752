package import JSON
package import Secrets
import WorkflowCore
package import WorkflowModel

/// What nobody outside may see of one run, as its workflow says: what stands at the paths of its `redact`, and the same
/// wherever else it appears.
///
/// Made only for runs of workflows that hide something, so that for others a nil is checked.
package struct RunVeil: Sendable {
    /// Shorter texts and numbers are hidden elsewhere only in members of the same name, for they stand in many places.
    private static let shortest = 4

    /// What the service itself says about a run, which holds nothing of anybody's.
    private static let ownMembers: Set<String> = [
        "runId", "executionId", "stepId", "step", "path", "agent", "tool", "callId", "interactionId", "kind", "type",
        "seq", "at", "attempt", "turn", "iteration", "status", "from", "to", "workflow", "version", "namespace",
        "createdAt", "startedAt", "endedAt", "expiresAt", "willRetryAt", "graceUntil", "until", "isPaused", "usage",
        "origin", "parent", "level", "durationMs", "required",
    ]

    private let workflow: Workflow
    private let redaction: Redaction
    /// Nil where no value is long enough.
    package let mask: SecretMask?
    /// What is hidden in members of a name.
    private let named: [String: Set<JSONValue>]

    /// Nil where the workflow hides nothing.
    package init?(_ run: Run) {
        guard let redaction = run.workflow.redaction else { return nil }
        workflow = run.origin.workflow
        self.redaction = redaction
        var texts: Set<String> = []
        var named: [String: Set<JSONValue>] = [:]
        func gather(_ value: JSONValue, _ paths: [[String]]) {
            for path in paths {
                _ = Redaction.changing(value, at: [path]) { found in
                    Self.gather(found, &texts)
                    if let name = path.last, !found.isNull { named[name, default: []].insert(found) }
                    return found
                }
            }
        }
        gather(run.creation.input ?? .null, redaction.input)
        gather(.object(run.state), redaction.state)
        gather(run.output ?? .null, redaction.output)
        for results in [run.root.results] + run.inner.values.map(\.results) {
            for (step, paths) in redaction.results { gather(results[step]?["result"] ?? .null, paths) }
        }
        mask = SecretMask(Array(texts))
        self.named = named
    }

    private static func gather(_ value: JSONValue, _ texts: inout Set<String>) {
        switch value {
        case .string(let text) where text.utf8.count >= shortest: texts.insert(text)
        case .number(let number) where number.text.utf8.count >= shortest: texts.insert(number.text)
        case .array(let elements): for element in elements { gather(element, &texts) }
        case .object(let members): for (_, value) in members { gather(value, &texts) }
        default: break
        }
    }

    /// The members of an event, a view or an entry about this run, as they may leave.
    package func hide(_ members: JSONObject) -> JSONObject {
        let step = members["stepId"]?.string ?? members["step"]?.string
        var hidden = JSONObject(minimumCapacity: members.count)
        for (name, value) in members {
            guard !Self.ownMembers.contains(name) else {
                hidden[name] = value
                continue
            }
            let covered = Redaction.changing(value, at: paths(of: name, step: step)) { $0.isNull ? $0 : Self.cover }
            let all = named.isEmpty ? covered : coveringNamed(covered)
            hidden[name] = mask?.hide(all) ?? all
        }
        return hidden
    }

    private func coveringNamed(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): .array(elements.map(coveringNamed))
        case .object(let members):
            .object(
                JSONObject(
                    members.map { name, value in
                        (name, named[name]?.contains(value) ?? false ? Self.cover : coveringNamed(value))
                    }))
        default: value
        }
    }

    /// What a step leaves, as it may leave.
    func hide(result: JSONValue, of step: String) -> JSONValue {
        Redaction.changing(result, at: redaction.results[step] ?? []) { _ in Self.cover }
    }

    /// Whether what a step says while it runs is hidden in what it leaves: then it is not told before, either.
    func isMute(_ step: String) -> Bool {
        redaction.results[step]?.contains { $0.isEmpty || ["text", "stdout", "*"].contains($0[0]) } ?? false
    }

    /// An exported or stored append: `[{type, data}, …]`.
    package func hide(events: [UInt8]) -> [UInt8] {
        guard let list = try? EventCoding.decode(events, of: workflow) else { return events }
        var writer = JSONWriter()
        writer.value(.array(list.map { ["type": .string($0.type), "data": .object(hide($0.data.object ?? [:]))] }))
        return writer.bytes
    }

    private static let cover = JSONValue.string(SecretMask.cover)

    /// What is hidden within a member; of a step's what the step leaves, else what the run has.
    private func paths(of member: String, step: String?) -> [[String]] {
        switch member {
        case "input" where step == nil: redaction.input
        case "state", "set", "changes": redaction.state
        case "output": step.map { redaction.results[$0] ?? [] } ?? redaction.output
        default: []
        }
    }
}

extension LiveRun {
    /// Nil where the run's workflow hides nothing.
    package var veil: RunVeil? {
        guard decider.run.origin.workflow.redaction != nil else { return nil }
        if let known = knownVeil, known.seq == seq { return known.veil }
        let veil = RunVeil(run)
        knownVeil = veil.map { (seq, $0) }
        return veil
    }
}
