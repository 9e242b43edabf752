package import JSON
package import RPC

/// The options of a run, as an object that the engine reads: it tells every problem at once.
package struct RunOptionsObject: Sendable, Hashable {
    package var json: JSONValue
}

extension RunOptionsObject: ParameterValue {
    package static var expectation: String { JSONObject.expectation }
    package static var declaration: (shape: Shape, sample: RunOptionsObject) {
        (.named("RunOptions", .object(shape)), RunOptionsObject(json: [:]))
    }

    package init(parameter value: JSONValue, at pointer: JSONPointer) throws(RPCError) {
        json = .object(try JSONObject(parameter: value, at: pointer))
    }

    private static var shape: Members {
        Members(ofRead: [
            .optional("timeout", .object(timeout), "How long an execution may take, and what happens then."),
            .optional("retry", .object(retry), "How a run that failed begins again by itself."),
            .optional("cancel", .object(cancel), "How the run is cancelled."),
            .optional("approvals", .object(approvals), "What approvals take that do not say it themselves."),
            .optional("budget", .object(budget), "What the run may use before a person is asked."),
        ])
    }

    private static var timeout: Members {
        Members(ofRead: [
            .required("ms", .milliseconds, "How long."),
            .optional("action", .choice(["fail", "cancel", "notify"]), "What happens then; without it the run fails."),
            .optional(
                "clock", .choice(["active", "wall"]),
                "Which clock counts; `active`, the default, stands while the run is paused or waits for a person."),
        ])
    }

    private static var retry: Members {
        Members(ofRead: [
            .optional("attempts", .sequence, "How many executions there may be, the first included."),
            .optional("delayMs", .milliseconds, "How long to wait before the next one."),
            .optional("backoff", .choice(["fixed", "linear", "exponential"]), "How the delay grows."),
            .optional("maxDelayMs", .milliseconds, "What the delay grows to at most."),
            .optional(
                "jitter", .either([.boolean, .number]), "Which part of the delay is left to chance, from 0 to 1."),
            .optional("nonRetryable", .list(.string), "Kinds of failure that another execution cannot help."),
            .optional(
                "from", .choice(["checkpoint", "start"]), "Where it goes on from; without it where the run stood."),
        ])
    }

    private static var cancel: Members {
        Members(ofRead: [
            .optional("graceful", .boolean, "Whether attempts under way may finish."),
            .optional("gracefulTimeoutMs", .milliseconds, "How long they may take."),
            .optional("reason", .string, "What is recorded when nobody says why."),
        ])
    }

    private static var approvals: Members {
        Members(ofRead: [
            .optional("expiresAfterMs", .milliseconds, "How long an approval stays open."),
            .optional("onExpiry", .choice(["expire", "approve"]), "What an approval that expires comes to."),
            .optional("approvers", .list(.string), "Who may decide."),
            .optional("required", .sequence, "How many must approve."),
        ])
    }

    private static var budget: Members {
        Members(ofRead: [
            .optional("maxSteps", .sequence, "How many steps the run may come to before a person is asked."),
            .optional("maxModelTokens", .sequence, "How many tokens its models may take."),
            .optional("maxCostMicros", .sequence, "What they may cost, in millionths."),
        ])
    }
}
