import JSON
import WorkflowModel

// The kinds of step that hold no other.

extension Step {
    /// A handler that the host of the run performs.
    ///
    /// - Parameters:
    ///   - name: What the step is called.
    ///   - handler: What the handler is called; without it as the step.
    ///   - input: What it is given.
    public static func call(_ name: String, _ handler: String? = nil, with input: JSON? = nil) -> Step {
        Step(name, ["call": .string(handler ?? name)]).with(input)
    }

    /// A local process, without a shell: a program, which is literal, and its arguments.
    public static func command(
        _ name: String, _ program: String, _ arguments: String..., directory: String? = nil, environment: JSON? = nil,
        stdin: String? = nil
    ) -> Step {
        var members: JSONObject = ["command": .array(([program] + arguments).map { .string($0) })]
        members["cwd"] = directory.map { .string($0) }
        members["env"] = environment?.value
        members["stdin"] = stdin.map { .string($0) }
        return Step(name, members)
    }

    /// A model, streamed.
    ///
    /// - Parameters:
    ///   - name: What the step is called.
    ///   - agent: The name of an agent of the flow, or one in place: `["model": "anthropic/claude", "system": "…"]`.
    ///   - prompt: What it is asked.
    ///   - tools: What it may call, beside the tools that it has. One of the flow's agents has its own alone.
    public static func agent(_ name: String, _ agent: JSON, prompt: String, tools: [Tool] = []) -> Step {
        guard !tools.isEmpty else { return Step(name, ["agent": agent.value, "prompt": .string(prompt)]) }
        var step = Step(name, ["prompt": .string(prompt)]).setting("agent") { flow in
            var members = agent.value.object ?? [:]
            let own = tools.map { $0.hosted(by: StepBody.handler(of: name, in: flow)).document }
            members["tools"] = .array((members["tools"]?.array ?? []) + own)
            return .object(members)
        }
        for body in tools.compactMap({ $0.hosted(by: name).body }) { step.inside += StepInside(body: body) }
        if agent.value.object == nil {
            step.inside += StepInside(
                problem: Problem(
                    "agent.toolsElsewhere", at: JSONPointer().appending("agent"),
                    "The tools of the agent \(agent) stand where the flow declares it.",
                    hint: "Say what it is here: [\"model\": …], or give the flow's agent its tools."))
        }
        return step
    }

    /// A tool of an MCP server: `"server/tool"`.
    public static func tool(_ name: String, _ tool: String, with arguments: JSON? = nil) -> Step {
        Step(name, ["tool": .string(tool)]).with(arguments)
    }

    /// Another workflow, as a child of the run.
    public static func child(_ name: String, _ workflow: String, with input: JSON? = nil) -> Step {
        Step(name, ["workflow": .string(workflow)]).with(input)
    }

    /// A decision that people make. Where it is not for it, the flow ends, unless the step says where it goes.
    ///
    /// - Parameters:
    ///   - name: What the step is called.
    ///   - message: What they are asked.
    ///   - show: What they are shown beside it.
    ///   - policy: Who decides, and how long they have.
    public static func approval(
        _ name: String, _ message: String, show: JSON? = nil, policy: ApprovalPolicy = ApprovalPolicy()
    ) -> Step {
        var members: JSONObject = ["message": .string(message)]
        members["show"] = show?.value
        for (member, value) in policy.json { members[member] = value }
        return Step(name, ["approval": .object(members)])
    }

    /// A value that a person gives.
    ///
    /// - Parameters:
    ///   - name: What the step is called.
    ///   - prompt: What they are asked.
    ///   - schema: The JSON Schema that the answer must fit.
    ///   - fallback: The answer when nobody answered in time; without it the step fails.
    ///   - duration: How long the question stays open.
    public static func input(
        _ name: String, _ prompt: String, schema: JSON? = nil, default fallback: JSON? = nil,
        expiresAfter duration: Duration? = nil
    ) -> Step {
        var members: JSONObject = ["prompt": .string(prompt)]
        members["schema"] = schema?.value
        members["default"] = fallback?.value
        members["expiresAfterMs"] = duration?.json
        return Step(name, ["input": .object(members)])
    }

    /// Waits for the first of these; the others are withdrawn.
    public static func wait(_ name: String, for first: Wait, or others: Wait...) -> Step {
        let waits = ([first] + others).map { JSONValue.object($0.document) }
        return Step(name, ["wait": others.isEmpty ? waits[0] : .array(waits)])
    }

    /// Changes the state, and does nothing else.
    public static func set(_ name: String, _ state: JSON) -> Step { Step(name, ["set": state.value]) }

    /// The run fails here.
    ///
    /// - Parameters:
    ///   - name: What the step is called.
    ///   - kind: A stable name of the failure, such as `order.outOfStock`.
    ///   - message: One sentence for a person.
    public static func fail(_ name: String, kind: String, _ message: String) -> Step {
        Step(name, ["fail": ["kind": .string(kind), "message": .string(message)]])
    }

    func with(_ input: JSON?) -> Step { input.map { setting("with", to: $0.value) } ?? self }
}

/// What a step waits for.
public enum Wait: Sendable, Hashable {
    /// So long.
    case duration(Duration)
    /// A moment, such as `2030-01-31T09:00:00Z`.
    case moment(String)
    /// A signal of this name, which somebody sends to the run.
    case signal(String)

    var document: JSONObject {
        switch self {
        case .duration(let duration): ["durationMs": duration.json]
        case .moment(let moment): ["until": .string(moment)]
        case .signal(let name): ["signal": .string(name)]
        }
    }
}
