package import Contract
import JSON

/// Plays a fixture's client to a server, and looks whether the server keeps to its own lines.
///
/// A line of the service takes the first message that looks like it and was not taken yet; in the end none may be left over. Every message
/// must also fit the description of the protocol, and the numbers of a run's events must grow by one.
package struct Player {
    private let server: ServerProcess
    private var check: SessionCheck
    private var names: [String: JSONValue] = [:]
    private var waiting: [JSONValue] = []
    private var complaints: [String] = []
    private var seqs: [String: Int] = [:]

    /// How long a server may take for a message, in milliseconds.
    private static let patience: Int32 = 20_000

    /// What is wrong, in sentences; nothing when the server conforms.
    package static func play(_ fixture: Fixture, to command: String, _ schemas: MessageSchemas) -> [String] {
        do throws(FixtureError) {
            var player = Player(server: try ServerProcess(command: command), check: SessionCheck(schemas))
            for line in fixture.lines { try player.play(line) }
            try player.finish()
            return player.complaints
        } catch {
            return [error.description]
        }
    }

    private init(server: ServerProcess, check: SessionCheck) {
        self.server = server
        self.check = check
    }

    private mutating func play(_ line: Fixture.Line) throws(FixtureError) {
        switch line {
        case .client(let pattern):
            let message = try pattern.filled(names)
            _ = check.take(message, from: .client)
            // Whoever subscribes anew says where to begin.
            if message["method"] == "run/subscribe", let run = message["params"]?["runId"]?.string { seqs[run] = nil }
            try server.send(message)
        case .service(let pattern): try expect(pattern)
        }
    }

    private mutating func expect(_ pattern: Pattern) throws(FixtureError) {
        if let index = waiting.firstIndex(where: { pattern.matches($0, &names) }) {
            waiting.remove(at: index)
            return
        }
        while let message = try server.next(within: Self.patience) {
            take(message)
            if pattern.matches(message, &names) { return }
            waiting.append(message)
        }
        let said = waiting.map { "\n    " + $0.serialized() }.joined()
        throw FixtureError(
            "waited in vain for \(pattern.json.serialized())\n  it said:\(said.isEmpty ? " nothing" : said)")
    }

    private mutating func finish() throws(FixtureError) {
        server.endInput()
        while let message = try server.next(within: Self.patience) {
            take(message)
            waiting.append(message)
        }
        if !server.hasEnded { complaints.append("the server goes on after the end of its input") }
        complaints += waiting.map { "it also said \($0.serialized())" }
    }

    private mutating func take(_ message: JSONValue) {
        complaints += check.take(message, from: .service).filter { !$0.contains("which were taken") }
        guard message["id"] == nil, let params = message["params"], let run = params["runId"]?.string,
            let seq = params["seq"]?.int
        else { return }
        // What is derived from an event has its number once more.
        if let last = seqs[run], seq != last, seq != last + 1 {
            complaints.append("event \(seq) of \(run) comes after event \(last)")
        }
        seqs[run] = seq
    }
}
