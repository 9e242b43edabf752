import CSQLite
import Glibc
import JSON
import Simulator

/// Kills the executable again and again under load, and checks what is left each time. What happens, and when it is
/// killed, follows from the seed, as far as the machine allows.
struct KillTrial {
    /// How many runs are under way at a time.
    private static let load = 14
    /// How long the executable lives at most, in milliseconds.
    private static let longestLife = 300

    private let folder: Folder
    private var random: SeededRandom
    private var ledger = KillLedger()
    private var created = 0
    /// What handlers have not answered yet.
    private var held: [(id: JSONValue, place: KillLedger.Place, attempt: Int)] = []
    private(set) var kills = 0
    /// Whether the life under way ends with a kill.
    private var mayDie = true

    init(seed: UInt64) throws {
        folder = try Folder()
        random = SeededRandom(seed: seed)
    }

    /// The figures, for people.
    var report: String {
        let attempts = ledger.attempts.values.reduce(0) { $0 + $1.count }
        let again = attempts - ledger.attempts.count
        let events = ledger.journals.values.joined()
        let asked = events.count { $0["data"]?["reason"] == "interrupted" }
        let forks = events.count { $0["type"] == "run/forked" }
        let commands = ledger.commands.values.reduce(0, +)
        return """
            \(kills) kills, \(ledger.journals.count) runs of which \(forks) forks, \(events.count) events, \(ledger.toldCount) \
            notifications of them; handlers ran \(attempts) times, \(again) of them again; commands \(commands) times, \
            \(commands - ledger.commands.count) of them again; \(asked) interrupted steps asked a person
            """
    }

    mutating func run(kills count: Int) throws {
        while kills < count {
            try live(for: random.number(0...Self.longestLife))
            kills += 1
            try checkFile()
            try look()
        }
        try finish()
        try look(at: Array(ledger.journals.keys))
        try ledger.checkEnd()
    }

    // MARK: A life

    /// Starts the executable, gives it work, and kills it.
    private mutating func live(for milliseconds: Int) throws {
        let deadline = Client.now + milliseconds
        let client = try Client(in: folder, extra: ["--allow-commands"])
        try begin(client)
        while Client.now < deadline { try handle(client.messages(until: deadline), client) }
        client.kill(with: SIGKILL)
        try client.waitForExit()
        // What it said before it died was said.
        try handle(client.messages(until: 0), client)
        held = []
        try ledger.readCommands(folder.text(of: KillLedger.commandLog) ?? "")
    }

    private mutating func begin(_ client: Client) throws {
        try client.request("initialize", ["capabilities": ["steps": ["handlers": ["*"]]]])
        try client.notify("initialized")
        try client.request("workflow/register", ["document": KillLoad.child])
        while ledger.asked.keys.count(where: { !ledger.ended.contains($0) }) < Self.load {
            created += 1
            ledger.ask(nextRun())
        }
        for (id, wish) in ledger.asked where !ledger.acknowledged.contains(id) {
            try client.request(wish.method, wish.params, id: .string(id))
        }
        for id in ledger.unfinished where ledger.acknowledged.contains(id) {
            try client.request("run/subscribe", ["runId": .string(id)])
        }
        try client.request("execution/interactions", id: "questions")
    }

    /// Another run, or a fork of one that has ended.
    private mutating func nextRun() -> KillLoad.Wish {
        let past = ledger.asked.keys.filter(ledger.ended.contains).sorted()
        guard !past.isEmpty, random.chance(0.25) else { return KillLoad.run(created, in: folder, &random) }
        let origin = random.pick(past)
        // The last three events are the last step's end and the run's own.
        let seq = random.number(1...max(1, ledger.journals[origin, default: []].count - 3))
        return KillLoad.fork(created, of: origin, from: seq)
    }

    /// Lives without being killed until every run has ended.
    private mutating func finish() throws {
        mayDie = false
        let client = try Client(in: folder, extra: ["--allow-commands"])
        try begin(client)
        let deadline = Client.now + 2 * Client.patience
        while true {
            try handle(client.messages(until: Client.now + 100), client)
            for run in ledger.unfinished where try status(of: run, client) == "completed" {
                try ledger.read(run, client.events(of: run, pages: 500))
            }
            try readChildren(of: ledger.unfinished, client)
            if ledger.unfinished.isEmpty { break }
            guard Client.now < deadline else { throw client.trouble("these do not end: \(ledger.unfinished)") }
        }
        try ledger.readCommands(folder.text(of: KillLedger.commandLog) ?? "")
    }

