import Expressions
import JSON
import WorkflowModel

// What starts the steps that wait for something else than a body: signals and moments, children, flows inside.

extension Decider {
    /// How many signals may wait to be taken.
    static let signalLimit = 1000
    /// How many runs may be above one.
    static let depthLimit = 32

    /// The list with what each element goes by and waits for, computed once.
    func items(of forEach: ForEachStep, in active: ActiveStep) throws -> JSONValue {
        let bindings = run.bindings(for: active)
        let list = try forEach.list.evaluate(bindings)
        guard case .array(let items) = list else {
            throw Failure(
                kind: "forEach.notAList", message: "forEach needs a list, not \(list.typeName).", isRetryable: false)
        }
        guard forEach.key != nil || forEach.dependencies != nil else {
            return FanOut.recorded(items: items, keys: [], dependencies: nil)
        }
        var keys: [String] = []
        var dependencies: [JSONValue] = []
        for (index, item) in items.enumerated() {
            var inside = bindings
            inside[forEach.itemName] = item
            inside["index"] = .number(JSONNumber(index))
            keys.append(try forEach.key?.evaluate(inside).plainText ?? String(index))
            if let template = forEach.dependencies { dependencies.append(try template.evaluate(inside)) }
        }
        var known: Set<String> = []
        if let key = keys.first(where: { !known.insert($0).inserted }) {
            throw Failure(
                kind: "forEach.duplicateKey", message: "Two elements have the key \"\(key)\".", isRetryable: false)
        }
        guard forEach.dependencies != nil else {
            return FanOut.recorded(items: items, keys: keys, dependencies: nil)
        }
        let graph = try Dependencies.read(dependencies, keys: keys, in: .forEach)
        if let circle = graph.circle {
            let names = circle.map { keys[$0] }.joined(separator: " → ")
            throw Failure(
                kind: Dependencies.Place.forEach.circle, message: "The elements wait for each other: \(names).",
                isRetryable: false)
        }
        return FanOut.recorded(items: items, keys: keys, dependencies: graph)
    }

    // MARK: Children

    /// Each attempt has a child run of its own; all of them have the version that the first one had.
    func childInput(
        _ child: WorkflowStep, _ active: ActiveStep, _ context: DecisionContext
    ) throws -> JSONValue {
        let id = JSONValue.string(context.surroundings.makeID())
        if case .object(var known)? = active.recordedInput {
            known["runId"] = id
            return .object(known)
        }
        guard let version = context.surroundings.version(ofWorkflow: child.name) else {
            throw Failure(
                kind: "workflow.notFound", message: "There is no workflow \"\(child.name)\".", isRetryable: false)
        }
        guard (run.creation.parent?.depth ?? 0) < Self.depthLimit else {
            throw Failure(
                kind: "limit.exceeded", message: "There are \(Self.depthLimit) runs above this one already.",
                isRetryable: false)
        }
        var input: JSONObject = ["workflow": .string(child.name), "version": .string(version), "runId": id]
        if let with = child.with { input["input"] = try with.evaluate(run.bindings(for: active)) }
        return .object(input)
    }

    // MARK: Waits and signals

    mutating func wait(_ wait: WaitStep, in active: ActiveStep, _ context: DecisionContext) throws {
        let bindings = run.bindings(for: active)
        var earliest: (moment: Timestamp, fires: JSONValue)?
        for condition in wait.conditions {
            let candidate: (moment: Timestamp, fires: JSONValue)
            switch condition {
            case .duration(let template):
                let value = try template.evaluate(bindings)
                guard let milliseconds = value.int, milliseconds >= 0 else {
                    throw Failure(
                        kind: "wait.invalid",
                        message: "durationMs must be an integer of at least 0, not \(value.serialized()).",
                        isRetryable: false)
                }
                candidate = (context.now + .milliseconds(milliseconds), "duration")
            case .until(let template):
                let value = try template.evaluate(bindings)
                guard let moment = value.string.flatMap(Timestamp.init(parsing:)) else {
                    throw Failure(
                        kind: "wait.invalid",
                        message: "until must be a time such as \"2030-01-31T09:00:00Z\", not \(value.serialized()).",
                        isRetryable: false)
                }
                candidate = (moment, "time")
            case .signal: continue
            }
            if earliest.map({ candidate.moment < $0.moment }) ?? true { earliest = candidate }
        }
        let input: JSONValue? = earliest.map { ["fires": $0.fires] }
        emitStart(active, input: input, until: earliest?.moment, context)
        deliverSignals(context)
    }

    mutating func receive(_ signal: Signal, _ context: DecisionContext) throws(Refusal) {
        guard !run.status.isTerminal else { throw invalidTransition }
        if let key = signal.idempotencyKey, let known = run.signalKeys[key] {
            guard known == signal.fingerprint else { throw .signalConflict(key: key) }
            return
        }
        guard run.signals.count < Self.signalLimit else { throw .tooManySignals(limit: Self.signalLimit) }
        emit(.signalReceived(signal), context)
        if run.ending?.graceUntil == nil { deliverSignals(context) }
    }

    /// The oldest signal of a name goes to the wait that came first.
    private mutating func deliverSignals(_ context: DecisionContext) {
        while !run.signals.isEmpty, run.isUnderWay, let (active, signal) = nextDelivery {
            var output: JSONObject = ["fired": "signal", "signal": .string(signal.name)]
            output["payload"] = signal.payload
            complete(active, output: .object(output), context)
        }
    }

    private var nextDelivery: (ActiveStep, Signal)? {
        for active in run.active {
            guard case .waiting = active.phase, case .wait(let wait) = active.step.kind else { continue }
            let signal = run.signals.first { signal in
                wait.conditions.contains { if case .signal(signal.name) = $0 { true } else { false } }
            }
            if let signal { return (active, signal) }
        }
        return nil
    }
}
