import JSON

/// What the world outside of the executable knows for certain, whenever it was killed: what its bodies did, what it was
/// told, and what the journal said before.
struct KillLedger {
    /// The file that commands write to, in the folder of their run.
    static let commandLog = "commands"

    /// A step of a run.
    struct Place: Hashable {
        let run: String
        let path: String
    }

    /// Runs that were asked for; nothing is known of the others, which are children.
    private(set) var asked: [String: KillLoad.Wish] = [:]
    /// Runs whose creation was answered.
    private(set) var acknowledged: Set<String> = []
    private(set) var ended: Set<String> = []
    /// Each run's events as they were read last.
    private(set) var journals: [String: [JSONValue]] = [:]
    /// Each run's notifications by their number.
    private var told: [String: [Int: JSONValue]] = [:]
    /// The attempts of a step that the client's handlers were asked for, and what each answered.
    private(set) var attempts: [Place: [Int: JSONValue]] = [:]
    private var keys: [Place: String] = [:]
    /// How often a command had run when its step was found to be recorded.
    private var settledCommands: [Place: Int] = [:]
    private(set) var toldCount = 0

    var unfinished: [String] { Set(asked.keys).union(journals.keys).subtracting(ended).sorted() }

    mutating func ask(_ wish: KillLoad.Wish) { asked[wish.id] = wish }

    mutating func acknowledge(_ run: String) { acknowledged.insert(run) }

    /// A handler begins: which attempt of which step.
    mutating func begin(_ params: JSONValue) throws -> (Place, attempt: Int) {
        guard let run = params["runId"]?.string, let path = params["path"]?.string,
            let attempt = params["attempt"]?.int,
            let key = params["idempotencyKey"]?.string
        else { throw Trouble("a step/execute lacks what it must have: \(params)") }
        let place = Place(run: run, path: path)
        guard attempts[place]?[attempt] == nil else { throw Trouble("attempt \(attempt) of \(place) runs twice") }
        guard !isRecorded(place) else { throw Trouble("\(place) is recorded, and runs again") }
        guard keys[place] ?? key == key else { throw Trouble("\(place) has another idempotency key than before") }
        keys[place] = key
        attempts[place, default: [:]][attempt] = .null
        return (place, attempt)
    }

    /// What the handler answers; it differs from attempt to attempt.
    mutating func answer(_ place: Place, attempt: Int) -> JSONValue {
        let output: JSONValue = ["by": .string("\(place.run) \(place.path) \(attempt)")]
        attempts[place]?[attempt] = output
        return output
    }

    mutating func hear(_ method: String, _ params: JSONValue) throws {
        guard let run = params["runId"]?.string, let seq = params["seq"]?.int, !Self.derived.contains(method) else {
            return
        }
        let message: JSONValue = ["type": .string(method), "data": params]
        toldCount += 1
        guard let known = told[run]?[seq] else {
            told[run, default: [:]][seq] = message
            return
        }
        guard known == message else { throw Trouble("event \(seq) of \(run) was told as \(known) and as \(message)") }
    }

    private static let derived: Set = ["run/stateChanged", "run/progress", "step/decided", "execution/textDelta"]

    /// What the journal has of a run now: all that it had, all that was told, and more.
    mutating func read(_ run: String, _ events: [JSONValue]) throws {
        let known = journals[run] ?? []
        guard events.starts(with: known) else { throw Trouble("events of \(run) are lost, or other ones") }
        guard !events.isEmpty || !acknowledged.contains(run) else {
            throw Trouble("\(run) was created, and is not there")
        }
        for (seq, message) in told[run] ?? [:] {
            guard events.indices.contains(seq - 1) else { throw Trouble("event \(seq) of \(run) was told and is lost") }
            try compare(events[seq - 1], toldAs: message, "event \(seq) of \(run)")
        }
        journals[run] = events
        if events.contains(where: { Self.ends.contains($0["type"]?.string ?? "") }) { ended.insert(run) }
    }

    private static let ends: Set = ["run/completed", "run/failed", "run/cancelled"]

    private func compare(_ event: JSONValue, toldAs message: JSONValue, _ what: String) throws {
        guard event["type"] == message["type"] else { throw Trouble("\(what) is \(event), told as \(message)") }
        for (name, value) in event["data"]?.object ?? [:] where message["data"]?[name] != value {
            throw Trouble("\(what) has \(name) \(value), told as \(message)")
        }
    }

    /// Takes note of how often each command ran by now. One whose step was recorded before must not have run since.
    mutating func readCommands(_ log: String) throws {
        var counts: [Place: Int] = [:]
        for line in log.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 2 else { throw Trouble("a command wrote \(line)") }
            counts[Place(run: words[0], path: words[1]), default: 0] += 1
        }
        for (place, count) in counts {
            guard settledCommands[place] ?? count == count else { throw Trouble("\(place) is recorded, and ran again") }
            if isRecorded(place) { settledCommands[place] = count }
        }
        commands = counts
    }

    /// How often the command at each place ran.
    private(set) var commands: [Place: Int] = [:]

    func events(_ type: String, at place: Place) -> [JSONValue] {
        (journals[place.run] ?? []).filter { $0["type"]?.string == type && $0["data"]?["path"]?.string == place.path }
    }

    private func isRecorded(_ place: Place) -> Bool { !events("step/completed", at: place).isEmpty }
}