    // MARK: What the executable says

    private mutating func handle(_ messages: [JSONValue], _ client: Client) throws {
        for message in messages {
            if let method = message["method"]?.string, let params = message["params"] {
                if let id = message["id"] {
                    let (place, attempt) = try ledger.begin(params)
                    held.append((id, place, attempt))
                } else {
                    try ledger.hear(method, params)
                    if method == "execution/approvalRequested" { try approve(params, client) }
                }
            } else {
                try take(message, client)
            }
        }
        // Some bodies take a little longer than others.
        while !held.isEmpty, random.chance(0.4) { try answer(held.removeFirst(), client) }
    }

    private mutating func take(_ answer: JSONValue, _ client: Client) throws {
        if answer["id"] == "questions" {
            for question in answer["result"]?["interactions"]?.array ?? [] { try approve(question, client) }
        } else if let id = answer["id"]?.string {
            guard answer["result"] != nil else { throw Trouble("\(id) cannot be created: \(answer)") }
            ledger.acknowledge(id)
        }
    }

    /// A second answer to one question is refused, which changes nothing.
    private mutating func approve(_ question: JSONValue, _ client: Client) throws {
        // Whoever is asked may leave it to the next life, where there is one.
        guard !client.hasEnded, !mayDie || random.chance(0.8) else { return }
        try client.request(
            "execution/respondApproval",
            ["interactionId": question["interactionId"] ?? .null, "decision": "approved", "approver": "ann"])
    }

    private mutating func answer(
        _ call: (id: JSONValue, place: KillLedger.Place, attempt: Int), _ client: Client
    ) throws {
        guard !client.hasEnded else { return }
        let isFailing = call.place.run.hasSuffix("-retries") && random.chance(0.3)
        guard !isFailing else {
            let error: JSONValue = ["code": -1, "message": "Not yet."]
            return try client.send(["jsonrpc": "2.0", "id": call.id, "error": error])
        }
        let output = ledger.answer(call.place, attempt: call.attempt)
        try client.send(["jsonrpc": "2.0", "id": call.id, "result": ["output": output]])
    }

    // MARK: What is left

    /// The file is whole, as SQLite sees it.
    private func checkFile() throws {
        var connection: OpaquePointer?
        defer { sqlite3_close(connection) }
        guard sqlite3_open_v2(folder.store, &connection, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK else {
            // It may have been killed before it made one.
            guard ledger.acknowledged.isEmpty else { throw Trouble("the store cannot be opened") }
            return
        }
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        sqlite3_prepare_v2(connection, "PRAGMA integrity_check", -1, &statement, nil)
        guard sqlite3_step(statement) == SQLITE_ROW, let text = sqlite3_column_text(statement, 0),
            String(cString: text) == "ok"
        else { throw Trouble("integrity_check after kill \(kills): \(String(cString: sqlite3_errmsg(connection)))") }
    }

    /// Reads the journals of the runs that have not ended, with an engine of another namespace, which touches none of
    /// them.
    private mutating func look(at runs: [String]? = nil) throws {
        let client = try Client(in: folder)
        try client.initialize(["namespace": "onlooker"])
        let runs = runs ?? ledger.unfinished
        for run in runs {
            guard let status = try status(of: run, client) else {
                guard !ledger.acknowledged.contains(run) else { throw client.trouble("\(run) is lost") }
                continue
            }
            try ledger.read(run, client.events(of: run, pages: 500))
            guard ledger.ended.contains(run) == (status == "completed") else {
                throw client.trouble("\(run) is \(status) when its journal is replayed")
            }
        }
        try readChildren(of: runs, client)
    }

    /// Children are known by their parents.
    private mutating func readChildren(of runs: [String], _ client: Client) throws {
        for run in runs where run.hasSuffix("-parent") {
            let wanted: JSONValue = ["namespace": "*", "filter": ["parent": .string(run)]]
            let children = try client.call("run/list", wanted)["runs"]?.array ?? []
            for child in children.compactMap({ $0["runId"]?.string }) where ledger.journals[child] == nil {
                try ledger.read(child, client.events(of: child, pages: 500))
            }
        }
    }

    private func status(of run: String, _ client: Client) throws -> String? {
        let answer = try client.answer(to: client.request("run/get", ["runId": .string(run)]))
        return answer["result"]?["status"]?.string
    }
}
