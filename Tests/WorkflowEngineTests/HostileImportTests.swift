import JSON
import Testing
import WorkflowCore
import WorkflowEngine
import WorkflowModel
import WorkflowStore

@Suite("A file whose hashes are right may still say anything")
struct HostileImportTests {
    private static let each: JSONValue = [
        "forEach": [
            "in": ["x", "y", "z"], "key": "${item}", "dependsOn": "${item == 'z' ? ['x'] : []}",
            "do": ["call": "work", "retry": ["attempts": 3, "delayMs": 10], "compensate": ["call": "work"]],
        ]
    ]
    private static let flow: JSONValue = [
        "START": "all",
        "all": [
            "parallel": [
                "each": each, "gate": ["approval": ["message": "Go?"]], "sub": ["workflow": "other"],
                "rest": ["wait": [["durationMs": 1000], ["signal": "go"]]],
            ]
        ],
    ]

    /// An export of a run with a bit of everything, its child beside it.
    private static func export() throws -> RunExport {
        let bench = World().engine()
        try bench.ask { engine throws(EngineError) in _ = try engine.register(["name": "other", "flow": one]) }
        try bench.start(flow, options: ["timeout": ["ms": 60_000]])
        bench.fail("r/all[each][0]")
        bench.succeed("r/all[each][1]", "y")
        try bench.perform(.signal(Signal(name: "early", payload: 1, idempotencyKey: "k")))
        return try bench.ask { engine throws(EngineError) in try engine.export("r") }
    }

    @Test("Whatever an event says, the file is refused or the run goes on, and the engine lives", arguments: 0..<8)
    func mutated(lane: UInt64) throws {
        let export = try Self.export()
        var random = Xorshift(state: 0x9E37_79B9_7F4A_7C15 &* (lane + 1))
        for _ in 0..<150 {
            var file = export
            for _ in 0...random.number(below: 2) {
                let entry = random.number(below: file.parts[0].entries.count)
                let text = file.parts[0].entries[entry].events
                var events = try JSONValue(parsing: text)
                events.mutate(&random)
                file.parts[0].entries[entry].events = Array(events.serialized().utf8)
            }
            try attempt(file)
        }
    }

    @Test("Whatever order the events have, too", arguments: 0..<4)
    func shuffled(lane: UInt64) throws {
        let export = try Self.export()
        var random = Xorshift(state: 0xD1B5_4A32_D192_ED03 &* (lane + 1))
        let events = try export.parts[0].entries.flatMap { try JSONValue(parsing: $0.events).array ?? [] }
        for _ in 0..<100 {
            var others = events
            for _ in 0...random.number(below: 4) {
                let (place, other) = (random.number(below: others.count), random.number(below: others.count))
                switch random.number(below: 3) {
                case 0: others.swapAt(place, other)
                case 1: others.insert(others[place], at: other)
                default: if others.count > 1 { others.remove(at: place) }
                }
            }
            var file = export
            var entry = file.parts[0].entries[0]
            entry.events = Array(JSONValue.array(others).serialized().utf8)
            file.parts[0].entries = [entry]
            try attempt(file)
        }
    }

    /// Adds it, and has everything happen to it that can.
    private func attempt(_ file: RunExport) throws {
        let world = World()
        let bench = world.engine()
        let request = ImportRequest(file)
        guard (try? bench.ask { engine throws(EngineError) in try engine.importRun(request) }) != nil else { return }
        for place in bench.bodies.placesUnderWay { bench.succeed(place, "done") }
        for question in try bench.journal.interactions(namespace: nil, run: nil) {
            _ = try? bench.perform(approval(question.id), on: "r")
        }
        for _ in 0..<3 {
            world.pass(1000)
            for place in bench.bodies.placesUnderWay { bench.succeed(place, "done") }
        }
        let fork = ForkRequest(source: "r", place: .seq(1))
        _ = try? bench.ask { engine throws(EngineError) in try engine.fork(fork) }
        for command in [.pause, .resume, .cancel(reason: nil), .cancel(reason: nil), .retry(executionID: "e")]
            as [Command]
        {
            _ = try? bench.perform(command, on: "r")
        }
        // What the journal has can be read again, and has no gap.
        _ = try bench.run("r")
        _ = try bench.types("r")
    }
}

/// Numbers that follow from a seed.
private struct Xorshift {
    var state: UInt64

    mutating func number(below bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(max(bound, 1)))
    }
}

extension JSONValue {
    private static let strangers: [JSONValue] = [
        nil, true, -1, 0, 1, 2_147_483_647, 2_147_483_648, 9_223_372_036_854_775_807, 1e300, "", "r", "each", "each[9]",
        "END", "completed", "in-progress", "2026-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z", [], [[]], [nil], [:],
    ]

    /// Something in it is another.
    fileprivate mutating func mutate(_ random: inout Xorshift) {
        switch self {
        case .array(var elements) where !elements.isEmpty && random.number(below: 12) > 0:
            elements[random.number(below: elements.count)].mutate(&random)
            self = .array(elements)
        case .object(var members) where !members.isEmpty && random.number(below: 12) > 0:
            let key = Array(members.keys)[random.number(below: members.count)]
            if random.number(below: 8) == 0 {
                members[key] = nil
            } else {
                var value = members[key] ?? .null
                value.mutate(&random)
                members[key] = value
            }
            self = .object(members)
        default: self = Self.strangers[random.number(below: Self.strangers.count)]
        }
    }
}
