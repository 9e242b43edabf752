import JSON
import Testing

@Suite("A hundred items, eight at a time, performed by the client")
struct FanOutTests {
    private let folder: Folder
    private let client: Client
    private let document = workflow(
        "hundred",
        [
            "each": [
                "forEach": [
                    "in": "${input}", "as": "number", "maxConcurrency": 8,
                    "do": ["call": "work", "with": ["number": "${number}", "place": "${index}"]],
                ]
            ]
        ])

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize()
        let numbers = (0..<100).map { JSONValue($0 * 3) }
        try client.call("run/create", started("r", document, ["input": .array(numbers)]))
    }

    /// How many requests the client has been sent, everything that was caused so far included.
    private func asked() throws -> Int {
        _ = try client.call("health/check")
        return client.performed.count
    }

    @Test("Never more than eight requests are open, and the results keep the list's order")
    func eightAtATime() throws {
        var open: [Execution] = []
        for done in 0..<100 {
            while open.count + done < min(100, done + 8) { open.append(try client.execution()) }
            #expect(try asked() == min(100, done + 8))
            // Whoever came last is answered first, so that ends do not come in the order of beginnings.
            let execution = open.remove(at: done.isMultiple(of: 3) ? 0 : open.count - 1)
            try execution.succeed(.array([execution.params["input"]?["number"] ?? .null]))
        }
        let output = try client.runResult(of: "r")["output"]
        #expect(output == .array((0..<100).map { .array([JSONValue($0 * 3)]) }))
        try client.checkTold(of: "r")
        #expect(Set(client.performed).count == 100)
    }

    @Test("run/cancel calls off what is open, and nothing new is asked")
    func cancel() throws {
        let open = try (0..<8).map { _ in try client.execution() }
        for execution in open.prefix(4) { try execution.succeed(1) }
        let more = try (0..<4).map { _ in try client.execution() }
        try client.call("run/cancel", ["runId": "r"])
        var cancelled: [JSONValue] = []
        for _ in 0..<8 {
            let notification = try client.next("$/cancelRequest") { $0["method"] == "$/cancelRequest" }
            cancelled.append(notification["params"]?["id"] ?? .null)
        }
        let wanted = (open.suffix(4) + more).map(\.id)
        #expect(cancelled.count { wanted.contains($0) } == 8)
        #expect(try asked() == 12)
        #expect(try client.runResult(of: "r")["status"] == "cancelled")
        #expect(try client.steps(of: "r").values.count { $0["status"] == "cancelled" } == 9)
        try client.checkTold(of: "r")
    }

    @Test("Paused, what is open may end and nothing new is asked; resumed, the rest follows")
    func pause() throws {
        let open = try (0..<8).map { _ in try client.execution() }
        try client.call("run/pause", ["runId": "r"])
        for execution in open { try execution.succeed(0) }
        #expect(try asked() == 8)
        client.perform = { _ in 0 }
        try client.call("run/resume", ["runId": "r"])
        #expect(try client.runResult(of: "r")["output"]?.array?.count == 100)
        #expect(client.performed.count == 100)
    }

    @Test("kill -9 in the middle: what is recorded is kept, the rest is asked again")
    func crash() throws {
        let open = try (0..<8).map { _ in try client.execution() }
        for execution in open.prefix(3) { try execution.succeed("first life") }
        for _ in 0..<3 { _ = try client.notification("step/completed") }
        client.kill(with: 9)
        try client.waitForExit()
        let next = try Client(in: folder)
        next.perform = { _ in "second life" }
        try next.initialize()
        let output = try next.runResult(of: "r")["output"]?.array ?? []
        #expect(output.count == 100)
        #expect(output.prefix(3) == ["first life", "first life", "first life"])
        #expect(output.suffix(97).allSatisfy { $0 == "second life" })
        #expect(next.performed.allSatisfy { !["each[0]", "each[1]", "each[2]"].contains($0) })
        let again = try next.steps(of: "r")["each[3]"]
        #expect(again?["attempt"] == 2)
        _ = try next.events(of: "r")
    }
}
