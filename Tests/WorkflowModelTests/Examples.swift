import JSON
import WorkflowModel

/// Documents with which nothing is wrong, and which say everything that can be said.
enum Examples {
    static let all: [JSONValue] = [
        deployment, kinds, routing, orchestration, parallelization, optimization, agents, minimal, nulls,
    ]

    static let agents: JSONValue = [
        "name": "agents",
        "agents": [
            "coder": [
                "model": "anthropic/claude", "system": "Mend it.", "maxTurns": 5, "output": ["type": "object"],
                "verify": ["command": ["make", "test"]], "maxTokens": 1000, "temperature": 0, "topP": 1,
                "thinkingTokens": 100, "stop": ["."],
                "tools": [
                    [
                        "name": "ask", "description": "Asks.", "input": ["type": "object"], "call": "ask",
                        "approval": true,
                    ],
                    [
                        "name": "test", "description": "Tests.", "input": true, "command": ["make", "test"], "cwd": "x",
                        "env": ["A": "b"], "stdin": "", "okExitCodes": [0, 2], "timeoutMs": 5,
                        "retry": ["attempts": 2], "onInterrupted": "fail",
                    ],
                    ["tool": "files/read", "approval": ["message": "Read ${args.path}?", "approvers": ["ann"]]],
                ],
            ]
        ],
        "flow": [
            "START": "mend", "mend": ["agent": "coder", "prompt": "Go on.", "next": "read"],
            "read": ["tool": "files/read", "with": ["path": "x"], "next": "END"],
        ],
    ]

    static let minimal: JSONValue = ["name": "w", "flow": ["START": "END"]]

    static let nulls: JSONValue = [
        "name": "w", "description": nil, "input": nil, "state": nil, "output": nil, "agents": nil, "cleanup": nil,
        "routing": nil,
        "flow": [
            "START": "a",
            "a": [
                "call": "x", "with": nil, "set": nil, "output": nil, "timeoutMs": nil, "retry": nil, "onError": "b",
                "onInterrupted": nil, "compensate": nil, "next": nil,
            ],
            "b": ["call": "x", "compensate": ["call": "y", "compensate": nil, "next": nil]],
        ],
    ]

    static let deployment: JSONValue = [
        "$schema": "../protocol/workflow.schema.json", "name": "build-and-deploy", "description": "Build, test, deploy",
        "input": ["type": "object", "required": ["repo"], "properties": ["repo": ["type": "string"]]],
        "state": ["artifact": nil], "output": "${state.artifact}",
        "agents": ["coder": ["model": "scripted/echo", "system": "Mend ${input.repo}."]],
        "flow": [
            "START": "clone",
            "clone": [
                "call": "git/clone", "with": ["repo": "${input.repo}"], "set": ["dir": "${result.path}"],
                "next": "build",
                "compensate": ["call": "git/remove", "with": "${result.path}"],
            ],
            "build": [
                "parallel": ["linux": ["command": ["make", "linux"]], "mac": ["call": "mac/build"]], "next": "test",
            ],
            "test": [
                "command": ["make", "test"], "timeoutMs": 600_000,
                "retry": [
                    "attempts": 3, "delayMs": 1000, "backoff": "exponential", "maxDelayMs": 30000, "jitter": true,
                ],
                "onError": "fix", "set": ["artifact": "${result.stdout}"], "next": "release",
            ],
            "fix": ["agent": "coder", "prompt": "The tests fail:\n${steps.test.result.stderr}", "next": "build"],
            "release": [
                "approval": [
                    "message": "Deploy ${state.artifact}?", "approvers": ["ops-lead"], "expiresAfterMs": 3_600_000,
                ],
                "next": [
                    ["when": "result.status == 'expired'", "to": "fix"],
                    ["when": "result.status == 'approved'", "to": "deploy"], ["to": "END"],
                ],
            ],
            "deploy": ["call": "deploy", "onInterrupted": "ask", "next": "END"],
        ],
        "cleanup": ["START": "sweep", "sweep": ["command": ["rm", "-r", "${state.dir}"]]],
    ]

