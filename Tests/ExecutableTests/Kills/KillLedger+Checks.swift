import JSON

/// What must hold when every run has ended.
extension KillLedger {
    func checkEnd() throws {
        let unfinished = unfinished
        guard unfinished.isEmpty else { throw Trouble("these runs did not end: \(unfinished)") }
        for (run, events) in journals {
            guard events.last?["type"] == "run/completed" else {
                throw Trouble("\(run) ended otherwise: \(events.last ?? .null)")
            }
            try checkSteps(of: run, events)
        }
        for (place, attempts) in attempts { try checkHandler(at: place, attempts) }
        for (place, count) in commands {
            let started = events("step/started", at: place).count
            guard (1...max(1, started)).contains(count), started > 0 else {
                throw Trouble("\(place) ran \(count) times, and was started \(started) times")
            }
        }
    }

    /// Attempts count up from 1, a step is recorded once, and one that asks runs again only after it was allowed to.
    private func checkSteps(of run: String, _ events: [JSONValue]) throws {
        var attempts: [String: Int] = [:]
        var recorded: Set<String> = []
        var permissions: [String: Int] = [:]
        for event in events {
            if event["type"] == "run/forked" {
                // What was under way in the past is another act here, and the first time nobody is asked.
                for path in attempts.keys where !recorded.contains(path) { permissions[path, default: 0] += 1 }
            }
            guard let type = event["type"]?.string, let path = event["data"]?["path"]?.string else { continue }
            switch type {
            case "step/started":
                guard !recorded.contains(path) else { throw Trouble("\(run) \(path) started after it was recorded") }
                attempts[path, default: 0] += 1
                guard event["data"]?["attempt"]?.int == attempts[path] else {
                    throw Trouble("\(run) \(path) has the attempts of \(event) out of order")
                }
                let allowed = 1 + permissions[path, default: 0]
                guard !Self.asks(run, path) || attempts[path, default: 0] <= allowed else {
                    throw Trouble("\(run) \(path) asks, and ran again without a person")
                }
            case "step/completed":
                guard recorded.insert(path).inserted else { throw Trouble("\(run) \(path) is recorded twice") }
            case "execution/interactionResolved": permissions[path, default: 0] += 1
            default: break
            }
        }
    }

    private static func asks(_ run: String, _ path: String) -> Bool {
        run.hasSuffix("-" + KillLoad.careful) && path != "c"
    }

    /// Whatever ran was journalled before, and what is recorded is what the last attempt answered.
    private func checkHandler(at place: Place, _ attempts: [Int: JSONValue]) throws {
        let started = events("step/started", at: place).compactMap { $0["data"]?["attempt"]?.int }
        guard Set(attempts.keys).isSubset(of: started) else {
            throw Trouble("\(place) ran as \(attempts.keys.sorted()), and was started as \(started)")
        }
        guard let completion = events("step/completed", at: place).first?["data"],
            let last = completion["attempt"]?.int,
            let output = completion["output"], attempts[last] == output, attempts.keys.allSatisfy({ $0 <= last })
        else { throw Trouble("\(place) has recorded other than what its handlers answered: \(attempts)") }
    }
}
