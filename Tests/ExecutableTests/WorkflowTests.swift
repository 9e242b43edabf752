import JSON
import Testing

@Suite("Workflows, as the service keeps them")
struct WorkflowTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize()
    }

    private func version(_ output: String) -> JSONValue {
        workflow("flows", ["one": ["set": [:]]], ["output": .string(output)])
    }

    @Test("A run keeps the version it was created with, whatever is registered or taken back later")
    func versions() throws {
        let old = try client.call("workflow/register", ["document": version("old")])
        try client.call("run/create", created("pending", "flows"))
        let new = try client.call("workflow/register", ["document": version("new")])
        #expect(old["version"] != new["version"])
        try client.call("run/create", started("newest", "flows"))
        try client.call("run/create", started("older", "flows", ["version": old["version"] ?? nil]))
        try client.call("workflow/unregister", ["name": "flows"])
        try client.call("run/start", ["runId": "pending"])
        let outputs = try ["pending", "newest", "older"].map { try client.runResult(of: $0)["output"] }
        #expect(outputs == ["old", "new", "old"])
        #expect(try client.call("workflow/list")["workflows"] == [])
    }

    @Test("A workflow is found in its namespace alone, and after a restart")
    func kept() throws {
        try client.call("workflow/register", ["document": version("it")])
        let other = try Client(in: folder)
        try other.initialize(["namespace": "other"])
        #expect(try other.kind("workflow/get", ["name": "flows"]) == "workflow.notFound")
        client.kill(with: 9)
        try client.waitForExit()
        let second = try Client(in: folder)
        try second.initialize()
        #expect(try second.call("workflow/get", ["name": "flows"])["document"] == version("it"))
    }

    /// What is wrong with a document, and where that is told.
    static let mistakes: [(JSONValue, String)] = [
        (nil, ""), ([], ""), ([:], ""), (["name": "w"], ""), (["name": 1, "flow": [:]], "/name"),
        (["name": "w", "flow": [:]], "/flow"),
        (["name": "w", "flow": ["START": "gone"]], "/flow/START"),
        (["name": "w", "flow": ["START": "a", "a": [:]]], "/flow/a"),
        (["name": "w", "flow": ["START": "a", "a": ["call": "x", "command": ["y"]]]], "/flow/a"),
        (["name": "w", "flow": ["START": "a", "a": ["command": []]]], "/flow/a/command"),
        (["name": "w", "flow": ["START": "a", "a": ["set": ["b": "${1 +}"]]]], "/flow/a/set/b"),
        (
            ["name": "w", "flow": ["START": "a", "a": ["set": [:], "next": [["when": "(", "to": "END"]]]]],
            "/flow/a/next/0/when"
        ),
        (["name": "w", "flow": ["START": "a", "a": ["set": [:], "next": "a"]]], "/flow/a"),
        (["name": "w", "flow": ["START": "a", "a": ["set": [:], "timeoutMs": -1]]], "/flow/a/timeoutMs"),
        (["name": "w", "flow": ["START": "a", "a": ["wait": ["durationMs": "soon"]]]], "/flow/a/wait/durationMs"),
        (["name": "w", "flow": ["START": "a", "a": ["agent": "nobody", "prompt": "p"]]], "/flow/a/agent"),
        (
            ["name": "w", "flow": ["START": "a", "a": ["input": ["prompt": "p", "schema": ["type": "colour"]]]]],
            "/flow/a/input/schema"
        ),
        (["name": "w", "input": ["type": 7], "flow": ["START": "a", "a": ["set": [:]]]], "/input"),
    ]

    @Test("Validation doubts a call whose handler nobody hosts, and whatever it doubts is valid")
    func unhosted() throws {
        let document: JSONValue = ["name": "w", "flow": ["START": "a", "a": ["call": "git/clnoe"]]]
        #expect(try client.call("workflow/validate", ["document": document]) == ["valid": true, "problems": []])
        let host = try Client(in: folder)
        try host.initialize(handlers: ["git/clone"])
        let result = try host.call("workflow/validate", ["document": document])
        #expect(result["valid"] == true)
        #expect(result["problems"]?.array?.count == 1)
        #expect(result["problems"]?[0]?["pointer"] == "/flow/a/call")
        #expect(result["problems"]?[0]?["kind"] == "step.handlerMissing")
        #expect(result["problems"]?[0]?["severity"] == "warning")
        #expect(result["problems"]?[0]?["hint"] == "Did you mean \"git/clone\"?")
    }

    @Test("Validation points at what is wrong, and registering refuses with the same problems")
    func validation() throws {
        for (document, pointer) in Self.mistakes {
            let result = try client.call("workflow/validate", ["document": document])
            let pointers = result["problems"]?.array?.compactMap { $0["pointer"]?.string } ?? []
            #expect(result["valid"] == false, "\(document)")
            #expect(pointers.contains { $0.hasPrefix(pointer) }, "\(document) told at \(pointers), not at \(pointer)")
            guard document != nil else { continue }
            let error = try client.refusal("workflow/register", ["document": document])
            #expect(error["data"]?["kind"] == "workflow.invalid")
            #expect(error["data"]?["problems"] == result["problems"])
        }
    }
}
