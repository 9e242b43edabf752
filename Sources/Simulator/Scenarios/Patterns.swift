import JSON

extension Scenario {
    static let routing = Scenario("routing") { random in
        let retry: JSONValue = ["attempts": random.json(1...2)]
        return Plan(document: [
            "routing": [
                "classify": ["call": "route", "retry": retry],
                "routes": ["a": ["description": "A", "call": "work"], "b": ["description": "B", "call": "flaky"]],
            ]
        ])
    }

    static let workers = Scenario("workers") { random in
        Plan(document: [
            "orchestratorWorkers": [
                "plan": ["call": "plan"], "synthesize": ["call": "work", "with": "${result}"],
                "workers": [
                    "w": ["description": "W", "call": "work"],
                    "v": ["description": "V", "call": "flaky", "retry": ["attempts": random.json(1...3)]],
                ],
                "failureStrategy": .string(random.pick(["collect-all", "fail-fast"])),
            ]
        ])
    }

    static let subtasks = Scenario("subtasks") { random in
        Plan(document: [
            "parallelization": [
                "split": ["call": "split"], "each": ["call": "flaky", "with": "${item}"],
                "merge": ["call": "work", "with": "${result}"], "failureStrategy": "collect-all",
                "maxConcurrency": random.json(1...3), "includeFailures": .bool(random.chance(0.5)),
            ]
        ])
    }

    static let drafts = Scenario("drafts") { random in
        Plan(document: [
            "evaluatorOptimizer": [
                "generate": ["call": "work"], "evaluate": ["call": "evaluate"], "optimize": ["call": "work"],
                "threshold": 8, "maxIterations": random.json(1...4),
            ]
        ])
    }
}
