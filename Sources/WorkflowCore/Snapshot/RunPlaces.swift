import JSON
import WorkflowModel

/// Where a run stands, as its snapshot has it: scopes and steps, which point into its workflow.
struct RunPlaces {
    private(set) var members = JSONObject()

    init(writing run: Run) {
        let table = StepTable(run.workflow)
        members["root"] = Self.write(run.root, around: nil, table)
        let owners = Self.owners(run.active)
        // Scopes come first: the step that a program has opened must be known before those inside it.
        members["scopes"] = Self.write(run.inner, in: run.root, owners, table)
        members["active"] = .array(run.active.map { Self.write($0, table) })
        if let checkpoint = run.checkpoint {
            let owners = Self.owners(checkpoint.active)
            members["checkpoint"] = [
                "scopes": Self.write(checkpoint.inner, in: run.root, owners, table),
                "active": .array(checkpoint.active.map { Self.write($0, table) }),
            ]
        }
        members["compensations"] = .array(
            run.compensations.map { compensation in
                [
                    "path": .string(compensation.path), "step": table.reference(to: compensation.step),
                    "result": compensation.result, "locals": .object(compensation.locals),
                ]
            })
        if !table.definitions.isEmpty { members["definitions"] = .array(table.definitions) }
    }

    static func read(_ members: JSONObject, into run: inout Run) throws(UnreadableState) {
        let table = StepTable(run.workflow)
        try table.add(definitions: members["definitions"]?.array ?? [])
        guard let root = members["root"] else { throw UnreadableState("root") }
        run.root = try scope(root, key: "", around: nil, table)
        run.inner = try scopes(members["scopes"], in: run.root, table)
        run.active = try list(members["active"]) { (step) throws(UnreadableState) in try activeStep(step, table) }
        run.checkpoint = nil
        if let checkpoint = members["checkpoint"] {
            run.checkpoint = Checkpoint(
                active: try list(checkpoint["active"]) { (step) throws(UnreadableState) in try activeStep(step, table)
                },
                inner: try scopes(checkpoint["scopes"], in: run.root, table))
        }
        run.compensations = try list(members["compensations"]) { (compensation) throws(UnreadableState) in
            guard let path = compensation["path"]?.string, let result = compensation["result"],
                let locals = compensation["locals"]?.object
            else { throw UnreadableState("compensations") }
            return Compensation(
                path: path, step: try table.step(compensation["step"]), result: result, locals: locals)
        }
    }

    private static func list<Element>(
        _ value: JSONValue?, _ read: (JSONValue) throws(UnreadableState) -> Element
    ) throws(UnreadableState) -> [Element] {
        guard case .array(let elements)? = value else { throw UnreadableState("list") }
        var found: [Element] = []
        for element in elements { found.append(try read(element)) }
        return found
    }
}

// MARK: Scopes

// A scope begins with what is known around it, and a thousand of them may stand in one: what they share is written once.

extension RunPlaces {
    /// The scope that each step is in, by the step's path.
    private static func owners(_ active: [ActiveStep]) -> [String: String] {
        Dictionary(active.map { ($0.path, $0.scope) }, uniquingKeysWith: { $1 })
    }

    /// Outer ones first: their keys are shorter.
    private static func write(
        _ scopes: [String: Scope], in root: Scope, _ owners: [String: String], _ table: StepTable
    ) -> JSONValue {
        let ordered = scopes.values.sorted { left, right in
            let (first, second) = (left.key.utf8, right.key.utf8)
            return (first.count, left.key) < (second.count, right.key)
        }
        return .array(
            ordered.map { scope in
                var around = ""
                if case .step(let path, _) = scope.owner { around = owners[path] ?? "" }
                let isKnown = around.utf8.count < scope.key.utf8.count && scopes[around] != nil
                var members: JSONObject = ["key": .string(scope.key), "around": .string(isKnown ? around : "")]
                let own = write(scope, around: isKnown ? scopes[around] : root, table)
                for (name, value) in own.object ?? [:] { members.set(name, to: value) }
                return .object(members)
            })
    }

    private static func scopes(
        _ value: JSONValue?, in root: Scope, _ table: StepTable
    ) throws(UnreadableState) -> [String: Scope] {
        guard case .array(let elements)? = value else { throw UnreadableState("scopes") }
        var scopes: [String: Scope] = [:]
        for element in elements {
            guard let key = element["key"]?.string, let around = element["around"]?.string,
                let outer = around.isEmpty ? root : scopes[around]
            else { throw UnreadableState("scopes") }
            scopes[key] = try scope(element, key: key, around: outer, table)
        }
        return scopes
    }

