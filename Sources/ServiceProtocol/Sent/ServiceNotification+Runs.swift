import RPC

/// What is told of a whole run.
extension ServiceNotification {
    var runCreated: MethodDescription {
        event(
            "A run was created.",
            params: [
                .required("workflow", .string, "What its workflow is called."),
                .required("version", .string, "The hash of the workflow's content."),
                .required("namespace", .string, "Whose run it is."),
                .required("cwd", .string, "The directory the run works in."),
                .optional("input", .any, "What it was given."),
                .optional("options", .map(.any), "How it is to be treated, as it was asked for."),
                .optional("labels", .map(.any), "What its creator wrote on it."),
                .optional("client", .string, "Who asked for it, as the host named itself."),
                .optional("parent", .object(parent), "The run whose step this one is."),
            ],
            example: #"""
                {"runId": "nightly-7", "seq": 1, "at": "2026-01-31T09:30:00.000Z", "workflow": "nightly",
                "version": "6c1f0a52", "namespace": "deploy-bot", "cwd": "/srv/app", "input": {"branch": "main"}}
                """#)
    }

    var runForked: MethodDescription {
        event(
            "A run begins with the past of another, whose events come before this one.",
            params: [
                .required("origin", .origin, "The other run, and its last event that was taken."),
                .required("namespace", .string, "Whose the fork is."),
                .optional("input", .any, "The input from here on, where it is another."),
                .optional("state", .map(.any), "The members of the state that are other ones from here on."),
                .optional("client", .string, "Who asked for it, as the host named itself."),
            ],
            example: example(
                #""origin": {"runId": "nightly-6", "seq": 8}, "namespace": "deploy-bot", "state": {"dryRun": true}"#))
    }

    var runImported: MethodDescription {
        event(
            "A run came from another store, as a file.",
            params: [
                .required("origin", .origin, "The run as it was called there, and its last event that came."),
                .required("namespace", .string, "Whose it is here."),
                .optional("leavesParent", .boolean, "True where it was a step of a run that did not come along."),
                .optional("client", .string, "Who asked for it, as the host named itself."),
            ],
            example: example(#""origin": {"runId": "nightly-6", "seq": 8}, "namespace": "deploy-bot""#))
    }

    private var parent: [Members.Member] {
        [
            .required("runId", .string, "The parent."),
            .required("path", .string, "The path of the step that waits for this run."),
            .required("depth", .sequence, "How many runs are above this one."),
        ]
    }

    var runStatusChanged: MethodDescription {
        event(
            "A run's status, or whether it is paused, is another one.",
            params: [
                .required("status", .runStatus, "Where the run is now."),
                .required("isPaused", .boolean, "Whether nothing new starts until `run/resume`."),
                .required("previous", .runStatus, "Where it was."),
                .optional(
                    "from", .choice(["checkpoint", "start"]), "Where an execution that is not the first goes on."),
            ],
            example: example(#""status": "in-progress", "isPaused": false, "previous": "pending""#))
    }

    var runCompleted: MethodDescription {
        event(
            "A run has done all it had to do.", params: [.required("output", .any, "What it leaves.")],
            example: example(#""output": {"published": true}"#))
    }

    var runFailed: MethodDescription {
        event(
            "A run has failed, and will not begin again by itself.", params: [.required("error", .failure, "Why.")],
            example: example(
                #""error": {"kind": "command.exited", "message": "make exited with 2.", "retryable": true}"#))
    }

    var runCancelled: MethodDescription {
        event(
            "A run was cancelled.", params: [.optional("reason", .string, "Why, where somebody said.")],
            example: example(#""reason": "The release was withdrawn.""#))
    }

    var runTimedOut: MethodDescription {
        event(
            "A run's timeout has passed.",
            params: [
                .required("ms", .milliseconds, "How long it was."),
                .required("action", .choice(["fail", "cancel", "notify"]), "What happens for it."),
                .required("clock", .choice(["active", "wall"]), "Which clock counted."),
            ],
            example: example(#""ms": 60000, "action": "fail", "clock": "active""#))
    }

    var runEnding: MethodDescription {
        event(
            "A run is on its way to its end: attempts finish, then it cleans up and undoes.",
            params: [
                .required("status", .choice(["failed", "cancelled"]), "How it will end."),
                .optional("error", .failure, "Why it fails."),
                .optional("reason", .string, "Why it is cancelled, where somebody said."),
                .optional("graceUntil", .moment, "Until when attempts under way may finish."),
            ],
            example: example(#""status": "cancelled", "graceUntil": "2026-01-31T09:31:00.000Z""#))
    }

    var runRetryScheduled: MethodDescription {
        event(
            "An execution has failed, and the next one begins by itself.",
            params: [
                .required("error", .failure, "Why it failed."),
                .required("willRetryAt", .moment, "When the next one begins."),
            ],
            example: example(
                #"""
                "error": {"kind": "model.unavailable", "message": "The model does not answer.", "retryable": true},
                "willRetryAt": "2026-01-31T09:31:00.000Z"
                """#))
    }

    var runStateChanged: MethodDescription {
        event(
            "A step has changed the state.", "It has the `seq` of its `step/completed`.",
            params: [.required("changes", .map(.any), "The members that changed, with their new values.")],
            example: example(#""changes": {"files": 3}"#))
    }

    var runProgress: MethodDescription {
        event(
            "How far a run has come.", "It has the `seq` of the run's newest event.",
            params: [
                .required("current", .integer(), "How many steps are done."),
                .required("total", .integer(), "How many there are, as far as one can know; 0 when unknown."),
                .optional("message", .string, "What goes on, in words."),
            ],
            example: example(#""current": 1, "total": 3"#))
    }

    /// The members that every event has, and these.
    func example(_ members: String) -> String {
        #"""
        {"runId": "nightly-7", "executionId": "0199e7a2-6b1c-7d3e-8f00-52d1c0a9be41", "seq": 4,
        "at": "2026-01-31T09:30:02.114Z", \#(members)}
        """#
    }
}
