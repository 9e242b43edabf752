import Expressions
package import JSON

// A pattern as the flow it becomes, for those who ask what really runs.

extension Workflow {
    /// The document with a flow in place of each pattern. Where there is none it is the document itself. Else it tells
    /// more than a document can say, and cannot be registered:
    ///
    /// - a pattern that was a step is `{"pattern": its name, "flow": {…}}`;
    /// - beside such a flow `bind` has the names bound in it, and `result` is `bestDraft` where it leaves that;
    /// - `role` is what a pattern expects of a step: `{"kind": "classify" …}`;
    /// - a `forEach` of a pattern has `do: {"workers": {…}}`, and `results` for the shape they are told in.
    package var expandedDocument: JSONValue {
        guard case .object(let source) = document else { return document }
        var expanded: JSONObject = [:]
        for (name, value) in source {
            switch name {
            case "flow": expanded[name] = flow.expanded
            case "cleanup": expanded[name] = cleanup?.expanded ?? value
            default:
                guard Pattern(rawValue: name) != nil, !value.isNull else {
                    expanded[name] = value
                    continue
                }
                for (name, value) in flow.surroundedExpansion { expanded[name] = value }
            }
        }
        return .object(expanded)
    }
}

extension Flow {
    fileprivate var expanded: JSONValue {
        var members: JSONObject = [Self.startName: .string(start.name)]
        for step in steps { members[step.name] = step.expanded }
        return .object(members)
    }

    /// A pattern's flow, with what it does beyond a flow.
    fileprivate var surroundedExpansion: JSONObject {
        var members: JSONObject = ["flow": expanded]
        if !bound.isEmpty { members["bind"] = .object(bound) }
        if case .bestDraft = result { members["result"] = "bestDraft" }
        return members
    }

    /// The flow where `source` stands in the document: a step, `{"flow": {…}}`, or a pattern.
    fileprivate func expansion(of source: JSONValue?) -> JSONValue {
        if isSingleStep, let step = steps.first { return step.expanded }
        guard case .object(var members)? = source, let flow = members["flow"], !flow.isNull else {
            return .object(surroundedExpansion)
        }
        members["flow"] = expanded
        return .object(members)
    }
}

extension Step {
    fileprivate var expanded: JSONValue {
        var members: JSONObject = [:]
        // What describes a route or a worker to a model is bound beside the flow.
        let description = (Form.route + Form.worker).names
        for (name, value) in source where !description.contains(name) {
            switch name {
            case "compensate": members[name] = compensation?.expanded ?? value
            case kind.name: for (name, value) in kind.expanded(value) { members[name] = value }
            default: members[name] = value
            }
        }
        if let way = next.expanded, members["next"].map(\.isNull) ?? true { members["next"] = way }
        members["role"] = role?.expanded
        return .object(members)
    }
}

extension StepKind {
    /// The members that make a step one of its kind.
    fileprivate func expanded(_ source: JSONValue) -> JSONObject {
        switch self {
        case .parallel(let parallel):
            let branches = parallel.branches.map { ($0.name, $0.flow.expansion(of: source[$0.name])) }
            return [name: .object(JSONObject(branches))]
        case .forEach(let forEach):
            guard case .object(var members) = source else { return [name: source] }
            switch forEach.body {
            case .flow(let flow): members["do"] = flow.expansion(of: source["do"])
            case .workers(let workers):
                let sources = source["do"]?["workers"]
                let bodies = workers.map { ($0.name, $0.flow.expansion(of: sources?[$0.name])) }
                members["do"] = ["workers": .object(JSONObject(bodies))]
            }
            members["results"] = forEach.resultShape.expanded
            return [name: .object(members)]
        case .pattern(let step):
            var members: JSONObject = ["pattern": .string(name)]
            for (name, value) in step.flow.surroundedExpansion { members[name] = value }
            return members
        default: return [name: source]
        }
    }
}

extension ForEachStep.ResultShape {
    /// Nil where it is the one that every document's `forEach` has.
    fileprivate var expanded: JSONValue? {
        switch self {
        case .items: nil
        case .workers: ["kind": "workers"]
        case .subtasks(let includeFailures): ["kind": "subtasks", "includeFailures": .bool(includeFailures)]
        }
    }
}

extension Next {
    /// Nil where it goes to END, as a step does that says nothing.
    fileprivate var expanded: JSONValue? {
        switch self {
        case .always(.end): return nil
        case .always(let target): return .string(target.name)
        case .choose(let choices):
            return .array(
                choices.map { choice in
                    var members: JSONObject = [:]
                    members["when"] = choice.when.map { .string($0.source) }
                    members["to"] = .string(choice.to.name)
                    return .object(members)
                })
        }
    }
}

extension StepRole {
    fileprivate var expanded: JSONValue {
        switch self {
        case .classify(let routes, let hasDefault):
            return [
                "kind": "classify", "routes": .array(routes.map { .string($0) }), "hasDefault": .bool(hasDefault),
            ]
        case .plan(let workers): return ["kind": "plan", "workers": .array(workers.map { .string($0) })]
        case .split: return ["kind": "split"]
        case .draft: return ["kind": "draft"]
        case .evaluate(let evaluator):
            var members: JSONObject = ["kind": "evaluate"]
            members["threshold"] = evaluator.threshold.flatMap(JSONNumber.init).map { .number($0) }
            members["maxIterations"] = .number(JSONNumber(evaluator.maxIterations))
            return .object(members)
        }
    }
}
