package import JSON

// MARK: Values

extension JSONValue: Storable {
    package var stored: JSONValue { self }
    package init?(stored: JSONValue) { self = stored }
}

extension JSONObject: Storable {
    package var stored: JSONValue { .object(self) }

    package init?(stored: JSONValue) {
        guard case .object(let members) = stored else { return nil }
        self = members
    }
}

extension Bool: Storable {
    package var stored: JSONValue { .bool(self) }

    package init?(stored: JSONValue) {
        guard let value = stored.bool else { return nil }
        self = value
    }
}

extension Int: Storable {
    package var stored: JSONValue { .number(JSONNumber(self)) }

    package init?(stored: JSONValue) {
        guard let value = stored.int else { return nil }
        self = value
    }
}

extension String: Storable {
    package var stored: JSONValue { .string(self) }

    package init?(stored: JSONValue) {
        guard let value = stored.string else { return nil }
        self = value
    }
}

extension Timestamp: Storable {
    package var stored: JSONValue { Int(milliseconds).stored }

    package init?(stored: JSONValue) {
        guard let milliseconds = stored.int else { return nil }
        self.init(milliseconds: Int64(milliseconds))
    }
}

/// Durations in a run are whole milliseconds, as the moments are that they lie between.
extension Duration: Storable {
    package var stored: JSONValue { Int(milliseconds).stored }

    package init?(stored: JSONValue) {
        guard let milliseconds = stored.int else { return nil }
        self = .milliseconds(milliseconds)
    }
}

extension Array: Storable where Element: Storable {
    package var stored: JSONValue { .array(map(\.stored)) }

    package init?(stored: JSONValue) {
        guard case .array(let elements) = stored else { return nil }
        self.init()
        reserveCapacity(elements.count)
        for element in elements {
            guard let read = Element(stored: element) else { return nil }
            append(read)
        }
    }
}

/// By their names, so that equal states are one text.
extension Dictionary: Storable where Key == String, Value: Storable {
    package var stored: JSONValue {
        let members = sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return .object(JSONObject(members.map { ($0.key, $0.value.stored) }))
    }

    package init?(stored: JSONValue) {
        guard case .object(let members) = stored else { return nil }
        self.init(minimumCapacity: members.count)
        for (key, value) in members {
            guard let read = Value(stored: value) else { return nil }
            self[key] = read
        }
    }
}

extension Set: Storable where Element: Storable & Comparable {
    package var stored: JSONValue { sorted().stored }

    package init?(stored: JSONValue) {
        guard let elements = [Element](stored: stored) else { return nil }
        self.init(elements)
    }
}

extension Storable where Self: RawRepresentable, RawValue == String {
    package var stored: JSONValue { .string(rawValue) }

    package init?(stored: JSONValue) {
        guard let value = stored.string.flatMap(Self.init(rawValue:)) else { return nil }
        self = value
    }
}

extension RunStatus: Storable {}
extension RetryOrigin: Storable {}

// MARK: What has a shape in the journal already

extension Failure: Storable {
    package var stored: JSONValue { json }
    package init?(stored: JSONValue) { self.init(json: stored) }
}

extension Interaction: Storable {
    package var stored: JSONValue { .object(json) }
    package init?(stored: JSONValue) { self.init(json: stored) }
}

extension ModelUsage: Storable {
    package var stored: JSONValue { json }
    package init?(stored: JSONValue) { self.init(json: stored) }
}

extension RunSource: Storable {
    package var stored: JSONValue { json }
    package init?(stored: JSONValue) { self.init(json: stored) }
}

extension RunEvent: Storable {
    package var stored: JSONValue { ["type": .string(type), "data": data] }

    package init?(stored: JSONValue) {
        guard let type = stored["type"]?.string, let data = stored["data"],
            let event = try? RunEvent(type: type, data: data)
        else { return nil }
        self = event
    }
}

extension Signal: Storable {
    package var stored: JSONValue { RunEvent.signalReceived(self).stored }

    package init?(stored: JSONValue) {
        guard case .signalReceived(let signal)? = RunEvent(stored: stored) else { return nil }
        self = signal
    }
}

extension RunCreated: Storable {
    package var stored: JSONValue { RunEvent.created(self).stored }

    package init?(stored: JSONValue) {
        guard case .created(let creation)? = RunEvent(stored: stored) else { return nil }
        self = creation
    }
}

