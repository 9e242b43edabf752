import Expressions
import JSON

// Each pattern becomes a flow of ordinary steps; what it expects of one of them beyond that is the step's role.

extension WorkflowParser {
    mutating func pattern(_ pattern: Pattern, _ value: JSONValue, at pointer: JSONPointer) -> Flow? {
        guard let object = reader.object(value, at: pointer, as: .of(pattern)) else { return nil }
        // What comes to most of its steps as `result` is what the pattern made of a step's.
        return within(pointer) {
            $0.seeing(pattern.steps(of: object)) { $0.after([]) { $0.flow(pattern, object, pointer) } }
        }
    }

    private mutating func flow(_ pattern: Pattern, _ object: JSONObject, _ pointer: JSONPointer) -> Flow? {
        switch pattern {
        case .routing: routing(object, at: pointer)
        case .orchestratorWorkers: orchestratorWorkers(object, at: pointer)
        case .parallelization: parallelization(object, at: pointer)
        case .evaluatorOptimizer: evaluatorOptimizer(object, at: pointer)
        }
    }

    private mutating func part(
        _ name: String, of object: JSONObject, at pointer: JSONPointer, next: Next, role: StepRole? = nil
    ) -> Step? {
        guard let value = reader.present(name, in: object) else { return nil }
        return step(value, name: name, at: pointer.appending(name), Position(next: next, role: role))
    }

    // MARK: Routing

    private mutating func routing(_ object: JSONObject, at pointer: JSONPointer) -> Flow? {
        let routes = named("routes", of: object, at: pointer)
        let place = pointer.appending("routes")
        var steps: [Step] = []
        for (key, value) in routes {
            let route = place.appending(key)
            checkLabel(key, at: route)
            if key == "classify" {
                reader.report(Problem("document.badName", at: route, "A route cannot have the name \"classify\"."))
            }
            checkDescription(value, at: route)
            let position = Position.alone(describedBy: .route)
            if let step = step(value, name: key, at: route, position) { steps.append(step) }
        }
        let fallbacks = routes.filter { $0.value["default"]?.bool == true }.map(\.key)
        if fallbacks.count > 1 {
            reader.report(
                Problem(
                    "routing.twoDefaults", at: place,
                    "One route can be the default, these are: \(fallbacks.map(\.excerpt).joined(separator: ", "))."))
        }
        let choices = routes.keys.map { Next.Choice(when: Self.comparison(with: $0), to: .step($0)) }
        let fallback = fallbacks.first.map { [Next.Choice(when: nil, to: .step($0))] } ?? []
        let role = StepRole.classify(routes: Array(routes.keys), hasDefault: !fallbacks.isEmpty)
        let classify = binding(["routes"]) {
            $0.part("classify", of: object, at: pointer, next: .choose(choices + fallback), role: role)
        }
        guard let classify, steps.count == routes.count else { return nil }
        let described = routes.map { Self.description(of: $1, under: "key", $0, members: Form.route.names) }
        return Flow(start: .step("classify"), steps: [classify] + steps, bound: ["routes": .array(described)])
    }

    /// The routes or the workers; none, and a problem, when there are none.
    private mutating func named(_ name: String, of object: JSONObject, at pointer: JSONPointer) -> JSONObject {
        guard let value = reader.present(name, in: object) else { return [:] }
        if case .object(let members) = value, !members.isEmpty { return members }
        reader.reportType(value, at: pointer.appending(name), expected: "an object with a member for each")
        return [:]
    }

    private static func comparison(with key: String) -> Expression? {
        try? Expression(parsing: "result == \(JSONValue.string(key).serialized())")
    }

    private mutating func checkDescription(_ value: JSONValue, at pointer: JSONPointer) {
        guard case .object(let object) = value else { return }
        for name in ["whenToUse", "examples", "capabilities"] { _ = reader.strings(name, of: object, at: pointer) }
        if let value = reader.present("default", in: object), value.bool == nil {
            reader.reportType(value, at: pointer.appending("default"), expected: "true or false")
        }
    }

