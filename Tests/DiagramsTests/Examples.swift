import JSON
import WorkflowModel

@testable import Diagrams

/// Workflows worth a picture, by name.
enum Examples {
    static func workflow(_ name: String, _ document: String) throws -> Workflow {
        try Workflow.parse(JSONValue(parsing: document.replacing("NAME", with: name))).0
    }

    static func all() throws -> [Workflow] {
        try documents.map { try workflow($0.name, $0.text) }
    }

    static func named(_ name: String) throws -> Workflow {
        guard let found = documents.first(where: { $0.name == name }) else { throw Missing(name: name) }
        return try workflow(found.name, found.text)
    }

    struct Missing: Error { var name: String }

    static let documents: [(name: String, text: String)] = [
        (
            "linear",
            """
            {"name": "NAME", "flow": {"START": "fetch",
              "fetch": {"call": "feed/fetch", "next": "summarise"},
              "summarise": {"agent": {"model": "anthropic/claude"}, "prompt": "Sum up ${result}", "next": "keep"},
              "keep": {"set": {"summary": "${result.text}"}, "next": "send"},
              "send": {"command": ["sendmail", "-t"]}}}
            """
        ),
        ("build-and-deploy", buildAndDeploy),
        (
            "routing",
            """
            {"name": "NAME", "routing": {"classify": {"call": "classify"}, "routes": {
              "refund": {"description": "Money back", "call": "refund"},
              "technical": {"agent": {"model": "openai/gpt"}, "prompt": "Help"},
              "sales": {"workflow": "sales", "with": {"x": "${input}"}},
              "other": {"call": "desk", "default": true}}}}
            """
        ),
        (
            "orchestrator",
            """
            {"name": "NAME", "orchestratorWorkers": {"plan": {"call": "plan"}, "workers": {
              "researcher": {"capabilities": ["search"], "call": "search"},
              "writer": {"agent": {"model": "scripted/echo"}, "prompt": "Write ${item.input}"},
              "reviewer": {"flow": {"START": "read", "read": {"call": "read", "next": "judge"},
                "judge": {"approval": {"message": "Good?"}}}}},
              "synthesize": {"call": "synthesize"}, "maxConcurrency": 3}}
            """
        ),
        (
            "parallelization",
            """
            {"name": "NAME", "parallelization": {"split": {"call": "split"}, "each": {"call": "translate"},
              "merge": {"call": "merge"}}}
            """
        ),
        (
            "evaluator",
            """
            {"name": "NAME", "evaluatorOptimizer": {"generate": {"call": "write"}, "evaluate": {"call": "judge"},
              "optimize": {"call": "improve"}, "threshold": 0.8, "maxIterations": 4}}
            """
        ),
        (
            "gates",
            """
            {"name": "NAME", "flow": {"START": "prepare", "prepare": {"call": "prepare", "next": "review"},
              "review": {"parallel": {
                "legal": {"approval": {"message": "Legal?"}},
                "budget": {"flow": {"START": "ask", "ask": {"input": {"prompt": "How much?", "schema": {"type": "integer"}},
                  "next": [{"when": "result > 1000", "to": "board"}, {"to": "END"}]},
                  "board": {"approval": {"message": "Board?"}, "next": "book"}, "book": {"call": "book"}}},
                "tests": {"command": ["make", "test"]}}, "onError": "tell", "next": "ship"},
              "ship": {"call": "ship", "compensate": {"call": "unship"}},
              "tell": {"call": "tell", "next": "END"}},
              "cleanup": {"START": "sweep", "sweep": {"call": "sweep", "next": "lock"}, "lock": {"command": ["lock"]}}}
            """
        ),
        (
            "each",
            """
            {"name": "NAME", "flow": {"START": "list", "list": {"call": "list", "next": "all"},
              "all": {"forEach": {"in": "${result}", "as": "file", "maxConcurrency": 4, "do": {"flow": {"START": "read",
                "read": {"call": "read", "next": [{"when": "size(result) == 0", "to": "END"}, {"to": "check"}]},
                "check": {"call": "check", "onError": "mend", "next": "END"},
                "mend": {"agent": {"model": "a/b"}, "prompt": "Mend", "next": "check"}}}}, "next": "report"},
              "report": {"call": "report"}}}
            """
        ),
        (
            "nested",
            """
            {"name": "NAME", "flow": {"START": "route", "route": {"routing": {"classify": {"call": "classify"}, "routes": {
                "deep": {"evaluatorOptimizer": {"generate": {"call": "write"}, "evaluate": {"call": "judge"},
                  "optimize": {"call": "improve"}}},
                "wide": {"parallelization": {"split": {"call": "split"}, "each": {"parallelization": {
                  "split": "${item.parts}", "each": {"call": "work"}, "merge": {"call": "join"}}},
                  "merge": {"call": "merge"}}}}}, "onError": "sorry", "next": "publish"},
              "publish": {"approval": {"message": "Out?"}, "next": [{"when": "result.status == 'approved'", "to": "END"},
                {"when": "result.status == 'rejected'", "to": "route"}, {"to": "sorry"}]},
              "sorry": {"fail": {"kind": "sorry", "message": "No"}}}}
            """
        ),
        (
            "loop",
            """
            {"name": "NAME", "flow": {"START": "poll",
              "poll": {"call": "poll", "onError": "back-off",
                "next": [{"when": "result.ready && size(result.items) > 0 && iteration < 100", "to": "take"},
                         {"when": "iteration > 100", "to": "give-up"}, {"to": "poll"}]},
              "back-off": {"wait": {"durationMs": 5000}, "onError": "give-up", "next": "poll"},
              "take": {"call": "take", "onError": "back-off", "next": "store"},
              "store": {"call": "store", "onError": "take", "next": [{"when": "state.more", "to": "poll"}, {"to": "END"}]},
              "give-up": {"fail": {"kind": "poll.gaveUp", "message": "Enough"}}}}
            """
        ),
        (
            "waits",
            """
            {"name": "NAME", "description": "Waits, & <marks> \\"quoted\\"", "flow": {"START": "hold",
              "hold": {"wait": [{"signal": "go"}, {"durationMs": 60000}], "next": "sub"},
              "sub": {"workflow": "other", "description": "A child with a rather long description"},
              "never": {"set": {"x": 1}}},
              "state": {"x": 0}}
            """
        ),
        ("thirty", thirty),
    ]