    static let kinds: JSONValue = [
        "name": "all/kinds", "state": ["n": 0],
        "flow": [
            "START": "ask",
            "ask": [
                "input": ["prompt": "How many?", "schema": ["type": "integer"], "default": 3, "expiresAfterMs": 5],
                "set": ["n": "${result}"], "next": "hold",
            ],
            "hold": [
                "wait": [["durationMs": "${state.n}"], ["until": "2030-01-01T00:00:00Z"], ["signal": "go"]],
                "next": "each",
            ],
            "each": [
                "forEach": [
                    "in": "${steps.ask.result}", "as": "file", "key": "${file.name}", "dependsOn": "${file.after}",
                    "maxConcurrency": 2, "failureStrategy": "collect-all",
                    "do": [
                        "flow": [
                            "START": "read",
                            "read": ["call": "read", "with": ["${file}", "${index}"], "next": "seen"],
                            "seen": ["set": ["last": "${steps.read.result}"]],
                        ],
                        "output": "${steps.read.result}",
                    ],
                ],
                "next": "child",
            ],
            "child": [
                "workflow": "other", "with": ["x": "${steps.each.result}"], "onError": "give-up", "next": "agent",
            ],
            "agent": [
                "agent": ["model": "m"], "prompt": "Say ${has(state.last) ? state.last : 'x'}",
                "output": ["type": "object"], "heartbeatTimeoutMs": 5, "next": "shell",
            ],
            "shell": [
                "command": ["sh", "-c", "echo \"$1\"", "sh", "${state.n}"], "cwd": "x", "env": ["A": "${run.id}"],
                "stdin": "${steps.agent.result.text}", "okExitCodes": [0, 2], "next": "share",
            ],
            "share": [
                "parallel": [
                    "one": ["flow": ["START": "a", "a": ["call": "x", "with": "${steps['child'].result}"]]],
                    "two": ["routing": ["classify": ["set": [:]], "routes": ["r": ["call": "y", "default": true]]]],
                ], "failureStrategy": "collect-all",
            ],
            "give-up": ["fail": ["kind": "k", "message": "m ${steps.child.error.message}"]],
        ],
    ]

    static let routing: JSONValue = [
        "name": "support", "output": "${result}",
        "routing": [
            "classify": ["agent": ["model": "m"], "prompt": "Which of ${routes}?", "retry": ["attempts": 2]],
            "routes": [
                "refund": [
                    "description": "Money back", "whenToUse": ["They want money"], "examples": ["Refund me"],
                    "call": "refund", "with": "${steps.classify.result.text}",
                ],
                "other": ["default": true, "workflow": "other"],
                "deep": [
                    "parallelization": [
                        "split": [1, 2], "each": ["call": "x", "with": "${item}"], "merge": ["set": [:]],
                    ]
                ],
            ],
        ],
    ]

    static let orchestration: JSONValue = [
        "name": "report",
        "orchestratorWorkers": [
            "plan": ["call": "plan", "with": "${workers}"],
            "workers": [
                "search": ["description": "Finds", "capabilities": ["web"], "call": "search", "with": "${item.input}"],
                "write": [
                    "flow": ["START": "w", "w": ["call": "write", "with": "${results}"]], "capabilities": ["text"],
                ],
            ],
            "synthesize": ["call": "join", "with": "${result}"], "maxConcurrency": 2, "failureStrategy": "fail-fast",
        ],
    ]

    static let parallelization: JSONValue = [
        "name": "review",
        "flow": [
            "START": "all",
            "all": [
                "parallelization": [
                    "split": ["call": "files"], "each": ["call": "review", "with": "${item}"],
                    "merge": ["call": "join", "with": "${steps.split.result}"], "includeFailures": false,
                ],
                "timeoutMs": 5, "next": [["when": "result == null", "to": "all"], ["to": "END"]],
            ],
        ],
    ]

    static let optimization: JSONValue = [
        "name": "essay",
        "evaluatorOptimizer": [
            "generate": ["agent": ["model": "m"], "prompt": "Write for ${criteria}"],
            "evaluate": ["agent": ["model": "m"], "prompt": "Judge ${result.text}"],
            "optimize": ["agent": ["model": "m"], "prompt": "Mend ${draft.text} as ${result.feedback}"],
            "threshold": 0.8, "maxIterations": 4,
            "criteria": [["name": "clear", "description": "Is it?", "threshold": 0.5, "weight": 2]],
        ],
    ]
}
