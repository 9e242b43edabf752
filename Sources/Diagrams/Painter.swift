import Expressions
import JSON
import WorkflowModel

/// Makes the picture of a workflow.
struct Painter {
    private let standing: Standing?
    private var stepsLeft = 2_000
    private var waysLeft = 6_000
    private var omittedSteps = 0
    private var omittedWays = 0

    init(standing: Standing?) {
        self.standing = standing
    }

    mutating func picture(of workflow: Workflow) -> Picture {
        var picture = picture(of: workflow.flow)
        if let cleanup = workflow.cleanup {
            _ = picture.add(
                Picture.Node(
                    shape: .frame(.branch), name: "cleanup", caption: "when the run is cancelled",
                    inside: self.picture(of: cleanup)))
        }
        let omitted = [(omittedSteps, "steps"), (omittedWays, "ways")].filter { $0.0 > 0 }
        if !omitted.isEmpty {
            let text = omitted.map { "\($0.0) \($0.1)" }.joined(separator: " and ")
            _ = picture.add(Picture.Node(shape: .note, name: "… \(text) more"))
        }
        return picture
    }

    /// What a program has done: a step stands below those that had ended when it began.
    mutating func picture(of steps: ProgramSteps, hasEnded: Bool) -> Picture {
        var picture = Picture()
        let start = picture.add(Picture.Node(shape: .terminal, name: Flow.startName))
        var places: [Int?] = []
        var last = Set([start])
        for (index, opened) in steps.list.enumerated() {
            let place = add(opened.step, to: &picture)
            places.append(place)
            guard let place else { continue }
            let before = steps.before(index).compactMap { places[$0] }
            for from in before.isEmpty ? [start] : before {
                lead(from: from, to: place, in: &picture)
                last.remove(from)
            }
            last.insert(place)
        }
        guard hasEnded else { return picture }
        let end = picture.add(Picture.Node(shape: .terminal, name: Target.endName))
        for place in last.sorted() { lead(from: place, to: end, in: &picture) }
        return picture
    }

    private mutating func lead(from place: Int, to target: Int, in picture: inout Picture) {
        guard waysLeft > 0 else { return omittedWays += 1 }
        waysLeft -= 1
        picture.add(Picture.Way(from: place, to: target, wasGone: true))
    }

    private mutating func picture(of flow: Flow) -> Picture {
        var picture = Picture()
        if flow.isSingleStep {
            for step in flow.steps { _ = add(step, to: &picture) }
            return picture
        }
        let start = picture.add(Picture.Node(shape: .terminal, name: Flow.startName))
        var places: [Target: Int] = [:]
        for step in flow.steps { places[.step(step.name)] = add(step, to: &picture) }
        let isEnded = flow.start == .end || flow.steps.contains { step in step.leaves.contains { $0.to == .end } }
        if isEnded { places[.end] = picture.add(Picture.Node(shape: .terminal, name: Target.endName)) }
        lead(from: start, of: nil, along: [Leaving(to: flow.start)], places, in: &picture)
        for step in flow.steps {
            guard let place = places[.step(step.name)] else { continue }
            lead(from: place, of: step, along: step.leaves, places, in: &picture)
        }
        return picture
    }

    /// Ways of one kind to the same target become one, with a line of its label for each condition.
    private mutating func lead(
        from place: Int, of step: Step?, along leaves: [Leaving], _ places: [Target: Int], in picture: inout Picture
    ) {
        let first = picture.ways.count
        var known: [Target: [Picture.Way.Kind: Int]] = [:]
        for leaving in leaves {
            guard let target = places[leaving.to] else { continue }
            if let way = known[leaving.to]?[leaving.kind] {
                picture.ways[way].label += leaving.label
                continue
            }
            guard waysLeft > 0 else {
                omittedWays += 1
                continue
            }
            waysLeft -= 1
            known[leaving.to, default: [:]][leaving.kind] = picture.ways.count
            picture.add(
                Picture.Way(
                    from: place, to: target, kind: leaving.kind, label: leaving.label,
                    wasGone: step.flatMap { standing?.wasGone(from: $0, to: leaving.to) } ?? (standing != nil)))
        }
        // One that every other condition leads to as well has nothing to choose.
        if picture.ways.count == first + 1, leaves.count > 1, picture.ways[first].label.last == Leaving.otherwise {
            picture.ways[first].label = []
        }
    }

