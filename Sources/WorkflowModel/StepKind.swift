package import Expressions
package import JSON

/// What a step does. Indirect, since it is asked about all the time, and to look at it would else copy all it holds.
package indirect enum StepKind: Sendable {
    case call(CallStep)
    case command(CommandStep)
    case agent(AgentStep)
    case tool(ToolStep)
    case workflow(WorkflowStep)
    case approval(ApprovalStep)
    case input(InputStep)
    case wait(WaitStep)
    case parallel(ParallelStep)
    case forEach(ForEachStep)
    /// One of the four patterns, as the flow it expands to.
    case pattern(PatternStep)
    /// State only.
    case set
    case fail(FailStep)
    /// In the place of a flow: the client runs it, and it opens steps.
    case program(ProgramStep)
    /// A step whose body a program runs.
    case hosted

    /// The member of the document that says so.
    package var name: String {
        switch self {
        case .call: "call"
        case .command: "command"
        case .agent: "agent"
        case .tool: "tool"
        case .workflow: "workflow"
        case .approval: "approval"
        case .input: "input"
        case .wait: "wait"
        case .parallel: "parallel"
        case .forEach: "forEach"
        case .pattern(let step): step.pattern.rawValue
        case .set: "set"
        case .fail: "fail"
        case .program: "program"
        case .hosted: "step"
        }
    }

    package static let names = Form.kinds.map(\.name)
}

/// A handler the client hosts. Its input is exactly the evaluated `with`.
package struct CallStep: Sendable {
    package var handler: String
    package var with: Template?
}

/// A local process. The program's name is literal.
package struct CommandStep: Sendable {
    package var program: String
    package var arguments: [Template]
    package var cwd: Template?
    package var environment: [(name: String, value: Template)]
    /// Variables whose values the user's configuration has, by the names it has them under.
    package var secrets: [(name: String, secret: String)] = []
    package var stdin: Template?
    package var okExitCodes: [Int]
}

/// A tool of an MCP server.
package struct ToolStep: Sendable {
    /// What stands for all tools of a server, where an agent has them.
    package static let all = "*"

    /// As the host's configuration calls it.
    package var server: String
    package var tool: String
    /// Its arguments.
    package var with: Template?
}

package struct ApprovalStep: Sendable {
    package var message: Template
    /// What the person is shown beside the message; recorded as it was shown.
    package var show: Template?
    /// Who may decide; nil means anyone.
    package var approvers: Template?
    /// How many approvals are needed; nil means what the run's options say, else one.
    package var required: Int?
    package var expiresAfter: Duration?
    package var onExpiry: ExpiryPolicy?
}

/// What an approval becomes when nobody decided in time.
package enum ExpiryPolicy: String, Sendable, Hashable, CaseIterable {
    case expire, approve
}

package struct InputStep: Sendable {
    package var prompt: Template
    package var schema: JSONValue
    package var validator: JSONSchema
    /// What an expired question answers itself with; without it, it fails as `input.expired`.
    package var fallback: Template?
    package var expiresAfter: Duration?
}

/// A child run of another workflow, or of this one.
package struct WorkflowStep: Sendable {
    package var name: String
    /// The child's input.
    package var with: Template?
}

/// Several at once: the first wins, the rest are withdrawn.
package struct WaitStep: Sendable {
    package enum Condition: Sendable {
        case duration(milliseconds: Template)
        /// A moment, as RFC 3339 has it.
        case until(Template)
        case signal(name: String)
    }

    package var conditions: [Condition]
}

package struct FailStep: Sendable {
    package var kind: Template
    package var message: Template
}
