import RPC

/// Runs, as answers and notifications tell of them.
extension Shape {
    static var runStatus: Shape {
        .named(
            "RunStatus", .choice(["pending", "in-progress", "awaiting", "completed", "failed", "cancelled"]))
    }

    /// What the methods that move a run answer.
    static var runHandle: Shape {
        .named(
            "RunHandle",
            .object([
                .runID, .required("status", .runStatus, "Where the run is in its life."),
                .required("isPaused", .boolean, "Whether nothing new starts until `run/resume`."), .runSeq,
                .optional("executionId", .string, "The newest execution; absent before the first start."),
            ]))
    }

    /// What the methods that make a run answer.
    static var createdRun: Shape {
        .named("CreatedRun", .object(createdMembers))
    }

    private static var createdMembers: [Members.Member] {
        [
            .runID, .runSeq, .required("status", .runStatus, "Where the run is in its life."),
            .optional("executionId", .string, "The execution, where the run has one."),
        ]
    }

    /// What `run/import` answers.
    static var importedRun: Shape {
        let runs = Members.Member.required("runs", .sequence, "How many runs the file had.")
        return .named("ImportedRun", .object(createdMembers + [runs]))
    }

    static var prunedRun: Shape {
        .named(
            "PrunedRun",
            .object([
                .runID, .required("workflow", .string, "What its workflow was called."),
                .required("status", .runStatus, "What it ended with."),
                .optional("endedAt", .moment, "When it ended."),
                .required("children", .integer(atLeast: 0), "How many children go with it."),
            ]))
    }

    static var failure: Shape {
        .named(
            "Failure",
            .object([
                .required("kind", .string, "A stable kind to switch on, or what a handler said."),
                .required("message", .string, "A sentence for a person."),
                .required("retryable", .boolean, "Whether another attempt may help."),
                .optional("step", .string, "The path of the step whose failure it is."),
                .optional("details", .any, "What else is known, such as what a command wrote."),
            ]))
    }

    static var progress: Shape {
        .named(
            "Progress",
            .object([
                .required("current", .integer(), "How many steps are done."),
                .required("total", .integer(), "How many there are, as far as one can know; 0 when unknown."),
                .optional("message", .string, "What goes on, in words."),
            ]))
    }

    static var runResult: Shape {
        .named(
            "RunResult",
            .object([
                .runID, .required("status", .runStatus, "Where the run is in its life."),
                .optional("output", .any, "What a completed run leaves."),
                .optional("error", .failure, "Why a failed run failed."),
                .optional("reason", .string, "Why a cancelled run was cancelled, where somebody said."),
            ]))
    }

    static var runSummary: Shape { .named("RunSummary", .object(summaryMembers)) }

    static var runDetails: Shape {
        let details: [Members.Member] = [
            .required("state", .map(.any), "The run's state."),
            .required("input", .any, "What the run was given; null when nothing was."),
            .optional("output", .any, "What a completed run left."),
        ]
        return .named("RunDetails", .object(summaryMembers + details))
    }

    private static var summaryMembers: [Members.Member] {
        [
            .runID, .required("workflow", .workflowVersion, "What the run is a run of."),
            .required("status", .runStatus, "Where the run is in its life."),
            .required("isPaused", .boolean, "Whether nothing new starts until `run/resume`."),
            .optional("cancelRequested", .boolean, "True while a cancelled run finishes, cleans up and undoes."),
            .optional("waitingFor", .list(.wait), "What stands between the run and its going on."),
            .required("seq", .integer(atLeast: 0), "The number of the run's newest event; 0 where it cannot be read."),
            .required("cwd", .string, "The directory the run works in."),
            .required("namespace", .string, "Whose run it is."),
            .optional("executionId", .string, "The newest execution; absent before the first start."),
            .optional("error", .failure, "Why the run failed."),
            .optional("cancelReason", .string, "Why the run was cancelled, where somebody said."),
            .required("progress", .progress, "How far the run has come."),
            .required("usage", .modelUsage, "What the run's agents took, of all attempts."),
            .required("labels", .map(.any), "What its creator wrote on it."),
            .optional("parent", .parent, "The run whose step this one is."),
            .optional("origin", .origin, "The run whose past this one began with."),
            .required("createdAt", .moment, "When the run was created."),
            .optional("startedAt", .moment, "When it was first started."),
            .optional("endedAt", .moment, "When it ended."),
        ]
    }

    static var modelUsage: Shape {
        let counts = [
            ("inputTokens", "What went in."), ("outputTokens", "What came out."),
            ("cacheReadTokens", "What was read from a cache."), ("cacheWriteTokens", "What was written to one."),
            ("costMicros", "What it cost, in millionths of the currency that prices are in."),
            ("modelTurns", "How often a model answered."), ("toolCalls", "How often it called a tool."),
        ]
        return .named(
            "ModelUsage", .object(counts.map { .optional($0.0, .integer(atLeast: 0), $0.1) }))
    }

    static var workflowVersion: Shape {
        .named(
            "WorkflowVersion",
            .object([
                .required("name", .string, "What the workflow is called."),
                .required("version", .string, "The hash of its content."),
            ]))
    }

    private static var parent: Shape {
        .object([
            .required("runId", .string, "The parent."),
            .required("path", .string, "The path of the step that waits for this run."),
        ])
    }

    static var origin: Shape {
        .named(
            "Origin",
            .object([
                .required("runId", .string, "That run, as it was called where it was."),
                .required("seq", .sequence, "Its last event that was taken."),
            ]))
    }

    private static var wait: Shape {
        .named(
            "Wait",
            .object([
                .required(
                    "kind", .choice(["person", "signal", "timer", "handler", "permission", "child"]),
                    "Whom or what it waits for."),
                .optional("path", .string, "The path of the step that waits."),
                .optional("interactionId", .string, "The question, where it waits for a person."),
                .optional("signal", .string, "The signal's name."),
                .optional("until", .moment, "When the timer ends."),
                .optional("handler", .string, "The handler, or the program, that nobody hosts."),
                .optional("message", .string, "What is not permitted, or what is wrong with the program."),
                .optional("expected", .string, "The step that a changed program should have asked for."),
                .optional("found", .string, "What it asked for instead."),
                .optional("runId", .string, "The child run."),
            ]))
    }
}

/// Members that many messages have.
extension Members.Member {
    static var runID: Members.Member { .required("runId", .string, "The run.") }
    static var runSeq: Members.Member { .required("seq", .sequence, "The number of the run's newest event.") }
    static var seq: Members.Member { .required("seq", .sequence, "The event's number in the run's journal, from 1.") }
    static var at: Members.Member { .required("at", .moment, "When it happened.") }
    static var path: Members.Member { .required("path", .string, "The step's path.") }
    static var step: Members.Member { .required("step", .string, "The step's name.") }
    static var attempt: Members.Member { .required("attempt", .sequence, "The number of the attempt, from 1.") }
}
