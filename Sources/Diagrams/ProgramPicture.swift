package import WorkflowModel

extension Diagram {
    /// The picture of a run: its workflow and where it stands there, or, where it is a program's, what the program has done.
    package static func of(_ run: Run, events: some Sequence<RunEvent>) -> Diagram {
        guard run.workflow.program != nil else { return of(run.workflow, Standing(of: run, events: events)) }
        let events = Array(events)
        let steps = ProgramSteps(events)
        let standing = Standing(of: run, in: Flow(opened: steps.list.map(\.step)), events: events)
        var painter = Painter(standing: standing)
        let picture = painter.picture(of: steps, hasEnded: run.status == .completed)
        return Diagram(title: run.workflow.name, description: run.workflow.description, picture: picture)
    }
}

/// The steps that a program has opened, in that order, and after which each came.
struct ProgramSteps {
    struct Opened {
        let step: Step
        /// The place of its beginning among the events, and that of its end.
        let began: Int
        var ended: Int?
    }

    private(set) var list: [Opened] = []

    init(_ events: [RunEvent]) {
        var positions: [String: Int] = [:]
        for (place, event) in events.enumerated() {
            switch event {
            case .stepStarted(let start):
                guard let step = start.definition?.step else { continue }
                let opened = Opened(step: step, began: place)
                // One that was forgotten and begun again is drawn where it was first.
                if let known = positions[start.path] {
                    list[known] = Opened(step: step, began: list[known].began)
                } else {
                    positions[start.path] = list.count
                    list.append(opened)
                }
            case .stepCompleted(let end): positions[end.path].map { list[$0].ended = place }
            case .stepFailed(let end) where end.willRetryAt == nil: positions[end.path].map { list[$0].ended = place }
            default: break
            }
        }
    }

    /// The steps right before one, by their places: those that had ended when it began, but for those before these.
    func before(_ place: Int) -> [Int] {
        let began = list[place].began
        let earlier = list.indices.filter { list[$0].ended.map { $0 < began } ?? false }
        let latest = earlier.map { list[$0].began }.max() ?? 0
        return earlier.filter { (list[$0].ended ?? 0) > latest }
    }
}