    /// Nil when the picture is full.
    private mutating func add(_ step: Step, to picture: inout Picture) -> Int? {
        guard stepsLeft > 0 else {
            omittedSteps += 1
            return nil
        }
        stepsLeft -= 1
        let place = picture.add(
            Picture.Node(
                shape: step.kind.shape, name: step.name, caption: step.kind.caption, description: step.description,
                mark: standing?.mark(of: step)))
        picture.nodes[place].inside = inside(of: step)
        if let compensation = step.compensation, let undo = add(compensation, to: &picture) {
            picture.add(Picture.Way(from: place, to: undo, kind: .undo, label: ["undone by"]))
        }
        return place
    }

    private mutating func inside(of step: Step) -> Picture? {
        switch step.kind {
        case .parallel: return branches(step.kind.flows, isChoice: false)
        case .forEach(let forEach):
            if case .workers = forEach.body { return branches(step.kind.flows, isChoice: true) }
        default: break
        }
        return step.kind.flows.first.map { picture(of: $0.flow) }
    }

    private mutating func branches(_ flows: [(label: String?, flow: Flow)], isChoice: Bool) -> Picture {
        var picture = Picture()
        let fork = picture.add(Picture.Node(shape: .bar(isHollow: isChoice), name: ""))
        var branches: [Int] = []
        for (label, flow) in flows {
            if flow.isSingleStep, let step = flow.steps.first {
                if let place = add(step, to: &picture) { branches.append(place) }
            } else {
                let inside = self.picture(of: flow)
                branches.append(
                    picture.add(
                        Picture.Node(
                            shape: .frame(.branch), name: label ?? "", caption: isChoice ? "worker" : "branch",
                            inside: inside)))
            }
        }
        let join = picture.add(Picture.Node(shape: .bar(isHollow: isChoice), name: ""))
        for branch in branches {
            picture.add(Picture.Way(from: fork, to: branch))
            picture.add(Picture.Way(from: branch, to: join))
        }
        return picture
    }
}

/// One way out of a step.
private struct Leaving {
    static let otherwise = "else"

    var to: Target
    var kind: Picture.Way.Kind = .next
    var label: [String] = []
}

extension Step {
    /// In the order in which they are tried; none where the step always fails.
    fileprivate var leaves: [Leaving] {
        let error = onError.map { [Leaving(to: $0, kind: .error, label: ["on error"])] } ?? []
        switch (kind, next) {
        case (.fail, _): return error
        case (.approval, .always(let target)) where target != .end:
            // Not approved, the flow goes to its end.
            return [Leaving(to: target, label: ["approved"]), Leaving(to: .end, label: [Leaving.otherwise])] + error
        case (_, .always(let target)): return [Leaving(to: target)] + error
        case (_, .choose(let choices)):
            return choices.map { Leaving(to: $0.to, label: [$0.when?.source ?? Leaving.otherwise]) } + error
        }
    }
}

extension StepKind {
    fileprivate var shape: Picture.Shape {
        switch self {
        case .call, .command, .tool, .program, .hosted: .box
        case .agent: .rounded
        case .workflow: .subroutine
        case .approval, .input: .hexagon
        case .wait: .stadium
        case .set: .slanted
        case .fail: .octagon
        case .parallel, .pattern: .frame(.plain)
        case .forEach: .frame(.stack)
        }
    }

    /// The kind, and what it is about where the document says that in a word.
    fileprivate var caption: String {
        switch self {
        case .call(let step): "call \(step.handler)"
        case .command(let step): "command \(step.program)"
        case .agent(let step): "agent \(step.agent.model)"
        case .tool(let step): "tool \(step.server)/\(step.tool)"
        case .workflow(let step): "workflow \(step.name)"
        case .wait(let step): "wait \(step.conditions.map(\.caption).joined(separator: " or "))"
        case .forEach(let step): "forEach \(step.list.source.string ?? "item")"
        case .pattern(let step): step.pattern.caption
        case .program(let step): "program \(step.name)"
        case .approval, .input, .parallel, .set, .fail, .hosted: name
        }
    }
}

extension Pattern {
    fileprivate var caption: String {
        switch self {
        case .routing: "routing"
        case .orchestratorWorkers: "orchestrator and workers"
        case .parallelization: "parallelization"
        case .evaluatorOptimizer: "evaluator and optimizer"
        }
    }
}

extension WaitStep.Condition {
    fileprivate var caption: String {
        switch self {
        case .signal(let name): "for \(name)"
        case .until(let moment): "until \(moment.source.string ?? "a time")"
        case .duration(let milliseconds): milliseconds.source.int.map { "\($0) ms" } ?? "a while"
        }
    }
}
