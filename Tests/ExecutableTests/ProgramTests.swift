import Glibc
import JSON
import Testing

@Suite("Programs over the pipes")
struct ProgramTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.hostPrograms("deploy")
    }

    /// Starts the run `r` of the program, and gives its call.
    private func begin(_ more: JSONObject = [:]) throws -> Program {
        try client.call("run/create", started("r", "deploy", more))
        return try client.program()
    }

    @Test("A program's steps are recorded, its output is the run's, and it is told like any run")
    func happyPath() throws {
        let program = try begin(["input": ["branch": "main"]])
        #expect(program.params["runId"] == "r")
        #expect(program.params["workflow"] == "deploy")
        #expect(program.params["input"] == ["branch": "main"])
        try program.step("build", ["input": 5]) { attempt, key in
            #expect(attempt == 1)
            #expect(key == "r:build")
            return ["image": "app"]
        }
        #expect(try program.perform("greet", ["command": ["echo", "hi"]])["stdout"] == "hi\n")
        try program.end(["done": true])
        let result = try client.runResult(of: "r")
        #expect(result["status"] == "completed")
        #expect(result["output"] == ["done": true])
        let steps = try client.steps(of: "r")
        #expect(steps.keys.sorted() == ["build", "greet"])
        #expect(steps["build"]?["kind"] == "step")
        #expect(steps["build"]?["input"] == 5)
        #expect(steps["greet"]?["kind"] == "command")
        #expect(try client.decisions(of: "r").isEmpty)
        #expect(try client.call("run/get", ["runId": "r"])["progress"]?["current"] == 2)
        try client.checkTold(of: "r")
    }
}
