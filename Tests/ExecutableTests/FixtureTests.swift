import Conformance
import Contract
import JSON
import Testing

@Suite("The recorded sessions")
struct FixtureTests {
    private static let root = Project.root + "/protocol/fixtures"
    private static let paths = sessions(in: "")

    /// From the folder of fixtures.
    private static func sessions(in path: String) -> [String] {
        if path.hasSuffix(".jsonl") { return [path] }
        let names = Folder.names(in: root + "/" + path).filter { !$0.hasSuffix(".md") }
        return names.flatMap { sessions(in: path.isEmpty ? $0 : path + "/" + $0) }
    }

    private static func fixture(_ path: String) throws -> Fixture {
        try Fixture(parsing: try #require(Folder.text(at: root + "/" + path)))
    }

    @Test("The executable keeps to each of them", arguments: paths)
    func playing(path: String) throws {
        let fixture = try Self.fixture(path)
        #expect(Player.play(fixture, to: try Client.executable(), Project.schemas) == [])
    }

    @Test("A stand-in for the server keeps to each of them too", arguments: paths)
    func standingIn(path: String) throws {
        let standIn = "\(try Client.executable()) conformance --stand-in \(Self.root)/'\(path)'"
        #expect(Player.play(try Self.fixture(path), to: standIn, Project.schemas) == [])
    }

    @Test("What a client must not say is noticed, and where it stands in the session")
    func noticingClients() throws {
        let path = Self.root + "/run/create/starts-at-once.jsonl"
        let first = #"{"jsonrpc":"2.0","id":7,"method":"initialize","params":{"clientInfo":{"name":"fixture"}}}"#
        for said in ["", "[]", first, first.dropLast() + "", first + "\n" + first] {
            let run = try CommandLineRun(["conformance", "--stand-in", path], in: Folder(), input: said + "\n")
            #expect(run.exitCode == 1)
            #expect(run.complaints.contains("the client"), "\(run.complaints)")
        }
    }

    @Test("What a server must not do is noticed")
    func noticing() throws {
        var fixture = try Self.fixture("run/create/starts-at-once.jsonl")
        fixture.lines.removeLast()
        let leftOver = Player.play(fixture, to: try Client.executable(), Project.schemas)
        #expect(leftOver.count == 1 && leftOver[0].hasPrefix("it also said"), "\(leftOver)")
        let deaf = Player.play(fixture, to: "true", Project.schemas)
        #expect(deaf.count == 1, "\(deaf)")
        let wrong = Player.play(fixture, to: #"echo '{"jsonrpc":"2.0","id":1,"result":{}}'"#, Project.schemas)
        #expect(wrong.count == 1, "\(wrong)")
    }

    @Test("Every request has a session in which it succeeds and one in which it is refused")
    func requests() throws {
        for method in Contract(Project.document).methods where !method.isNotification {
            var (succeeds, fails) = (false, false)
            for path in Self.paths where path.hasPrefix(method.name + "/") {
                let answers = try answers(to: method.name, in: Self.fixture(path))
                succeeds = succeeds || answers.contains { $0["result"] != nil }
                fails = fails || answers.contains { $0["error"] != nil }
            }
            #expect(succeeds, "No session shows \(method.name) succeed.")
            #expect(fails || method.name == "shutdown", "No session shows \(method.name) fail.")
        }
    }

    @Test("Every notification is in some session, and one that a client sends in a session of its own")
    func notifications() throws {
        var told: Set<String> = []
        for path in Self.paths {
            for line in try Self.fixture(path).lines {
                if case .service(let pattern) = line, let method = pattern.json["method"]?.string {
                    told.insert(method)
                }
            }
        }
        // Only a model calls tools.
        told.formUnion(["tool/called", "tool/returned"])
        for method in Contract(Project.document).methods where method.isNotification {
            #expect(!method.isSentByService || told.contains(method.name), "No session has \(method.name).")
            let own = Self.paths.filter { $0.hasPrefix(method.name + "/") }
            #expect(!method.isTakenByService || own.count >= 2, "\(method.name) has no two sessions of its own.")
        }
    }

    /// Of whoever was asked.
    private func answers(to method: String, in fixture: Fixture) -> [JSONValue] {
        var ids: [JSONValue] = []
        var answers: [JSONValue] = []
        for line in fixture.lines {
            let message =
                switch line {
                case .client(let pattern), .service(let pattern): pattern.json
                }
            guard let id = message["id"] else { continue }
            if message["method"]?.string == method { ids.append(id) }
            if message["method"] == nil, ids.contains(id) { answers.append(message) }
        }
        return answers
    }
}
