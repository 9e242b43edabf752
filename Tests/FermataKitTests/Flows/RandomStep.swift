import FermataKit
import JSON

/// A step of chance, said with the builder and in words of its own.
struct RandomStep {
    indirect enum Kind {
        case call(String), body, command, set, wait, timer, approval, input, fail, agent(isNamed: Bool), tool, child
        /// A step that the builder has no function for, with what goes on as the document says.
        case written
        case parallel([RandomStep], branch: [RandomStep], collects: Bool)
        case forEach([RandomStep], maxConcurrency: Int?, isOrdered: Bool)
        case routing([RandomStep])
        case orchestratorWorkers([RandomStep], maxConcurrency: Int?)
        case parallelization(RandomStep, collects: Bool)
        case evaluatorOptimizer(threshold: Double?, maxIterations: Int?)
    }

    /// What may stand beside any kind.
    enum Mark: CaseIterable {
        case describes, limits, beats, isChecked, asks, undoes
    }

    var name: String
    var kind: Kind
    var marks: Set<Mark> = []
    /// Where it goes on a condition, and whether that is followed by a way without one.
    var way: (condition: String, target: String)?
    var ends = false
    var retries = false
    var ignoresErrors = false

    // MARK: With the builder

    var built: Step {
        var step = plain
        if marks.contains(.describes) { step = step.description("Step \(name)") }
        if marks.contains(.limits) { step = step.timeout(.seconds(90)) }
        if marks.contains(.beats) { step = step.heartbeatTimeout(.seconds(60)) }
        if marks.contains(.isChecked) { step = step.output([:]) }
        if marks.contains(.asks) { step = step.onInterrupted(.ask) }
        if marks.contains(.undoes) { step = step.compensate(.call("any", "undo", with: ["of": "${result}"])) }
        if retries { step = step.retry(Retry(attempts: 2, delay: .milliseconds(50), except: ["test.ended"])) }
        if ignoresErrors { step = step.onError("END") }
        if let way { step = step.next(way.target, when: way.condition) }
        if ends { step = step.next("END") }
        return step
    }

    private var plain: Step {
        switch kind {
        case .call(let handler): return .call(name, handler, with: ["n": "${state.n}"])
        case .body: return .call(name) { (_: JSON, _) in JSON(booleanLiteral: true) }
        case .command:
            return .command(name, "make", name, directory: "src", environment: ["A": "${run.id}"], stdin: "x")
        case .set: return .set(name, ["n": "${state.n + 1}"])
        case .wait: return .wait(name, for: .signal("go"), or: .duration(.milliseconds(20)))
        case .timer: return .wait(name, for: .moment("2026-01-01T00:00:05Z"))
        case .approval:
            let policy = ApprovalPolicy(approvers: ["ann"], expiresAfter: .seconds(9))
            return .approval(name, "Go on with ${state.n}?", show: ["n": "${state.n}"], policy: policy)
        case .input:
            return .input(name, "How many?", schema: ["type": "integer"], default: 1, expiresAfter: .seconds(1))
        case .fail: return .fail(name, kind: "test.ended", "It ends with ${state.n}.")
        case .agent(let isNamed):
            return .agent(name, isNamed ? "writer" : ["model": "scripted/other"], prompt: "Write ${state.n}.")
        case .tool: return .tool(name, "files/read", with: ["path": "${run.id}"])
        case .child: return .child(name, "small", with: ["n": "${state.n}"])
        case .written: return Step(name, document: .init(.object(writtenMembers)))
        default: return composite
        }
    }

