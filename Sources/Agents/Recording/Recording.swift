import JSON
import WorkflowModel

/// A recording that is played back: each exchange once, found by what is asked, those that are equal in their order.
struct Recording {
    private struct Entry {
        var line: Int
        var exchange: Exchange
        var isUsed = false
    }

    private static let sizeLimit = 1 << 30

    private var entries: [Entry] = []
    /// Where the exchanges with a request stand.
    private var places: [JSONValue: [Int]] = [:]

    /// Reads a file. A last line without its end, which was being written when the process died, is none.
    init(at path: String) throws(Failure) {
        guard let bytes = TextFile.bytes(at: path, limit: Self.sizeLimit) else {
            throw .recording("\(path) cannot be read")
        }
        var requests: [String: JSONObject] = [:]
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.dropLast().enumerated() where !line.isEmpty {
            do throws(Failure) {
                let exchange = try Self.exchange(Array(line), &requests)
                places[exchange.request, default: []].append(entries.count)
                entries.append(Entry(line: index + 1, exchange: exchange))
            } catch {
                throw Failure(
                    kind: error.kind, message: "At line \(index + 1) of \(path): \(error.message)", isRetryable: false)
            }
        }
    }

    /// By this a model's request is known: a digest of its content.
    static func id(of request: JSONObject) -> String { String(ContentHash.of(.object(request)).prefix(16)) }

    private static func exchange(
        _ line: [UInt8], _ requests: inout [String: JSONObject]
    ) throws(Failure) -> Exchange {
        let json: JSONValue
        do throws(JSONError) { json = try JSONValue(parsing: line) } catch {
            throw .recording("this is no JSON: \(error.message)")
        }
        guard let request = json["request"], request.object?.count == 1 else {
            throw .recording("there is no request, an object of one member")
        }
        guard var model = request["model"]?.object else { return try Exchange(request: request, json: json) }
        if let before = model["after"]?.string {
            guard var earlier = requests[before] else { throw .recording("no line before has the id \"\(before)\"") }
            let added = model["messages"]?.array ?? []
            earlier["messages"] = .array((earlier["messages"]?.array ?? []) + added)
            model = earlier
        }
        if let id = json["id"]?.string { requests[id] = model }
        return try Exchange(request: ["model": .object(model)], json: json)
    }

    /// Whether anything of this kind was asked, such as of a handler.
    func contains(where fits: (JSONValue) -> Bool) -> Bool { entries.contains { fits($0.exchange.request) } }

    /// What came of a request when it was recorded; each is given once.
    mutating func take(_ request: JSONValue) throws(Failure) -> Exchange {
        guard let index = places[request]?.first(where: { !entries[$0].isUsed }) else { throw mismatch(request) }
        entries[index].isUsed = true
        return entries[index].exchange
    }

    // MARK: Mismatches

    private func mismatch(_ request: JSONValue) -> Failure {
        let kind = request.object?.keys.first ?? ""
        let failure = { (message: String, details: JSONValue?) in
            Failure(
                kind: kind == "model" ? "model.recordingMismatch" : "tool.recordingMismatch", message: message,
                isRetryable: false, details: details)
        }
        if let used = places[request] {
            let lines = used.map { String(entries[$0].line) }.joined(separator: ", ")
            return failure("The recording has this request no more often than it was made (lines \(lines)).", .none)
        }
        let candidates = entries.filter { !$0.isUsed && $0.exchange.request[kind] != nil }
        let compared = candidates.map { ($0.line, Difference.all(between: $0.exchange.request, and: request)) }
        guard let (line, differences) = compared.min(by: { $0.1.count < $1.1.count }), let first = differences.first
        else {
            return failure("The recording has no more requests of the kind \"\(kind)\".", .none)
        }
        var details: JSONObject = ["line": JSONValue(line), "pointer": .string(first.pointer.description)]
        details["recorded"] = first.left
        details["requested"] = first.right
        let message =
            "The recording has no such request. The nearest, on line \(line), differs at \"\(first.pointer)\": "
            + "there is \(Difference.shown(first.left)), and here \(Difference.shown(first.right))."
        return failure(message, .object(details))
    }
}
