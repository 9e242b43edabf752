import JSON
import Testing
import WorkflowModel

@Suite("Events survive the journal")
struct RunEventTests {
    private static let moment = Timestamp(milliseconds: 1_769_851_800_125)
    private static let payload: JSONValue = ["x": [1, 1.50, nil, "\u{0}é\u{2028}"], "": ["é": true]]
    private static let target = FlowDecision(
        from: "a", to: .step("b"), condition: "result.x > 1", value: true, reason: "when")
    private static let source = RunSource(runID: "r", seq: 4)
    private static let bareTarget = FlowDecision(from: "a", to: .end, reason: "next")

    private static func creation(input: JSONValue?, options: JSONValue?, labels: JSONObject, client: String?)
        -> RunEvent
    {
        .created(
            RunCreated(
                workflow: "w", version: "0123", namespace: "n", cwd: "/tmp", input: input, options: options,
                labels: labels, client: client))
    }

    private static func completion(_ output: JSONValue, set: JSONObject?, _ decision: FlowDecision) -> RunEvent {
        var progress = Progress()
        progress.current = 3
        progress.total = 4
        progress.message = set == nil ? nil : "Building"
        return .stepCompleted(
            StepCompleted(
                path: "a#2", step: "a", attempt: 3, output: output, set: set, decision: decision, progress: progress))
    }

    private static func failed(_ willRetryAt: Timestamp?, _ decision: FlowDecision?, details: JSONValue?) -> RunEvent {
        var failure = Failure(
            kind: "command.exited", message: "2", isRetryable: willRetryAt != nil, details: details)
        failure.step = decision == nil ? nil : "a"
        return .stepFailed(
            StepFailed(
                path: "a", step: "a", attempt: 1, failure: failure, willRetryAt: willRetryAt, decision: decision))
    }

    private static func question(_ kind: Interaction.Kind, isFull: Bool) -> RunEvent {
        var question = Interaction(id: "i", kind: kind, path: "a", text: "Go?", createdAt: moment)
        guard isFull else { return .interactionRequested(question) }
        question.expiresAt = moment + .seconds(60)
        question.reason = "interrupted"
        question.show = payload
        if kind == .approval {
            question.approvers = ["ann", "bob"]
            question.required = 2
            question.onExpiry = .approve
            question.votes = [.init(approver: "ann", decision: .rejected, message: "No.", at: moment)]
        } else {
            question.schema = ["type": "integer"]
            question.fallback = nil as JSONValue
        }
        return .interactionRequested(question)
    }

    private static func resolution(_ kind: Interaction.Kind, _ outcome: InteractionResolved.Outcome, isFull: Bool)
        -> RunEvent
    {
        var resolution = InteractionResolved(interactionID: "i", kind: kind, path: "a", outcome: outcome)
        if isFull {
            resolution.value = payload
            resolution.by = "ann"
            resolution.message = "Yes."
            resolution.client = "vim"
        }
        return .interactionResolved(resolution)
    }

    private static func timeouts() throws -> [RunEvent] {
        try RunOptions.Timeout.Action.allCases.flatMap { action in
            try RunOptions.Timeout.Clock.allCases.compactMap { clock in
                let options: JSONValue = [
                    "timeout": ["ms": 5000, "action": .string(action.rawValue), "clock": .string(clock.rawValue)]
                ]
                return try RunOptions.parse(options).timeout.map { .timedOut($0) }
            }
        }
    }

