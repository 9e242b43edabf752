import Glibc
import JSON
import Testing

@Suite("run/export and run/import carry a run from store to store")
struct ExportTests {
    private let folder: Folder
    private let elsewhere: Folder

    init() throws {
        (folder, elsewhere) = (try Folder(), try Folder())
    }

    private static let document = workflow(
        "carried",
        [
            "first": ["call": "work", "next": "gate"], "gate": ["approval": ["message": "Go on?"], "next": "last"],
            "last": ["call": "work"],
        ])

    /// The run `r`, which waits for a person.
    private func client() throws -> Client {
        let client = try Client(in: folder)
        try client.initialize()
        client.perform = { _ in "one" }
        try client.call("run/create", started("r", Self.document, ["labels": ["team": "red"], "input": "é\n"]))
        _ = try client.notification("execution/approvalRequested", of: "r")
        return client
    }

    @Test("A run goes on elsewhere, from a file that only its owner may read")
    func file() throws {
        let first = try client()
        let path = folder["r.fermata"]
        try folder.write(#"{"kind":"header","format":"fermata.export","version":1}"#, to: "r.fermata")
        let answer = try first.call("run/export", ["runId": "r", "path": .string(path)])
        #expect(answer["runs"] == 1)
        #expect(mode(of: path) == 0o600)
        #expect(answer["bytes"]?.int == folder.text(of: "r.fermata")?.utf8.count)
        try first.call("run/cancel", ["runId": "r"])

        let second = try Client(in: elsewhere)
        try second.initialize(["namespace": "theirs"])
        let moved = try second.call("run/import", ["path": .string(path)])
        #expect(moved["runId"] == "r")
        #expect(moved["status"] == "awaiting")
        let run = try second.call("run/get", ["runId": "r"])
        #expect(run["namespace"] == "theirs")
        #expect(run["labels"] == ["team": "red"])
        #expect(run["input"] == "é\n")
        let question = try #require(try second.call("execution/interactions")["interactions"]?[0])
        try second.decide(question)
        try second.execution(of: "last").succeed("done")
        #expect(try second.runResult(of: "r")["output"] == "done")
        #expect(second.performed == ["last"])
        #expect(try second.steps(of: "r")["first"]?["output"] == "one")
        let types = try second.events(of: "r").map { $0["type"]?.string ?? "" }
        #expect(types.contains("run/imported"))
        #expect(second.journalled(of: "r").first?["method"] == "run/imported")
        #expect(try second.kind("run/import", ["path": .string(path)]) == "run.exists")
    }

    @Test("What is no file is refused, and nobody waits for a pipe that nobody writes to")
    func noFile() throws {
        let client = try client()
        #expect(mkfifo(folder["pipe"], 0o600) == 0)
        for path in [folder["pipe"], "/dev/zero", folder.path] {
            let answer = try client.answer(to: client.request("run/import", ["path": .string(path), "runId": "x"]))
            #expect(answer["error"]?["code"] == -32602, "\(answer)")
            #expect(answer["error"]?["data"]?["pointer"] == "/path")
        }
    }

    @Test("The answer holds the file where no path is given, and another id makes another run")
    func inPlace() throws {
        let client = try client()
        let document = try #require(try client.call("run/export", ["runId": "r"])["document"])
        #expect(try client.call("run/import", ["document": document, "runId": "copy"])["status"] == "awaiting")
        let open = try client.call("execution/interactions")["interactions"]?.array ?? []
        #expect(open.map { $0["runId"] } == ["r", "copy"])
        try client.decide(open[1])
        #expect(try client.runResult(of: "copy")["status"] == "completed")
        #expect(try client.call("run/get", ["runId": "r"])["status"] == "awaiting")
    }

    @Test("A flipped byte is refused with its line and place, and nothing is added")
    func flipped() throws {
        let client = try client()
        let document = try #require(try client.call("run/export", ["runId": "r"])["document"]?.string)
        let place = try #require(document.utf8.firstRange(of: Array("Go on?".utf8))?.lowerBound)
        let offset = document.utf8.distance(from: document.startIndex, to: place)
        var bytes = Array(document.utf8)
        bytes[offset] = UInt8(ascii: "N")
        let before = bytes[..<offset]
        let start = (before.lastIndex(of: 0x0A) ?? -1) + 1
        let error = try client.refusal(
            "run/import", ["document": .string(String(decoding: bytes, as: UTF8.self)), "runId": "copy"])
        #expect(error["data"]?["kind"] == "export.corrupt")
        #expect(error["data"]?["line"]?.int == before.count { $0 == 0x0A } + 1)
        #expect(error["data"]?["byte"]?.int == start)
        #expect(try client.kind("run/get", ["runId": "copy"]) == "run.notFound")
    }

    @Test("What cannot be read or written is refused with what is wrong")
    func refusals() throws {
        let client = try client()
        for (method, params, pointer) in [
            ("run/export", ["runId": "r", "path": .string(folder["none/x"])], "/path"),
            ("run/import", ["path": .string(folder["none"])], "/path"), ("run/import", [:], "/path"),
            ("run/import", ["path": "x", "document": "y"], "/document"),
            ("run/import", ["document": "x", "runId": ""], "/runId"),
        ] as [(String, JSONValue, String)] {
            let error = try client.refusal(method, params)
            #expect(error["code"] == -32602, "\(params)")
            #expect(error["data"]?["pointer"]?.string == pointer, "\(params)")
        }
        #expect(try client.kind("run/export", ["runId": "none"]) == "run.notFound")
        #expect(try client.kind("run/import", ["document": ""]) == "export.corrupt")
    }

    @Test("An export takes the place of an earlier one, and of nothing else")
    func replaced() throws {
        let client = try client()
        let error = try client.refusal("run/export", ["runId": "r", "path": .string(folder.store)])
        #expect(error["code"] == -32602)
        #expect(try client.call("run/get", ["runId": "r"])["status"] == "awaiting")
    }

    @Test("fermata export and import do the same, over a pipe too")
    func commands() throws {
        let client = try client()
        client.closeInput()
        try client.waitForExit()
        let path = folder["file"]
        let written = try CommandLineRun(["export", "r", "--output", path], in: folder, after: "umask 0")
        #expect(written.output == "Wrote the run to \(path).\n")
        #expect(mode(of: path) == 0o600)
        let printed = try CommandLineRun(["export", "r"], in: folder)
        #expect(printed.output.split(separator: "\n").count == folder.text(of: "file")?.split(separator: "\n").count)
        let taken = try CommandLineRun(["import", path], in: elsewhere)
        #expect(taken.exitCode == 0)
        #expect(taken.output.contains("r  awaiting"), "\(taken)")
        #expect(taken.output.contains("fermata resume r"))
        #expect(try CommandLineRun(["import", path], in: elsewhere).exitCode == 2)
        #expect(try CommandLineRun(["import", path, "--run-id", "other"], in: elsewhere).exitCode == 0)
    }
}

/// The permission bits of a file; nil when there is none.
func mode(of path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
}