    /// What a model that chooses among routes or workers is told about one of them.
    private static func description(
        of value: JSONValue, under name: String, _ key: String, members: [String]
    ) -> JSONValue {
        var description: JSONObject = [name: .string(key)]
        for member in ["description"] + members { description[member] = value[member] }
        return .object(description)
    }

    // MARK: Orchestrator and workers

    private mutating func orchestratorWorkers(_ object: JSONObject, at pointer: JSONPointer) -> Flow? {
        let workers = named("workers", of: object, at: pointer)
        let place = pointer.appending("workers")
        var bodies: [(name: String, flow: Flow)] = []
        for (name, value) in workers {
            checkLabel(name, at: place.appending(name))
            checkDescription(value, at: place.appending(name))
            let flow = binding(["item", "index", "results"]) {
                $0.block(value, name: name, at: place.appending(name), describedBy: .worker)
            }
            if let flow { bodies.append((name, flow)) }
        }
        let described = workers.map { Self.description(of: $1, under: "name", $0, members: Form.worker.names) }
        let role = StepRole.plan(workers: Array(workers.keys))
        let plan = binding(["workers"]) {
            $0.part("plan", of: object, at: pointer, next: .always(.step("delegate")), role: role)
        }
        let synthesize = binding(["workers"]) {
            $0.part("synthesize", of: object, at: pointer, next: .always(.end))
        }
        let limit = reader.integer("maxConcurrency", of: object, at: pointer, minimum: 1)
        let strategy: FailureStrategy? = reader.choice("failureStrategy", of: object, at: pointer)
        guard let plan, let synthesize, bodies.count == workers.count,
            let list = Self.template("${result.steps}"), let key = Self.template("${item.id}"),
            let dependencies = Self.template("${has(item.dependsOn) ? item.dependsOn : null}")
        else { return nil }
        let delegation = ForEachStep(
            list: list, itemName: "item", body: .workers(bodies), maxConcurrency: limit,
            failureStrategy: strategy ?? .failFast, key: key, dependencies: dependencies, resultShape: .workers)
        var source: JSONObject = ["in": list.source, "key": key.source, "dependsOn": "${item.dependsOn}"]
        source["do"] = ["workers": .object(workers)]
        for name in ["maxConcurrency", "failureStrategy"] { source[name] = object[name] }
        let delegate = Self.made(
            "delegate", .forEach(delegation), source: ["forEach": .object(source)], next: "synthesize")
        return Flow(
            start: .step("plan"), steps: [plan, delegate, synthesize], bound: ["workers": .array(described)])
    }

    private static func template(_ text: String) -> Template? { try? Template(parsing: .string(text)) }

    /// A step that stands in no document.
    private static func made(_ name: String, _ kind: StepKind, source: JSONObject, next: String) -> Step {
        Step(
            name: name, description: nil, kind: kind, set: nil, output: nil, timeout: nil, heartbeatTimeout: nil,
            retry: RetryPolicy(), onError: nil, onInterrupted: .retry, next: .always(Target(named: next)),
            source: source)
    }

    // MARK: Parallelization

