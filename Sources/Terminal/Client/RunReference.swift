import JSON
import RPC

/// Finds what a person means by an ID: the whole, a prefix, or "last".
enum RunReference {
    private static let shortest = 4
    private static let page: JSONValue = 1000

    static func runID(_ text: String, _ client: LocalClient) throws -> String {
        if text == "last" { return try newest(client) }
        do {
            _ = try client.call("run/get", ["runId": .string(text)])
            return text
        } catch let error as RPCError where error.kind == "run.notFound" {
            return try unique(text, among: all(client), of: "run")
        }
    }

    /// The open question of a kind that the ID of a run, an execution or the question itself names.
    static func question(_ text: String, kind: String, _ client: LocalClient) throws -> JSONValue {
        let answer = try client.call("execution/interactions", ["namespace": "*"])
        let open = (answer["interactions"]?.array ?? []).filter { $0["kind"]?.string == kind }
        let wanted = text == "last" ? try newest(client) : text
        let members = ["interactionId", "executionId", "runId"]
        var found = open.filter { question in members.contains { question[$0]?.string == wanted } }
        if found.isEmpty, text.count >= shortest {
            found = open.filter { question in members.contains { question[$0]?.string?.hasPrefix(text) == true } }
        }
        if found.count == 1 { return found[0] }
        let title = kind == "approval" ? "approval" : "input"
        guard !found.isEmpty else {
            throw Complaint.usage(
                "No open \(title) goes by \"\(text)\".", hint: "fermata show ID tells what a run asks.")
        }
        let lines = found.map { "\($0["interactionId"]?.string ?? "")  \($0.questionText.summary(60))" }
        throw Complaint.usage(
            "\(found.count) questions go by \"\(text)\"; name one of them.", hint: lines.joined(separator: "\n  "))
    }

    /// Picks the one ID that begins with `prefix`.
    static func unique(_ prefix: String, among ids: [String], of noun: String) throws(Complaint) -> String {
        guard prefix.count >= shortest else {
            throw .usage("There is no \(noun) \"\(prefix)\".", hint: "A prefix needs at least \(shortest) characters.")
        }
        let matches = ids.filter { $0.hasPrefix(prefix) }
        if matches.count == 1 { return matches[0] }
        guard !matches.isEmpty else {
            throw .usage("There is no \(noun) \"\(prefix)\".", hint: "See: fermata list --all")
        }
        throw .usage(
            "\(matches.count) IDs begin with \"\(prefix)\".", hint: matches.prefix(5).joined(separator: "\n  "))
    }

    /// How many characters of each of these a person needs to name it.
    static func shortLength(of ids: [String]) -> Int {
        // The time of a UUIDv7; runs that began in one millisecond need more.
        var length = 13
        let longest = ids.map(\.count).max() ?? 0
        while length < longest, Set(ids.map { $0.prefix(length) }).count < ids.count { length += 1 }
        return length
    }

    private static func newest(_ client: LocalClient) throws -> String {
        let answer = try client.call("run/list", ["limit": 1])
        guard let id = answer["runs"]?[0]?["runId"]?.string else {
            throw Complaint.usage("There is no run yet.", hint: "fermata run FILE starts one.")
        }
        return id
    }

    private static func all(_ client: LocalClient) throws -> [String] {
        var ids: [String] = []
        var params: JSONObject = ["namespace": "*", "limit": page]
        repeat {
            let answer = try client.call("run/list", .object(params))
            ids += (answer["runs"]?.array ?? []).compactMap { $0["runId"]?.string }
            params["cursor"] = answer["nextCursor"]
        } while params["cursor"]?.string != nil
        return ids
    }
}

extension RPCError {
    /// The stable word of the domain that says what went wrong.
    var kind: String? { data?["kind"]?.string }
}

extension JSONValue {
    /// An approval's message or an input's prompt.
    var questionText: String { (self["message"] ?? self["prompt"])?.string ?? "" }
}