    private var composite: Step {
        switch kind {
        case .parallel(let steps, let branch, let collects):
            return .parallel(name, failureStrategy: collects ? .collectAll : .failFast) {
                for step in steps { step.built }
                if !branch.isEmpty {
                    Branch("branch", output: "${state.n}") { for step in branch { step.built } }
                }
            }
        case .forEach(let steps, let maxConcurrency, let isOrdered):
            return .forEach(
                name, in: "${state.list}", as: "one", maxConcurrency: maxConcurrency,
                failureStrategy: isOrdered ? .collectAll : .failFast, key: isOrdered ? "k${one}" : nil,
                dependsOn: isOrdered ? "${one == 1 ? [] : ['k1']}" : nil
            ) {
                for step in steps { step.built }
            }
        case .routing(let routes):
            return .routing(name, classify: .call("classify")) {
                for (place, route) in routes.enumerated() {
                    route.built.route("Way \(place)", whenToUse: ["then"], examples: ["so"], isDefault: place == 0)
                }
            }
        case .orchestratorWorkers(let workers, let maxConcurrency):
            return .orchestratorWorkers(
                name, plan: .call("plan", with: "${workers}"), synthesize: .call("join", "work", with: "${result}"),
                maxConcurrency: maxConcurrency
            ) {
                for worker in workers { worker.built.worker("Worker", capabilities: ["all"]) }
            }
        case .parallelization(let each, let collects):
            return .parallelization(
                name, split: .call("split"), each: each.built, merge: .call("join", "work", with: "${result}"),
                maxConcurrency: 2, failureStrategy: collects ? .collectAll : .failFast, includeFailures: !collects)
        case .evaluatorOptimizer(let threshold, let maxIterations):
            return .evaluatorOptimizer(
                name, generate: .call("work"), evaluate: .call("evaluate"), optimize: .call("work", with: "${draft}"),
                threshold: threshold, maxIterations: maxIterations, criteria: [["name": "clear"]])
        default: return .set(name, [:])
        }
    }

    // MARK: As a document

    func document(before following: String) -> JSONValue {
        var members = members
        if case .written = kind { return .object(members) }
        if let way {
            var ways: [JSONValue] = [["when": .string(way.condition), "to": .string(way.target)]]
            switch kind {
            case .approval where !ends:
                ways += [["when": "result.status == 'approved'", "to": .string(following)], ["to": "END"]]
            default: ways.append(["to": .string(ends ? "END" : following)])
            }
            members["next"] = .array(ways)
        } else if ends {
            members["next"] = "END"
        } else if case .fail = kind {
        } else {
            members["next"] = .string(following)
        }
        return .object(members)
    }

    var members: JSONObject {
        var members = plainMembers
        if marks.contains(.describes) { members["description"] = .string("Step \(name)") }
        if marks.contains(.limits) { members["timeoutMs"] = 90_000 }
        if marks.contains(.beats) { members["heartbeatTimeoutMs"] = 60_000 }
        if marks.contains(.isChecked) { members["output"] = [:] }
        if marks.contains(.asks) { members["onInterrupted"] = "ask" }
        if marks.contains(.undoes) { members["compensate"] = ["call": "undo", "with": ["of": "${result}"]] }
        if retries {
            members["retry"] = ["attempts": 2, "delayMs": 50, "backoff": "fixed", "nonRetryable": ["test.ended"]]
        }
        if ignoresErrors { members["onError"] = "END" }
        return members
    }

    /// It goes where it says.
    private var writtenMembers: JSONObject {
        [
            "command": ["test", .string(name)], "okExitCodes": [0, 1],
            "next": [["when": "result.exitCode == 0", "to": "END"]],
        ]
    }

