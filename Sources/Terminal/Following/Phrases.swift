import JSON

/// What commands say alike.
enum Phrases {
    /// Why a run went where it went, where there was a choice: "→ deploy  when result.status == 'approved'".
    static func decision(_ decision: JSONValue) -> String? {
        let target = "→ \(decision["to"]?.string ?? "")"
        if let condition = decision["condition"]?.string { return "\(target)  when \(condition)" }
        switch decision["reason"]?.string {
        case nil, "next": return nil
        case "default": return "\(target)  otherwise"
        case "onError": return "\(target)  after \(decision["value"]?.string ?? "an error")"
        case let reason?: return "\(target)  \(reason)"
        }
    }

    /// An output as a person reads it: a text as it is, anything else as JSON; nothing for null.
    static func output(_ value: JSONValue?) -> [String] {
        switch value {
        case nil, .null: []
        case .string(let text): text.printable.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        case let value?: value.serialized(pretty: true).split(separator: "\n").map(String.init)
        }
    }

    static func failure(_ error: JSONValue?) -> String {
        let message = error?["message"]?.string ?? "It failed."
        let facts = [error?["kind"]?.string, error?["step"]?.string.map { "step \($0)" }].compactMap(\.self)
        return facts.isEmpty ? message : "\(message) (\(facts.joined(separator: ", ")))"
    }

    /// Such as "1 run" and "2 runs".
    static func count(_ count: Int, _ one: String, _ many: String? = nil) -> String {
        "\(count) \(count == 1 ? one : many ?? one + "s")"
    }

    /// Such as "failed after 1.2 s".
    static func ending(of run: JSONValue) -> String {
        let (start, end) = (Moment(run["startedAt"]?.string), Moment(run["endedAt"]?.string))
        let took = start.flatMap { start in end.map { " after " + start.duration(to: $0).spoken } } ?? ""
        return "\(run["status"]?.string ?? "ended")\(took)"
    }

    static func status(of run: JSONValue) -> (String, Style) {
        let status = run["status"]?.string ?? "unknown"
        if run["isPaused"]?.bool == true { return ("paused", .yellow) }
        if run["cancelRequested"]?.bool == true { return ("cancelling", .yellow) }
        switch status {
        case "completed": return (status, .green)
        case "failed": return (status, .red)
        case "awaiting": return (status, .cyan)
        case "cancelled": return (status, .dim)
        default: return (status, .plain)
        }
    }
}
