import JSON

/// Makes a fixture of what a client is to say: plays it to a server, and writes down what the server says, with placeholders for what is
/// another value each time.
///
/// Ids are called by their members, in the order they come: `execution`, `execution2`, `interaction`, `version`, `key`, `run`; what the
/// service asks is `request`, `request2`.
package struct Recorder {
    private let server: ServerProcess
    private var names: [String: JSONValue] = [:]
    private var lines: [Fixture.Line] = []
    /// Strings that the client said itself: they are the same each time.
    private var known: Set<String> = []

    /// After how many milliseconds without a word the server waits for the client.
    private static let quiet: Int32 = 300

    package static func record(_ fixture: Fixture, from command: String) throws(FixtureError) -> Fixture {
        var recorder = Recorder(server: try ServerProcess(command: command))
        for case .client(let pattern) in fixture.lines {
            let message = try pattern.filled(recorder.names)
            recorder.note(message)
            recorder.lines.append(.client(pattern))
            try recorder.server.send(message)
            try recorder.listen(Self.quiet)
        }
        recorder.server.endInput()
        try recorder.listen(10_000)
        return Fixture(lines: recorder.lines)
    }

    private init(server: ServerProcess) { self.server = server }

    private mutating func listen(_ milliseconds: Int32) throws(FixtureError) {
        while let message = try server.next(within: milliseconds) {
            lines.append(.service(Pattern(opened(message, member: nil))))
        }
    }

    private mutating func note(_ value: JSONValue) {
        switch value {
        case .string(let text) where !names.values.contains(value): known.insert(text)
        case .array(let elements): for element in elements { note(element) }
        case .object(let members): for member in members { note(member.value) }
        default: break
        }
    }

    private mutating func opened(_ value: JSONValue, member: String?) -> JSONValue {
        if let member, Self.anything.contains(member) { return Placeholder.any.json }
        switch value {
        case .object(let members):
            var opened = JSONObject()
            let isRequest = member == nil && members["method"] != nil
            for (key, value) in members where !Self.passedOver.contains(key) {
                opened[key] =
                    member == "serverInfo"
                    ? Placeholder.text.json
                    : key == "id" && (isRequest || member == "params")
                        ? id(value, "request") : self.opened(value, member: key)
            }
            return .object(opened)
        case .array(let elements):
            var opened: [JSONValue] = []
            for element in elements { opened.append(self.opened(element, member: "")) }
            return .array(opened)
        case .string(let text):
            if known.contains(text) { return value }
            if Placeholder.isTime(text) { return Placeholder.time.json }
            if let member, Self.texts.contains(member) { return Placeholder.text.json }
            if let member, let name = Self.ids[member] { return id(value, name) }
            return value
        case .number: return member.map(Self.numbers.contains) ?? false ? Placeholder.number.json : value
        default: return value
        }
    }

    private mutating func id(_ value: JSONValue, _ name: String) -> JSONValue {
        if let known = names.first(where: { $0.value == value && $0.key.hasPrefix(name) }) {
            return Placeholder.id(known.key).json
        }
        let count = names.keys.count { $0.hasPrefix(name) }
        let own = count == 0 ? name : name + String(count + 1)
        names[own] = value
        return Placeholder.id(own).json
    }

    private static let ids = [
        "executionId": "execution", "interactionId": "interaction", "version": "version", "idempotencyKey": "key",
        "runId": "run", "nextCursor": "cursor",
    ]
    /// Sentences, and what depends on the machine.
    private static let texts: Set = [
        "cwd", "schemaHash", "diagram", "reason", "protocolVersion", "message", "document",
    ]
    private static let numbers: Set = [
        "uptimeMs", "durationMs", "maxMessageBytes", "maxPayloadBytes", "maxBatch", "bytes",
    ]
    /// Lists of what this server happens to have.
    private static let anything: Set = ["kinds", "methods", "settings", "fields", "files"]
    private static let passedOver: Set = ["hint", "components", "openrpc", "info", "x-errors"]
}
