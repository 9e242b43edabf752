import Glibc
import Testing

/// The commands as people use them: the executable itself, at a terminal.
@Suite struct PeopleTests {
    private static let ship = """
        {
          "name": "ship",
          "output": "${steps.name.result}",
          "flow": {
            "START": "build",
            "build": {"command": ["sh", "-c", "echo built"], "next": "review"},
            "review": {
              "approval": {"message": "Ship it?"},
              "next": [{"when": "result.status == 'approved'", "to": "name"}, {"to": "refused"}]
            },
            "name": {"input": {"prompt": "As what?", "schema": {"type": "integer", "minimum": 2}}, "next": "END"},
            "refused": {"fail": {"kind": "ship.refused", "message": "It was not to be."}}
          }
        }
        """

    private let folder: Folder
    private var store: String { folder.path + "/runs.db" }

    init() throws {
        folder = try Folder()
        try folder.write(Self.ship, to: "ship.json")
    }

    private func start(_ words: String...) throws -> TerminalSession { try TerminalSession(words, store: store) }

    @Test("A run is followed to its end, and a person's answers carry it there")
    func runs() throws {
        let session = try start("run", folder.path + "/ship.json")
        #expect(session.shows("    built"))
        #expect(session.shows("[y]es / [n]o: "))
        session.type("y\n")
        #expect(session.shows("JSON> "))
        session.type("1\n")
        #expect(session.shows("Expected a number at least 2"))
        session.type("7\n")
        #expect(session.end() == 0)
        #expect(session.text.contains("completed"))
        #expect(session.text.hasSuffix("\r\n7\r\n"))
    }

    @Test("A run that Ctrl-C left is listed, shown and resumed where it was")
    func leavesAndResumes() throws {
        let first = try start("run", folder.path + "/ship.json", "--run-id", "mine")
        #expect(first.shows("[y]es / [n]o: "))
        first.type("\u{3}")
        #expect(first.end() == 130)
        #expect(first.text.contains("fermata resume mine"))

        let list = try start("list")
        #expect(list.end() == 0)
        #expect(list.text.contains("mine") && list.text.contains("awaiting"))
        let show = try start("show", "mine")
        #expect(show.end() == 0)
        #expect(show.text.contains("? Ship it?"))

        let second = try start("resume", "last")
        #expect(second.shows("[y]es / [n]o: "))
        #expect(!second.text.contains("built"))
        second.type("n\n")
        #expect(second.end() == 1)
        #expect(second.text.contains("It was not to be. (ship.refused, step refused)"))
    }

    @Test(
        "A command that Ctrl-C, or a kill, cut off is run again, from what was recorded", arguments: [SIGINT, SIGKILL])
    func runsAgain(signal: Int32) throws {
        let gate = folder.path + "/gate"
        let step = "{\"command\": [\"sh\", \"-c\", \"echo here; test -e \\\"$GATE\\\" || sleep 60\"]"
        let flow = "{\"START\": \"wait\", \"wait\": \(step), \"env\": {\"GATE\": \"\(gate)\"}}}"
        try folder.write("{\"name\": \"slow\", \"flow\": \(flow)}", to: "slow.json")
        let first = try start("run", folder.path + "/slow.json")
        #expect(first.shows("    here"))
        first.send(signal)
        #expect(first.end() == (signal == SIGINT ? 130 : -SIGKILL))
        try folder.write("", to: "gate")
        let second = try start("resume", "last")
        #expect(second.end() == 0)
        #expect(second.text.contains("    here"))
        #expect(second.text.contains("was interrupted; its outcome is unknown."))
    }

    @Test("A store that cannot be opened is the service's failure")
    func tellsStoreFailures() throws {
        let session = try TerminalSession(["list"], store: "/proc/nowhere/runs.db")
        #expect(session.end() == 5)
        #expect(session.text.contains("fermata: "))
    }

    @Test("A decision from another terminal reaches a run under way, and who asked stops asking")
    func decidesFromElsewhere() throws {
        let session = try start("run", folder.path + "/ship.json", "--run-id", "mine")
        #expect(session.shows("[y]es / [n]o: "))
        let approval = try start("approve", "mine", "--message", "good")
        #expect(approval.end() == 0)
        #expect(session.shows("JSON> "))
        #expect(session.text.contains("approved by ada: good"))
        let cancel = try start("cancel", "mine", "--reason", "enough")
        #expect(cancel.end() == 0)
        #expect(session.end() == 4)
        #expect(session.text.contains("cancelled") && session.text.contains("enough"))
    }

    @Test("Commands that are not allowed are not run, and nothing hangs")
    func refusesCommands() throws {
        let session = try start("run", folder.path + "/ship.json", "--no-commands")
        #expect([1, 2, 3].contains(session.end()))
        #expect(!session.text.contains("    built"))
    }

    @Test("An invalid workflow is told with its places, and a slip with the nearest right word")
    func refuses() throws {
        try folder.write(
            "{\"name\": \"x\", \"flow\": {\"START\": \"biuld\", \"build\": {\"set\": {}}}}", to: "bad.json")
        for word in ["validate", "run"] {
            let session = try start(word, folder.path + "/bad.json")
            #expect(session.end() == 2)
            #expect(session.text.contains("/flow/START"))
        }
        let slip = try start("lits")
        #expect(slip.end() == 2)
        #expect(slip.text.contains("Did you mean \"list\"?"))
    }

    @Test("A file that nests too deep to be sent is refused, and nothing waits for an answer")
    func tooDeep() throws {
        let depth = 511
        let nest = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        try folder.write("{\"name\": \"x\", \"flow\": \(nest)}", to: "deep.json")
        let session = try start("validate", folder.path + "/deep.json")
        #expect(session.end() != 0)
        #expect(session.text.contains("512"))
    }
}
