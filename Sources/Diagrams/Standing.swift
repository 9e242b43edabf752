package import WorkflowModel

/// Where a run of a workflow stands, for its picture: what became of each step, and which ways were gone.
///
/// Steps are told by the paths and names that events and answers give them. What a path of another workflow names is
/// ignored. All items of a forEach, and all iterations of a step, are one step in the picture.
package struct Standing: Sendable {
    package enum Status: String, Sendable, Hashable, CaseIterable {
        case done, active, awaiting, failed, skipped
    }

    /// What is shown at a step.
    package struct Mark: Sendable, Hashable {
        package var status: Status
        /// How often it was done.
        package var times = 0
    }

    private let workflow: Workflow
    private var marks: [ObjectIdentifier: Mark] = [:]
    private var ways: [ObjectIdentifier: Set<Target>] = [:]
    private var hasEnded = false

    package init(of workflow: Workflow) {
        self.workflow = workflow
    }

    /// Records what became of the step at a path, the newest last. Every `done` counts.
    package mutating func record(_ status: Status, path: String, step name: String) {
        guard let step = step(at: path, named: name) else { return }
        let times = marks[ObjectIdentifier(step)]?.times ?? 0
        marks[ObjectIdentifier(step)] = Mark(status: status, times: status == .done ? times + 1 : times)
    }

    /// Records a decision: the step at a path was left for another, or for the end of its flow.
    package mutating func record(decision target: Target, path: String, step name: String) {
        guard let step = step(at: path, named: name) else { return }
        ways[ObjectIdentifier(step), default: []].insert(target)
    }

    /// The run has ended: steps that nothing became of were skipped, whether or not they were begun.
    package mutating func end() {
        hasEnded = true
        for (step, mark) in marks where mark.status == .active || mark.status == .awaiting {
            marks[step]?.status = .skipped
        }
    }

    func mark(of step: Step) -> Mark? {
        marks[ObjectIdentifier(step)] ?? (hasEnded ? Mark(status: .skipped) : nil)
    }

    func wasGone(from step: Step, to target: Target) -> Bool {
        ways[ObjectIdentifier(step)]?.contains(target) ?? false
    }
}

// MARK: From a path to a step

extension Standing {
    /// The step that a path such as `build[linux]/compile#2` leads to. The name tells the workers of a plan apart, for
    /// a path only has an item's place.
    func step(at path: String, named name: String) -> Step? {
        var segments = path.split(separator: "/")[...]
        guard let first = segments.first else { return nil }
        if first == "cleanup", let cleanup = workflow.cleanup {
            segments.removeFirst()
            return Self.step(in: [cleanup], at: segments, named: name)
        }
        return Self.step(in: [workflow.flow], at: segments, named: name)
    }

    /// Several flows stand to choose from where an item's worker is not known.
    private static func step(in flows: [Flow], at path: ArraySlice<Substring>, named name: String) -> Step? {
        guard let segment = path.first else { return nil }
        let parts = segment.prefix { $0 != "#" }.split(separator: "[")
        guard let own = parts.first, let step = flows.lazy.compactMap({ $0[String(own)] }).first else { return nil }
        let labels = parts.dropFirst().map { String($0.dropLast()) }
        return Self.step(within: step, labels: labels[...], rest: path.dropFirst(), named: name)
    }

    private static func step(
        within step: Step, labels: ArraySlice<String>, rest: ArraySlice<Substring>, named name: String
    ) -> Step? {
        guard let label = labels.first else {
            if rest.isEmpty { return step }
            if rest.first == Step.compensationName[...] { return step.compensation }
            return Self.step(in: step.kind.flows.map(\.flow), at: rest, named: name)
        }
        var flows = step.kind.flows
        if case .parallel = step.kind { flows = flows.filter { $0.label == label } }
        let further = labels.dropFirst()
        let alone = flows.filter(\.flow.isSingleStep).compactMap(\.flow.steps.first)
        if further.isEmpty, let next = rest.first {
            let found = Self.step(in: flows.map(\.flow).filter { !$0.isSingleStep }, at: rest, named: name)
            if let found, next != Step.compensationName[...] { return found }
        }
        let chosen = alone.first { $0.name == name } ?? alone.first
        return chosen.flatMap { Self.step(within: $0, labels: further, rest: rest, named: name) }
    }
}