    static let buildAndDeploy = """
        {"name": "NAME", "description": "Build, test, deploy", "state": {"artifact": null},
         "output": "${state.artifact}", "flow": {
          "START": "clone",
          "clone": {"call": "git/clone", "with": {"repo": "${input.repo}"}, "next": "build"},
          "build": {"parallel": {"linux": {"command": ["make", "linux"]}, "mac": {"call": "mac/build"}}, "next": "test"},
          "test": {"command": ["make", "test"], "onError": "fix", "next": "release"},
          "fix": {"agent": {"model": "anthropic/coder"}, "prompt": "The tests fail", "next": "build"},
          "release": {"approval": {"message": "Deploy?", "approvers": ["ops-lead"], "expiresAfterMs": 3600000},
            "next": [{"when": "result.status == 'expired'", "to": "fix"},
                     {"when": "result.status == 'approved'", "to": "deploy"}, {"to": "END"}]},
          "deploy": {"call": "deploy", "onInterrupted": "ask", "next": "END"}}}
        """

    /// Steps s1 to s30: a spine, with a way that skips, one that leads back or a failure's way now and then.
    static let thirty: String = {
        let steps = (1...30).map { number in
            let next = number == 30 ? "END" : "s\(number + 1)"
            let ways =
                switch number % 7 {
                case 2: "[{\"when\": \"state.skip\", \"to\": \"s\(min(number + 3, 30))\"}, {\"to\": \"\(next)\"}]"
                case 5: "[{\"when\": \"state.again\", \"to\": \"s\(number - 3)\"}, {\"to\": \"\(next)\"}]"
                default: "\"\(next)\""
                }
            let error = number % 9 == 4 ? "\"onError\": \"s\(min(number + 2, 30))\", " : ""
            return "\"s\(number)\": {\"call\": \"step/\(number)\", \(error)\"next\": \(ways)}"
        }
        return "{\"name\": \"NAME\", \"state\": {\"skip\": false, \"again\": false}, \"flow\": {\"START\": \"s1\", "
            + steps.joined(separator: ", ") + "}}"
    }()
}
