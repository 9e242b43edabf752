import FermataKit
import Glibc
import Synchronization
import Testing

// 15 lines there.
private struct Order: Codable { var repo: String }

private func buildAndDeploy() throws -> Flow {
    let repo: JSON = ["type": "object", "required": ["repo"], "properties": ["repo": ["type": "string"]]]
    return try Flow(
        "BuildAndDeploy", description: "Build, test, deploy", input: repo, state: ["artifact": nil],
        output: "${state.artifact}"
    ) {
        Step.call("Clone") { (order: Order, _) in "/src/" + order.repo }
        Step.call("Build") { "out.tar" }.set(["artifact": "${result}"])
        Step.call("Test") {}
        Step.call("Deploy") {}
    }
}
// That far.

@Suite("Flows that run in this process")
struct BuildAndDeployTests {
    @Test("BuildAndDeploy runs, and leaves its artifact")
    func runs() async throws {
        let fermata = Fermata(store: .memory)
        let result = try await buildAndDeploy().run(["repo": "acme/app"], as: String.self, on: fermata).start().result
        #expect(result == "out.tar")
    }

    @Test("Its document is the one that a workflow's author would write")
    func document() throws {
        #expect(
            try buildAndDeploy().document.description
                == #"{"name":"BuildAndDeploy","description":"Build, test, deploy","#
                + #""input":{"type":"object","required":["repo"],"properties":{"repo":{"type":"string"}}},"#
                + #""state":{"artifact":null},"output":"${state.artifact}","flow":{"START":"Clone","#
                + #""Clone":{"call":"BuildAndDeploy/Clone","with":"${input}","next":"Build"},"#
                + #""Build":{"call":"BuildAndDeploy/Build","set":{"artifact":"${result}"},"next":"Test"},"#
                + #""Test":{"call":"BuildAndDeploy/Test","next":"Deploy"},"#
                + #""Deploy":{"call":"BuildAndDeploy/Deploy","next":"END"}}}"#)
    }

    @Test("The gate and the parallel builds of the seeds")
    func gate() async throws {
        let flow = try Flow("release") {
            Step.parallel("Build") {
                Step.call("BuildLinux") { "linux" }
                Step.call("BuildMac") { "mac" }
                Branch("Windows") {
                    Step.call("Lease") { 3 }
                    Step.call("BuildWin", with: "${result}") { (machine: Int, _) in "windows \(machine)" }
                }
            }
            Step.approval("Deploy", "Release?", policy: ApprovalPolicy(approvers: ["ops-lead"]))
            Step.call("Release", with: "${steps.Build.result}") { (built: [String: String], _) in built.values.sorted()
            }
        }
        let options = RunOptions<[String]>(onApprovalRequested: { request in
            #expect(request.approvers == ["ops-lead"])
            return .approved(by: "ops-lead")
        })
        let result = try await flow.run(as: [String].self, options: options, on: Fermata(store: .memory)).start().result
        #expect(result == ["linux", "mac", "windows 3"])
    }

    @Test("A body that throws fails its attempt, and is tried again")
    func retry() async throws {
        let attempts = Mutex(0)
        let flow = try Flow("retry") {
            Step.call("flaky") {
                let attempt = attempts.withLock { count in
                    count += 1
                    return count
                }
                if attempt < 3 { throw WorkflowFailure(kind: "test.early", message: "Not yet.") }
                return attempt
            }
            .retry(Retry(attempts: 3))
        }
        #expect(try await flow.run(as: Int.self, on: Fermata(store: .memory)).start().result == 3)
    }

    @Test("A run that was cut off goes on where its flow is hosted, and does no recorded step again")
    func hosting() async throws {
        let path = "/tmp/fermata-flow-\(getpid())-\(UInt64.random(in: 0 ... .max)).db"
        defer { for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) } }
        let (begun, isBegun) = AsyncStream.makeStream(of: String.self)
        func flow(_ body: @escaping @Sendable () async throws -> Void) throws -> Flow {
            try Flow("hosted") {
                Step.call("first") { isBegun.yield("first") }
                Step.call("second", body)
            }
        }
        var steps = begun.makeAsyncIterator()
        let before = Fermata(store: .file(path))
        let cutOff = try flow {
            isBegun.yield("second")
            // Until it is cut off.
            try await Task.sleep(for: .seconds(3600))
        }
        _ = try await cutOff.run(as: JSON.self, on: before).start()
        #expect(await steps.next() == "first")
        #expect(await steps.next() == "second")
        await before.close()

        let after = Fermata(store: .file(path), flows: [try flow { isBegun.yield("second again") }])
        #expect(await steps.next() == "second again")
        await after.close()
    }

    @Test("A body that is given something else says so")
    func wrongInput() async throws {
        let flow = try Flow("wrong") { Step.call("count") { (count: Int, _) in count } }
        let error = await #expect(throws: WorkflowFailure.self) {
            try await flow.run("seven", as: Int.self, on: Fermata(store: .memory)).start().result
        }
        #expect(error?.kind == "input.invalid")
        #expect(
            error?.message
                == "What the step \"count\" is given is no Int: Here stands a string, where an integer is expected.")
    }

    @Test("A document without bodies runs too, and leaves any JSON")
    func documents() async throws {
        let flow = try Flow(
            document: ["name": "sum", "flow": ["START": "a", "a": ["set": ["n": 3]]], "output": "${state}"])
        let result = try await flow.run(as: JSON.self, on: Fermata(store: .memory)).start().result
        #expect(result == ["n": 3])
    }

    @Test("Two bodies of one name in a flow are refused")
    func repeatedBodies() {
        let error = #expect(throws: InvalidFlow.self) {
            try Flow("f") {
                Step.call("a") { 1 }.compensate(.call("undo") {})
                Step.parallel("p") {
                    Step.call("b") { 1 }
                    Branch("c") { Step.call("a") { 2 } }
                }
            }
        }
        #expect(error?.problems.map { "\($0.kind) \($0.pointer)" } == ["flow.duplicateStep /flow/p/parallel/c/flow/a"])
    }
}
