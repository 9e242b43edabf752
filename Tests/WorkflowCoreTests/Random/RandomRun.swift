import JSON
import WorkflowCore
import WorkflowModel

/// What ought not to have happened.
struct Violation: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}

/// A world that follows from a seed.
final class RandomWorld: Surroundings {
    var random: SeededNumbers
    var mayStart = true
    var children: [String: RunStatus] = [:]
    private var ids = 0

    init(seed: Int) {
        random = SeededNumbers(seed: seed)
    }

    func makeID() -> String {
        ids += 1
        return "id-\(ids)"
    }

    func chance() -> Double { Double(random.number(0..<1000)) / 1000 }
    func mayStart(_ step: Step) -> Bool { mayStart }
    func version(ofWorkflow name: String) -> String? { name == "other" ? "1" : nil }
    func status(ofRun id: String) -> RunStatus? { children[id] }
}

/// A made-up run that is driven by made-up commands, and looked at after each decision.
struct RandomRun {
    var decider: Decider
    var now = Timestamp(milliseconds: 1_000_000)
    let world: RandomWorld
    private var checks: RunChecks
    private var executions = 0
    /// What was done, for a person who looks for the cause.
    private(set) var trail: [String] = []

    init(_ workflow: Workflow, options: JSONValue?, seed: Int) throws {
        world = RandomWorld(seed: seed)
        let creation = RunCreated(
            workflow: workflow.name, version: workflow.version, namespace: "default", cwd: "/", input: nil,
            options: options, labels: [:], client: nil)
        decider = Decider(
            creating: "r", workflow: workflow, creation: creation, options: try RunOptions.parse(options), at: now)
        _ = decider.takeEvents()
        checks = RunChecks(decider.run)
    }

    var run: Run { decider.run }

    /// Decides, and looks at what came of it. The number of events.
    @discardableResult
    mutating func decide(_ command: Command) throws -> Int {
        let before = run
        trail.append("\(now.milliseconds) \(command)".prefix(200).description)
        do {
            try decider.decide(command, DecisionContext(now: now, surroundings: world))
        } catch {
            guard decider.takeEvents().isEmpty, RunDigest(before) == RunDigest(run) else {
                throw Violation("The refusal \(error) changed something.")
            }
            return 0
        }
        let events = decider.takeEvents()
        trail += events.map { "    \($0)".prefix(300).description }
        for id in run.children where world.children[id] == nil { world.children[id] = .inProgress }
        try checks.check(events, from: before, to: run, children: world.children)
        return events.count
    }

    /// What is due now happens, until nothing more does.
    mutating func advance() throws {
        var turns = 0
        while try decide(.advance) > 0 {
            turns += 1
            if turns > 3000 { throw Violation("At one moment there is always more to do.") }
        }
        if let deadline = run.nextDeadline(after: max(now, run.lastAt)), deadline <= max(now, run.lastAt) {
            throw Violation("The deadline \(deadline.milliseconds) has passed and nothing comes of it.")
        }
    }

    mutating func pass(_ milliseconds: Int) {
        now = now + .milliseconds(milliseconds)
    }

    mutating func newExecution() -> String {
        executions += 1
        return "e\(executions)"
    }

    /// Goes on as the run that begins with some of this one's events.
    mutating func fork() throws {
        let seq = world.random.number(1..<run.seq + 1)
        let fork = RunForked(
            source: RunSource(runID: run.id, seq: seq), namespace: "fork",
            state: world.random.happens(30) ? ["forked": true] : nil)
        trail.append("forked after \(seq) of \(run.seq)")
        (decider, checks) = try checks.forked(after: seq, with: fork, at: now)
        _ = decider.takeEvents()
    }

    /// The journal's fold is the run.
    func replay() throws { try checks.replay(run) }
}