    private mutating func parallelization(_ object: JSONObject, at pointer: JSONPointer) -> Flow? {
        var split: Step?
        var list: Template?
        switch object["split"] {
        case .object: split = part("split", of: object, at: pointer, next: .always(.step("each")), role: .split)
        default:
            list = reader.template("split", of: object, at: pointer)
            if let list { check(list: list, at: pointer.appending("split")) }
        }
        let body = binding(["item", "index"]) { parser in
            parser.reader.present("each", in: object).flatMap {
                parser.block($0, name: "each", at: pointer.appending("each"))
            }
        }
        let merge = part("merge", of: object, at: pointer, next: .always(.end))
        let limit = reader.integer("maxConcurrency", of: object, at: pointer, minimum: 1)
        let strategy: FailureStrategy? = reader.choice("failureStrategy", of: object, at: pointer)
        let includesFailures = reader.present("includeFailures", in: object)
        if let includesFailures, includesFailures.bool == nil {
            reader.reportType(
                includesFailures, at: pointer.appending("includeFailures"), expected: "true or false")
        }
        guard let list = list ?? Self.template("${result}"), let body, let merge, split != nil || object["split"] != nil
        else { return nil }
        let each = ForEachStep(
            list: list, itemName: "item", body: .flow(body), maxConcurrency: limit,
            failureStrategy: strategy ?? .failFast, key: nil, dependencies: nil,
            resultShape: .subtasks(includeFailures: includesFailures?.bool ?? true))
        var source: JSONObject = ["in": list.source, "do": object["each"] ?? .null]
        for name in ["maxConcurrency", "failureStrategy"] { source[name] = object[name] }
        let step = Self.made("each", .forEach(each), source: ["forEach": .object(source)], next: "merge")
        return Flow(start: .step(split?.name ?? "each"), steps: (split.map { [$0] } ?? []) + [step, merge])
    }

    // MARK: Evaluator and optimizer

    private mutating func evaluatorOptimizer(_ object: JSONObject, at pointer: JSONPointer) -> Flow? {
        let evaluator = Evaluator(
            threshold: reader.number("threshold", of: object, at: pointer),
            maxIterations: reader.integer("maxIterations", of: object, at: pointer, minimum: 1) ?? 3,
            criteria: criteria(object, at: pointer))
        guard let passed = try? Expression(parsing: "result.passed"),
            let isLast = try? Expression(parsing: "iteration >= \(evaluator.maxIterations)")
        else { return nil }
        let ways = Next.choose([
            Next.Choice(when: passed, to: .end), Next.Choice(when: isLast, to: .end),
            Next.Choice(when: nil, to: .step("optimize")),
        ])
        let (generate, evaluate, optimize) = binding(["criteria"]) { parser in
            let toEvaluation = Next.always(.step("evaluate"))
            let generate = parser.part("generate", of: object, at: pointer, next: toEvaluation, role: .draft)
            return parser.binding(["draft"]) { parser in
                let drafts = [object["generate"] ?? .null, object["optimize"] ?? .null]
                let evaluate = parser.after(drafts) {
                    $0.part("evaluate", of: object, at: pointer, next: ways, role: .evaluate(evaluator))
                }
                let optimize = parser.part("optimize", of: object, at: pointer, next: toEvaluation, role: .draft)
                return (generate, evaluate, optimize)
            }
        }
        guard let generate, let evaluate, let optimize else { return nil }
        return Flow(
            start: .step("generate"), steps: [generate, evaluate, optimize], result: .bestDraft,
            bound: ["criteria": object["criteria"] ?? []])
    }

    private mutating func criteria(_ object: JSONObject, at pointer: JSONPointer) -> [Evaluator.Criterion] {
        guard let value = reader.present("criteria", in: object) else { return [] }
        let place = pointer.appending("criteria")
        guard case .array(let entries) = value else {
            reader.reportType(value, at: place, expected: "a list of {name, description?, threshold?, weight?}")
            return []
        }
        return entries.enumerated().compactMap { index, entry in
            let place = place.appending(index)
            guard let criterion = reader.object(entry, at: place, as: .criterion) else { return nil }
            let weight = reader.present("weight", in: criterion)
            if let weight, (weight.double ?? -1) < 0 {
                reader.reportType(weight, at: place.appending("weight"), expected: "a number of at least 0")
            }
            let name = reader.string("name", of: criterion, at: place)
            let description = reader.string("description", of: criterion, at: place)
            let threshold = reader.number("threshold", of: criterion, at: place)
            return name.map {
                Evaluator.Criterion(
                    name: $0, description: description, threshold: threshold, weight: weight?.double ?? 1)
            }
        }
    }
}