extension RunEnding: Storable {
    package var stored: JSONValue { RunEvent.ending(self).stored }

    package init?(stored: JSONValue) {
        guard case .ending(let ending)? = RunEvent(stored: stored) else { return nil }
        self = ending
    }
}

extension Progress: Archived {
    package mutating func archive(_ archive: inout StateArchive) throws(UnreadableState) {
        try archive.member("current", &current)
        try archive.member("total", &total)
        try archive.member("message", &message)
    }
}

extension Draft: Storable {
    package var stored: JSONValue { ["output": output, "score": .number(score), "passed": .bool(passed)] }

    package init?(stored: JSONValue) {
        guard let output = stored["output"], let score = stored["score"]?.number, let passed = stored["passed"]?.bool
        else { return nil }
        self.init(output: output, score: score, passed: passed)
    }
}

extension FanOut.Outcome: Storable {
    package var stored: JSONValue {
        switch self {
        case .succeeded(let result): ["result": result]
        case .failed(let failure): ["error": failure.json]
        }
    }

    package init?(stored: JSONValue) {
        if let result = stored["result"] {
            self = .succeeded(result)
        } else if let failure = stored["error"].flatMap(Failure.init(json:)) {
            self = .failed(failure)
        } else {
            return nil
        }
    }
}

extension FanOut.Settled: Storable {
    package var stored: JSONValue { ["outcome": outcome.stored, "ms": duration.stored] }

    package init?(stored: JSONValue) {
        guard let outcome = stored["outcome"].flatMap(FanOut.Outcome.init(stored:)),
            let duration = stored["ms"].flatMap(Duration.init(stored:))
        else { return nil }
        self.init(outcome: outcome, duration: duration)
    }
}

extension ProgramChange: Storable {
    package var stored: JSONValue {
        var members: JSONObject = ["expected": .string(expected)]
        members["found"] = found.map { .string($0) }
        return .object(members)
    }

    package init?(stored: JSONValue) {
        guard let expected = stored["expected"]?.string else { return nil }
        self.init(expected: expected, found: stored["found"]?.string)
    }
}

// MARK: Where a run stands

extension Scope.Owner: Storable {
    package var stored: JSONValue {
        switch self {
        case .run: "run"
        case .step(let path, let position): ["step": .string(path), "position": position.stored]
        case .cleanup: "cleanup"
        case .compensation: "compensation"
        }
    }

    package init?(stored: JSONValue) {
        switch stored.string {
        case "run": self = .run
        case "cleanup": self = .cleanup
        case "compensation": self = .compensation
        default:
            guard let path = stored["step"]?.string, let position = stored["position"]?.int else { return nil }
            self = .step(path: path, position: position)
        }
    }
}

extension ActiveStep.Phase: Storable {
    package var stored: JSONValue {
        switch self {
        case .entered: ["is": "entered"]
        case .running(let since): ["is": "running", "since": since.stored]
        case .backingOff(let until): ["is": "backingOff", "until": until.stored]
        case .asking(let id): ["is": "asking", "interactionId": .string(id)]
        case .waiting(let since, let until):
            until.map { ["is": "waiting", "since": since.stored, "until": $0.stored] }
                ?? ["is": "waiting", "since": since.stored]
        case .open(let since): ["is": "open", "since": since.stored]
        case .child(let id, let since): ["is": "child", "runId": .string(id), "since": since.stored]
        case .failed: ["is": "failed"]
        }
    }

    package init?(stored: JSONValue) {
        let since = stored["since"].flatMap(Timestamp.init(stored:))
        let until = stored["until"].flatMap(Timestamp.init(stored:))
        switch (stored["is"]?.string, since, until) {
        case ("entered", _, _): self = .entered
        case ("running", let since?, _): self = .running(since: since)
        case ("backingOff", _, let until?): self = .backingOff(until: until)
        case ("waiting", let since?, let until): self = .waiting(since: since, until: until)
        case ("open", let since?, _): self = .open(since: since)
        case ("failed", _, _): self = .failed
        case ("asking", _, _):
            guard let id = stored["interactionId"]?.string else { return nil }
            self = .asking(interactionID: id)
        case ("child", let since?, _):
            guard let id = stored["runId"]?.string else { return nil }
            self = .child(runID: id, since: since)
        default: return nil
        }
    }
}
