import Glibc
import JSON
import Testing

@Suite("What is great is stored once")
struct BlobTests {
    private let folder: Folder
    private static let megabyte = String(repeating: "0123456789abcdef", count: 1 << 16)

    init() throws { folder = try Folder() }

    /// Each step gets what the one before gave, and gives it on.
    private static let chain: JSONValue = {
        var steps: JSONObject = ["START": "a"]
        let names = ["a", "b", "c", "d", "e"]
        for (index, name) in names.enumerated() {
            var step: JSONObject = ["call": "work", "set": ["last": "${result.text}"]]
            if index > 0 { step["with"] = ["text": .string("${steps.\(names[index - 1]).result.text}")] }
            if index + 1 < names.count { step["next"] = .string(names[index + 1]) }
            steps[name] = .object(step)
        }
        return ["name": "chain", "flow": .object(steps)]
    }()

    private func run(_ id: String, in client: Client) throws {
        client.perform = { params in ["text": params["input"]?["text"] ?? .string(Self.megabyte)] }
        try client.call("run/create", started(id, Self.chain))
        #expect(try client.runResult(of: id)["status"] == "completed")
    }

    /// The bytes of the database, all of it in its own file.
    private func size() throws -> Int {
        let copy = folder["copy.db"]
        unlink(copy)
        _ = try CommandLineRun(["backup", copy], in: folder)
        var status = stat()
        return stat(copy, &status) == 0 ? Int(status.st_size) : -1
    }

    @Test("A megabyte that passes through five steps, two runs and a fork takes one, and goes with the last of them")
    func once() throws {
        let client = try Client(in: folder)
        try client.initialize()
        for id in ["r", "s"] { try run(id, in: client) }
        try client.call("run/fork", ["runId": "r", "fromStep": "c", "newRunId": "f"])
        #expect((1_050_000..<1_500_000).contains(try size()))
        let steps = try client.steps(of: "f")
        #expect(steps["b"]?["output"]?["text"]?.string == Self.megabyte)
        #expect(try client.call("run/get", ["runId": "s"])["output"]?["text"]?.string == Self.megabyte)

        let path = folder["r.fermata"]
        #expect(try client.call("run/export", ["runId": "r", "path": .string(path)])["bytes"]?.int ?? 0 < 1_200_000)
        for id in ["r", "s"] { try client.call("run/delete", ["runId": .string(id)]) }
        #expect(try client.steps(of: "f")["b"]?["output"]?["text"]?.string == Self.megabyte)
        #expect(try CommandLineRun(["doctor"], in: folder).exitCode == 0)
        try client.call("run/delete", ["runId": "f"])
        let report = try CommandLineRun(["doctor"], in: folder)
        #expect(report.exitCode == 0, "\(report)")

        try client.call("run/import", ["path": .string(path)])
        #expect(try client.steps(of: "r")["e"]?["output"]?["text"]?.string == Self.megabyte)
        #expect(try client.call("run/state", ["runId": "r"])["state"]?["last"]?.string == Self.megabyte)
    }
}
