import Glibc
import JSON
import Testing

@Suite("kill -9 in the middle of five commands that append to a file")
struct CrashTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// Five steps that each append a line; the third one stays until the file `go` is there.
    private func document(_ onInterrupted: String) -> JSONValue {
        func append(_ number: Int, then next: String) -> JSONValue {
            ["command": ["sh", "-c", .string("echo \(number) >> log")], "next": .string(next)]
        }
        let third: JSONValue = [
            "command": [
                "sh", "-c", "echo 3 >> log; echo $$ > pid; test -e go && exit 0; echo staying; exec sleep 600",
            ],
            "onInterrupted": .string(onInterrupted), "next": "four",
        ]
        return workflow(
            "appends",
            [
                "one": append(1, then: "two"), "two": append(2, then: "three"), "three": third,
                "four": append(4, then: "five"), "five": append(5, then: "END"),
            ])
    }

    /// Runs into the third step, kills the executable there, and lets the third step end when it runs again.
    private func crash(_ onInterrupted: String) throws {
        let client = try Client(in: folder)
        try client.initialize(commands: true)
        try client.call("run/create", started("r", document(onInterrupted), ["cwd": .string(folder.path)]))
        _ = try client.notification("execution/textDelta") { $0["stepId"] == "three" }
        client.kill(with: SIGKILL)
        #expect(try client.waitForExit() == .signal(SIGKILL))
        #expect(folder.text(of: "log") == "1\n2\n3\n")
        #expect(try isRunning(leftBehind()))
        try folder.write("", to: "go")
    }

    /// The command that the killed executable had under way.
    private func leftBehind() throws -> pid_t {
        try #require(folder.text(of: "pid")?.split(separator: "\n").first.flatMap { pid_t($0) })
    }

    /// Whether a process is there that has not ended; one that nobody has reaped yet has.
    private func isRunning(_ process: pid_t) -> Bool {
        guard let file = fopen("/proc/\(process)/stat", "r") else { return false }
        defer { fclose(file) }
        var line = [UInt8](repeating: 0, count: 512)
        let count = fread(&line, 1, line.count, file)
        let state = String(decoding: line[..<count], as: UTF8.self).split(separator: ")").last?.dropFirst().first
        return state != "Z" && state != "X"
    }

    private func restart() throws -> Client {
        let client = try Client(in: folder, extra: ["--allow-commands"])
        let opened = try client.initialize()
        // Nothing of the interrupted attempt is left before another may begin.
        #expect(try !isRunning(leftBehind()))
        #expect(opened["recovered"]?["runs"] == 1)
        return client
    }

    private func attempts(of run: String, in client: Client) throws -> [String: Int] {
        let starts = try client.events(of: run).filter { $0["type"] == "step/started" }
        return Dictionary(starts.map { ($0["data"]?["step"]?.string ?? "", 1) }, uniquingKeysWith: +)
    }

    @Test("retry runs the interrupted step again as the next attempt, and nothing else")
    func retry() throws {
        try crash("retry")
        let client = try restart()
        #expect(try client.runResult(of: "r")["status"] == "completed")
        #expect(folder.text(of: "log") == "1\n2\n3\n3\n4\n5\n")
        #expect(try attempts(of: "r", in: client) == ["one": 1, "two": 1, "three": 2, "four": 1, "five": 1])
        let third = try client.call("run/steps", ["runId": "r"])["steps"]?.array?.first { $0["step"] == "three" }
        #expect(third?["attempt"] == 2)
        #expect(third?["status"] == "completed")
    }

    @Test("ask opens an approval; approved, the step runs again")
    func askAndApprove() throws {
        try crash("ask")
        let client = try restart()
        let question = try #require(try client.call("execution/interactions")["interactions"]?[0])
        #expect(question["reason"] == "interrupted")
        #expect(question["kind"] == "approval")
        #expect(question["path"] == "three")
        #expect(try client.call("run/get", ["runId": "r"])["status"] == "awaiting")
        #expect(folder.text(of: "log") == "1\n2\n3\n")
        try client.call(
            "execution/respondApproval",
            ["interactionId": question["interactionId"] ?? .null, "decision": "approved", "approver": "ann"])
        #expect(try client.runResult(of: "r")["status"] == "completed")
        #expect(folder.text(of: "log") == "1\n2\n3\n3\n4\n5\n")
        _ = try client.events(of: "r")
    }

    @Test("ask, rejected, fails the run as step.interrupted")
    func askAndReject() throws {
        try crash("ask")
        let client = try restart()
        let question = try #require(try client.call("execution/interactions")["interactions"]?[0])
        try client.call(
            "execution/respondApproval",
            ["interactionId": question["interactionId"] ?? .null, "decision": "rejected", "approver": "ann"])
        let result = try client.runResult(of: "r")
        #expect(result["status"] == "failed")
        #expect(result["error"]?["kind"] == "step.interrupted")
        #expect(folder.text(of: "log") == "1\n2\n3\n")
        _ = try client.events(of: "r")
    }

    @Test("fail fails the run as step.interrupted")
    func fail() throws {
        try crash("fail")
        let client = try restart()
        let result = try client.runResult(of: "r")
        #expect(result["status"] == "failed")
        #expect(result["error"]?["kind"] == "step.interrupted")
        #expect(folder.text(of: "log") == "1\n2\n3\n")
        _ = try client.events(of: "r")
    }

    @Test("A host that does not allow commands leaves the run, says what it waits for, and the next host goes on")
    func withoutPermission() throws {
        try crash("retry")
        let cautious = try Client(in: folder)
        try cautious.initialize()
        let run = try cautious.call("run/get", ["runId": "r"])
        #expect(run["status"] == "in-progress")
        #expect(run["waitingFor"]?[0]?["kind"] == "permission")
        #expect(try cautious.call("run/result", ["runId": "r", "waitMs": 200])["status"] == "in-progress")
        #expect(folder.text(of: "log") == "1\n2\n3\n")
        try cautious.call("shutdown")
        try cautious.notify("exit")
        try cautious.waitForExit()
        let client = try restart()
        #expect(try client.runResult(of: "r")["status"] == "completed")
        #expect(folder.text(of: "log") == "1\n2\n3\n3\n4\n5\n")
    }

    @Test("Effects begin at the first request even without the notification initialized")
    func withoutInitialized() throws {
        try crash("retry")
        let client = try Client(in: folder, extra: ["--allow-commands"])
        try client.call("initialize", ["clientInfo": ["name": "wire-tests"]])
        #expect(try client.runResult(of: "r")["status"] == "completed")
        #expect(folder.text(of: "log") == "1\n2\n3\n3\n4\n5\n")
    }

    @Test("Another namespace neither sees nor takes the run")
    func otherNamespace() throws {
        try crash("retry")
        let other = try Client(in: folder, extra: ["--allow-commands"])
        #expect(try other.initialize(["namespace": "other"])["recovered"]?["runs"] == 0)
        #expect(try other.call("run/list")["runs"] == [])
        #expect(try other.call("run/list", ["namespace": "*"])["runs"]?.array?.count == 1)
        #expect(folder.text(of: "log") == "1\n2\n3\n")
    }

    @Test("Whatever was answered before kill -9 is there after it")
    func answeredIsDurable() throws {
        var answered: [String] = []
        for round in 0..<3 {
            let client = try Client(in: folder)
            try client.initialize()
            let runs = (0..<40).map { "r\(round)-\($0)" }
            try client.send(
                together: runs.map {
                    ["jsonrpc": "2.0", "id": .string($0), "method": "run/create", "params": started($0, Documents.set)]
                })
            while !client.transcript.contains(where: { $0["id"] == .string(runs[5 * (round + 1)]) }) {
                _ = try client.next("an answer") { $0["id"] != nil }
            }
            client.kill(with: SIGKILL)
            try client.waitForExit()
            answered += client.transcript.compactMap { $0["result"]?["runId"]?.string }
        }
        let client = try Client(in: folder)
        try client.initialize()
        for run in answered {
            #expect(try client.call("run/get", ["runId": .string(run)])["status"] == "completed")
            _ = try client.events(of: run)
        }
        #expect(answered.count >= 30)
    }

    @Test("Killed again and again, a run comes to its end, and no recorded step runs again")
    func manyCrashes() throws {
        let names = (1...12).map { "s\($0)" }
        var flow: JSONObject = ["START": "s1"]
        for (index, name) in names.enumerated() {
            flow[name] = [
                "command": ["sh", "-c", .string("echo \(name) >> log")],
                "next": .string(index + 1 < names.count ? names[index + 1] : "END"),
            ]
        }
        let document: JSONValue = ["name": "many", "flow": .object(flow)]
        var round = 0
        while round < 40 {
            let client = try Client(in: folder, extra: ["--allow-commands"])
            try client.initialize()
            try client.call("run/create", started("r", document, ["cwd": .string(folder.path)]))
            try client.call("run/subscribe", ["runId": "r"])
            // Each round lets a few more events happen than the one before.
            let seen = 3 + round * 2
            _ = try client.next("an event") { message in
                message["params"]?["seq"]?.int ?? 0 >= seen || message["method"] == "run/completed"
            }
            if try client.call("run/get", ["runId": "r"])["status"] == "completed" { break }
            client.kill(with: SIGKILL)
            try client.waitForExit()
            round += 1
        }
        let client = try Client(in: folder, extra: ["--allow-commands"])
        try client.initialize()
        #expect(try client.runResult(of: "r")["status"] == "completed")
        let events = try client.events(of: "r")
        let lines = folder.text(of: "log")?.split(separator: "\n").map(String.init) ?? []
        for name in names {
            let own = events.filter { $0["data"]?["step"]?.string == name }
            #expect(own.count { $0["type"] == "step/completed" } == 1)
            let attempts = own.count { $0["type"] == "step/started" }
            #expect((1...attempts).contains(lines.count { $0 == name }), "\(name) ran other than it was recorded")
        }
        // Once a step is recorded, nothing before it runs again: the lines never go back.
        let order = lines.compactMap { names.firstIndex(of: $0) }
        #expect(order == order.sorted())
    }
}