    private static func write(_ scope: Scope, around outer: Scope?, _ table: StepTable) -> JSONValue {
        let (name, place) = table.reference(to: scope.flow)
        var members: JSONObject = ["owner": scope.owner.stored, "openedAt": scope.openedAt.stored]
        members.set(name, to: place)
        put("locals", scope.locals, beside: outer?.locals, into: &members)
        put("results", scope.results, beside: outer?.results, into: &members)
        if outer?.lastResult.isIdentical(to: scope.lastResult) != true { members["lastResult"] = scope.lastResult }
        members["iterations"] = scope.iterations.stored
        members["best"] = scope.best?.stored
        return .object(members)
    }

    private static func scope(
        _ value: JSONValue, key: String, around outer: Scope?, _ table: StepTable
    ) throws(UnreadableState) -> Scope {
        guard let owner = value["owner"].flatMap(Scope.Owner.init(stored:)),
            let openedAt = value["openedAt"].flatMap(Timestamp.init(stored:)),
            let lastResult = value["lastResult"] ?? outer?.lastResult,
            let iterations = value["iterations"].flatMap([String: Int].init(stored:))
        else { throw UnreadableState("scope") }
        var scope = Scope(key: key, flow: try table.flow(in: value), owner: owner, at: openedAt, lastResult: lastResult)
        scope.locals = try members("locals", of: value, beside: outer?.locals)
        scope.results = try members("results", of: value, beside: outer?.results)
        scope.iterations = iterations
        if let best = value["best"] {
            guard let draft = Draft(stored: best) else { throw UnreadableState("best") }
            scope.best = draft
        }
        return scope
    }

    /// `+name` holds what comes to the members around, `name` all there are.
    private static func put(
        _ name: String, _ own: JSONObject, beside outer: JSONObject?, into members: inout JSONObject
    ) {
        if let outer, own.isIdentical(to: outer) { return }
        if let added = outer.flatMap(own.additions(to:)) {
            members.set("+" + name, to: .object(added))
        } else {
            members.set(name, to: .object(own))
        }
    }

    private static func members(
        _ name: String, of value: JSONValue, beside outer: JSONObject?
    ) throws(UnreadableState) -> JSONObject {
        if let all = value[name] {
            guard let members = all.object else { throw UnreadableState(name) }
            return members
        }
        guard var members = outer else { throw UnreadableState(name) }
        guard let added = value["+" + name] else { return members }
        guard case .object(let additions) = added else { throw UnreadableState(name) }
        for (key, value) in additions { members.set(key, to: value) }
        return members
    }
}

// MARK: Steps

extension RunPlaces {
    private static func write(_ active: ActiveStep, _ table: StepTable) -> JSONValue {
        var members: JSONObject = [
            "path": .string(active.path), "step": table.reference(to: active.step),
            "iteration": active.iteration.stored, "scope": .string(active.scope), "phase": active.phase.stored,
            "attempt": active.attempt.stored, "failures": active.failures.stored,
        ]
        members["input"] = active.recordedInput
        if let fanOut = active.fanOut {
            var progress: JSONObject = [
                "settled": .array(fanOut.settled.map { $0?.stored ?? .null }), "open": fanOut.open.stored,
            ]
            progress["firstFailure"] = fanOut.firstFailure?.json
            members["fanOut"] = .object(progress)
        }
        members["program"] = active.program?.stored
        return .object(members)
    }

    private static func activeStep(_ value: JSONValue, _ table: StepTable) throws(UnreadableState) -> ActiveStep {
        guard let path = value["path"]?.string, let iteration = value["iteration"]?.int,
            let scope = value["scope"]?.string, let phase = value["phase"].flatMap(ActiveStep.Phase.init(stored:)),
            let attempt = value["attempt"]?.int, let failures = value["failures"]?.int
        else { throw UnreadableState("active") }
        var active = ActiveStep(
            path: path, step: try table.step(value["step"]), iteration: iteration, scope: scope, attempt: attempt)
        active.phase = phase
        active.failures = failures
        active.recordedInput = value["input"]
        if let progress = value["fanOut"] { active.fanOut = try fanOut(progress, of: active) }
        if let program = value["program"] {
            guard let record = ProgramRecord(stored: program) else { throw UnreadableState("program") }
            active.program = record
        }
        return active
    }

    private static func fanOut(_ value: JSONValue, of active: ActiveStep) throws(UnreadableState) -> FanOut {
        guard let fresh = active.freshFanOut, case .array(let places)? = value["settled"],
            places.count == fresh.items.count, let open = value["open"].flatMap(Set<Int>.init(stored:)),
            open.allSatisfy(places.indices.contains)
        else { throw UnreadableState("fanOut") }
        var settled: [FanOut.Settled?] = []
        settled.reserveCapacity(places.count)
        for place in places {
            let read = FanOut.Settled(stored: place)
            guard read != nil || place.isNull else { throw UnreadableState("settled") }
            settled.append(read)
        }
        let failure = value["firstFailure"].flatMap(Failure.init(json:))
        return FanOut(resuming: fresh, settled: settled, open: open, firstFailure: failure)
    }
}