    private var plainMembers: JSONObject {
        switch kind {
        case .call(let handler): return ["call": .string(handler), "with": ["n": "${state.n}"]]
        case .body: return ["call": .string("chance/\(name)"), "with": "${input}"]
        case .command:
            return ["command": ["make", .string(name)], "cwd": "src", "env": ["A": "${run.id}"], "stdin": "x"]
        case .set: return ["set": ["n": "${state.n + 1}"]]
        case .wait: return ["wait": [["signal": "go"], ["durationMs": 20]]]
        case .timer: return ["wait": ["until": "2026-01-01T00:00:05Z"]]
        case .approval:
            return [
                "approval": [
                    "message": "Go on with ${state.n}?", "show": ["n": "${state.n}"], "approvers": ["ann"],
                    "required": 1, "expiresAfterMs": 9000,
                ]
            ]
        case .input:
            let schema: JSONValue = ["type": "integer"]
            return ["input": ["prompt": "How many?", "schema": schema, "default": 1, "expiresAfterMs": 1000]]
        case .fail: return ["fail": ["kind": "test.ended", "message": "It ends with ${state.n}."]]
        case .agent(let isNamed):
            let agent: JSONValue = isNamed ? "writer" : ["model": "scripted/other"]
            return ["agent": agent, "prompt": "Write ${state.n}."]
        case .tool: return ["tool": "files/read", "with": ["path": "${run.id}"]]
        case .child: return ["workflow": "small", "with": ["n": "${state.n}"]]
        case .written: return writtenMembers
        default: return compositeMembers
        }
    }

    private var compositeMembers: JSONObject {
        let join: JSONValue = ["call": "work", "with": "${result}"]
        var members: JSONObject = [:]
        switch kind {
        case .parallel(let steps, let branch, let collects):
            var branches = JSONObject(steps.map { ($0.name, .object($0.members)) })
            if !branch.isEmpty {
                branches["branch"] = ["flow": RandomFlow.branch(of: branch)["flow"] ?? .null, "output": "${state.n}"]
            }
            members = ["parallel": .object(branches)]
            if collects { members["failureStrategy"] = "collect-all" }
            return members
        case .forEach(let steps, let maxConcurrency, let isOrdered):
            members = ["in": "${state.list}", "as": "one", "do": RandomFlow.block(of: steps)]
            members["maxConcurrency"] = maxConcurrency.map { JSONValue($0) }
            if isOrdered {
                members["failureStrategy"] = "collect-all"
                members["key"] = "k${one}"
                members["dependsOn"] = "${one == 1 ? [] : ['k1']}"
            }
            return ["forEach": .object(members)]
        case .routing(let routes):
            members = ["classify": ["call": "classify"]]
            members["routes"] = .object(
                JSONObject(
                    routes.enumerated().map { place, route in
                        var route = (name: route.name, members: route.members)
                        route.members["description"] = .string("Way \(place)")
                        route.members["whenToUse"] = ["then"]
                        route.members["examples"] = ["so"]
                        if place == 0 { route.members["default"] = true }
                        return (route.name, .object(route.members))
                    }))
            return ["routing": .object(members)]
        case .orchestratorWorkers(let workers, let maxConcurrency):
            members = ["plan": ["call": "plan", "with": "${workers}"], "synthesize": join]
            members["workers"] = .object(
                JSONObject(
                    workers.map { worker in
                        var members = worker.members
                        members["description"] = "Worker"
                        members["capabilities"] = ["all"]
                        return (worker.name, .object(members))
                    }))
            members["maxConcurrency"] = maxConcurrency.map { JSONValue($0) }
            return ["orchestratorWorkers": .object(members)]
        case .parallelization(let each, let collects):
            members = ["split": ["call": "split"], "each": .object(each.members), "merge": join, "maxConcurrency": 2]
            members["failureStrategy"] = collects ? "collect-all" : "fail-fast"
            if collects { members["includeFailures"] = false }
            return ["parallelization": .object(members)]
        case .evaluatorOptimizer(let threshold, let maxIterations):
            members = [
                "generate": ["call": "work"], "evaluate": ["call": "evaluate"],
                "optimize": ["call": "work", "with": "${draft}"], "criteria": [["name": "clear"]],
            ]
            members["threshold"] = threshold.flatMap { JSONValue($0) }
            members["maxIterations"] = maxIterations.map { JSONValue($0) }
            return ["evaluatorOptimizer": .object(members)]
        default: return [:]
        }
    }
}
