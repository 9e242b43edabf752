extension Form {
    /// The patterns as members, of a document or of a step.
    static let patterns = Pattern.allCases.map { pattern in
        let summary =
            switch pattern {
            case .routing: "A step chooses which of several routes to take."
            case .orchestratorWorkers:
                "A step makes a plan, workers do its parts, and a step puts the results together."
            case .parallelization: "A list is split into subtasks, each is done, and a step merges the results."
            case .evaluatorOptimizer: "A draft is made, evaluated and improved until it is good enough."
            }
        return Member(pattern.rawValue, .object(pattern.rawValue), isRequired: false, summary)
    }

    static func of(_ pattern: Pattern) -> Form {
        switch pattern {
        case .routing: routing
        case .orchestratorWorkers: orchestratorWorkers
        case .parallelization: parallelization
        case .evaluatorOptimizer: evaluatorOptimizer
        }
    }

    static let routing = Form([
        Member(
            "classify", .object("part"), isRequired: true, "The step that gives the key of a route; it sees routes."),
        Member(
            "routes", .map(.object("route"), atLeast: 1), isRequired: true,
            "What can be done, by the keys to choose from."),
    ])

    /// What a route says beside its step.
    static let route = Form([
        Member("whenToUse", .list(.string), "When this route is the right one."),
        Member("examples", .list(.string), "What this route is for, by example."),
        Member("default", .bool, "Whether this route is taken when no other is chosen."),
    ])

    static let orchestratorWorkers = Form([
        Member(
            "plan", .object("part"), isRequired: true,
            "The step that gives {goal, steps [{id, description, worker, input, dependsOn[]}]}; it sees workers."),
        Member(
            "workers", .map(.object("worker"), atLeast: 1), isRequired: true,
            "Who does a part of the plan, which is item: each a step or a flow."),
        Member(
            "synthesize", .object("part"), isRequired: true,
            "The step that makes one result of [{stepId, worker, success, data?, error?}]."),
        maxConcurrency, failureStrategy,
    ])

    /// What a worker says beside its step or flow.
    static let worker = Form([Member("capabilities", .list(.string), "What this worker can do.")])

    static let parallelization = Form([
        Member(
            "split", .either([.object("part"), .orTemplate(.list(.template))]), isRequired: true,
            "The subtasks: a list, a ${…} that gives one, or a step that does."),
        Member("each", .object("block"), isRequired: true, "What is done for each subtask, which is item."),
        Member(
            "merge", .object("part"), isRequired: true,
            "The step that makes one result of [{id, success, data?, error?, durationMs}]."),
        maxConcurrency, failureStrategy,
        Member("includeFailures", .bool, "Whether merge sees the failures too; without it true."),
    ])

    static let evaluatorOptimizer = Form([
        Member("generate", .object("part"), isRequired: true, "The step that makes the first draft."),
        Member(
            "evaluate", .object("part"), isRequired: true,
            "The step that gives {score, passed, feedback, criteria[]} for a draft, which is result."),
        Member(
            "optimize", .object("part"), isRequired: true,
            "The step that makes a better draft; it sees draft, and the evaluation as result."),
        Member("threshold", .number, "From which score on a draft is good enough; without it passed decides."),
        Member("maxIterations", .count(atLeast: 1), "How many evaluations there may be; without it 3."),
        Member("criteria", .list(.object("criterion")), "What a draft is judged by."),
    ])

    static let criterion = Form([
        Member("name", .string, isRequired: true, "What the criterion is called."),
        Member("description", .string, "What is asked of a draft."),
        Member("threshold", .number, "From which score on a draft meets the criterion."),
        Member("weight", .number, "How much it counts in the score; without it 1."),
    ])
}
