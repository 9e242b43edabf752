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

    private let flow: Flow
    private let cleanup: Flow?
    private var marks: [ObjectIdentifier: Mark] = [:]
    private var ways: [ObjectIdentifier: Set<Target>] = [:]
    private var hasEnded = false

    package init(of workflow: Workflow) {
        self.init(of: workflow, in: workflow.flow)
    }

    /// In another flow than the workflow's own: the steps that a program has opened.
    init(of workflow: Workflow, in flow: Flow) {
        self.flow = flow
        cleanup = workflow.cleanup
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
    /// The step that a path such as `build#2[linux]/compile` leads to. The name tells the workers of a plan apart, for
    /// the path only has an item's place.
    func step(at path: String, named name: String) -> Step? {
        var segments = path.split(separator: "/")[...]
        var flow = flow
        if let cleanup, segments.first?.prefix(while: { $0 != "#" }) == "cleanup" {
            flow = cleanup
            segments.removeFirst()
        }
        return Self.step(in: flow, at: segments, named: name)
    }

    private static func step(in flow: Flow, at path: ArraySlice<Substring>, named name: String) -> Step? {
        guard let segment = path.first else { return nil }
        let own = segment.prefix { $0 != "[" }
        // A program's step may have a mark in its key that is an iteration's elsewhere.
        guard let step = flow[String(own)] ?? flow[String(own.prefix { $0 != "#" })] else { return nil }
        let labels = segment.split(separator: "[").dropFirst().map { $0.prefix { $0 != "]" } }
        return Self.step(within: step, labels: labels[...], at: path.dropFirst(), named: name)
    }

    /// Each label is a branch or the place of an item; a branch or an item that is one step has no path beyond it.
    private static func step(
        within step: Step, labels: ArraySlice<Substring>, at path: ArraySlice<Substring>, named name: String
    ) -> Step? {
        guard let label = labels.first else {
            if path.isEmpty { return step }
            if path.first == Step.compensationName[...] { return step.compensation }
            return step.kind.flows.first.flatMap { Self.step(in: $0.flow, at: path, named: name) }
        }
        var flows = step.kind.flows
        if case .parallel = step.kind { flows = flows.filter { $0.label == String(label) } }
        let found = flows.lazy.compactMap { _, flow -> Step? in
            if flow.isSingleStep, let step = flow.steps.first {
                return Self.step(within: step, labels: labels.dropFirst(), at: path, named: name)
            }
            return labels.count == 1 ? Self.step(in: flow, at: path, named: name) : nil
        }
        return found.first { $0.name == name }
    }
}