    private static func events() throws -> [RunEvent] {
        let changes = RunStatus.allCases.flatMap { status in
            RunStatus.allCases.flatMap { previous in
                [
                    StatusChanged(status: status, isPaused: true, previous: previous),
                    StatusChanged(status: status, isPaused: false, previous: previous, executionID: "e"),
                ]
            }
        }
        let starts = [
            StepStarted(path: "a", step: "a", kind: "call", iteration: 1, attempt: 1, input: payload),
            StepStarted(path: "a", step: "a", kind: "call", iteration: 1, attempt: 1, input: nil as JSONValue),
            StepStarted(path: "a#2", step: "a", kind: "wait", iteration: 2, attempt: 3, input: nil, until: moment),
        ]
        let outcomes: [InteractionResolved.Outcome] = [.approved, .rejected, .answered, .expired]
        let vote = Interaction.Vote(approver: "ann", decision: .approved, message: nil, at: moment)
        var events = changes.map { RunEvent.statusChanged($0) } + starts.map { .stepStarted($0) }
        events += outcomes.flatMap { outcome in
            [Interaction.Kind.approval, .input].flatMap { kind in
                [true, false].map { resolution(kind, outcome, isFull: $0) }
            }
        }
        events += LogLevel.allCases.map { .logged(LogEntry(level: $0, message: "\"\n", step: "a")) }
        events += try timeouts()
        return events + [
            creation(input: payload, options: ["timeout": ["ms": 1]], labels: ["a": 1], client: "vim"),
            creation(input: nil as JSONValue, options: nil, labels: [:], client: nil),
            creation(input: Optional.none, options: nil, labels: [:], client: nil),
            .forked(RunForked(source: source, namespace: "n", input: payload, state: ["a": nil], client: "vim")),
            .forked(RunForked(source: source, namespace: "n")),
            .imported(RunImported(source: source, namespace: "n", leavesParent: true, client: "vim")),
            .imported(RunImported(source: source, namespace: "n", leavesParent: false)),
            completion(payload, set: ["n": 1, "m": nil], target), completion(nil, set: nil, bareTarget),
            completion(false, set: [:], bareTarget), failed(moment, nil, details: payload),
            failed(nil, target, details: nil as JSONValue), failed(nil, nil, details: Optional.none),
            question(.approval, isFull: true), question(.approval, isFull: false), question(.input, isFull: true),
            question(.input, isFull: false), .voteRecorded(interactionID: "i", vote: vote),
            .logged(LogEntry(level: .info, message: "")), .completed(output: payload), .completed(output: nil),
            .failed(Failure(kind: "k", message: "m", isRetryable: false, details: payload)),
            .cancelled(reason: "enough"), .cancelled(reason: nil),
        ]
    }

    @Test("What is written is read back as the same event")
    func roundTrip() throws {
        for event in try Self.events() {
            #expect(try RunEvent(type: event.type, data: event.data) == event)
        }
    }

    @Test("A question is read by its kind: the members of the other one mean nothing")
    func mixedQuestion() throws {
        let data: JSONValue = [
            "interactionId": "i", "kind": "input", "path": "a", "prompt": "How many?", "message": "Go?",
            "approvers": ["ann"], "required": 2, "onExpiry": "approve", "createdAt": "2026-01-31T09:30:00.125Z",
        ]
        let event = try RunEvent(type: "execution/inputRequested", data: data)
        #expect(
            event
                == .interactionRequested(
                    Interaction(id: "i", kind: .input, path: "a", text: "How many?", createdAt: Self.moment)))
        #expect(try RunEvent(type: event.type, data: event.data) == event)
    }

    @Test("Every type of event was tried")
    func completeness() throws {
        #expect(
            Set(try Self.events().map(\.type)) == [
                "run/created", "run/forked", "run/imported", "run/statusChanged", "step/started", "step/completed",
                "step/failed",
                "execution/approvalRequested", "execution/inputRequested", "execution/voteRecorded",
                "execution/interactionResolved", "execution/log", "run/timedOut", "run/completed", "run/failed",
                "run/cancelled",
            ])
    }

    @Test("An event without a member it needs is unreadable, and says which type it was")
    func unreadable() throws {
        for event in try Self.events() {
            guard case .object(let members) = event.data else { continue }
            for (name, _) in members {
                var fewer = members
                fewer[name] = nil
                // What may be absent reads back as another event of the type; what may not is refused.
                do throws(UnreadableEvent) {
                    #expect(try RunEvent(type: event.type, data: .object(fewer)).type == event.type)
                } catch {
                    #expect(error.type == event.type)
                }
            }
        }
        for (type, data) in [
            ("run/exploded", [:]), ("run/created", ["workflow": "w"]), ("step/started", nil), ("run/completed", [:]),
            ("run/statusChanged", ["status": "asleep", "isPaused": false, "previous": "pending"]),
            ("step/completed", ["path": "a", "step": "a", "attempt": 1, "output": nil]), ("run/failed", ["error": "x"]),
        ] as [(String, JSONValue)] {
            #expect(throws: UnreadableEvent.self) { try RunEvent(type: type, data: data) }
        }
    }
}
