import JSON
import Simulator

/// What is under way while the executable is killed: runs of every kind that a crash could hurt.
struct KillLoad {
    /// A document that is registered, for it is the child of others.
    static let child = workflow(
        "leaf",
        ["a": ["call": "work", "next": "b"], "b": ["wait": ["durationMs": 15], "next": "c"], "c": command("c")])

    /// Steps that ask before they run again.
    static let careful = "careful"

    private static let documents: [JSONValue] = [
        carefully, carefully,
        workflow("chain", ["a": then("b", ["call": "work"]), "b": then("c", command("b")), "c": ["call": "work"]]),
        workflow(
            "gate",
            [
                "ask": ["approval": ["message": "Go?"], "next": "a"], "a": then("again", ["call": "work"]),
                "again": ["approval": ["message": "Again?"]],
            ]),
        workflow(
            "timers",
            [
                "nap": ["wait": ["durationMs": 20], "next": "a"], "a": then("rest", ["call": "work"]),
                "rest": ["wait": ["durationMs": 40], "next": "b"], "b": command("b"),
            ]),
        workflow(
            "branches",
            [
                "p": [
                    "parallel": [
                        "l": ["call": "work"], "m": command("p[m]"), "n": ["wait": ["durationMs": 30]],
                        "o": ["flow": ["START": "x", "x": then("y", ["call": "work"]), "y": ["call": "work"]]],
                    ], "next": "a",
                ], "a": ["call": "work"],
            ]),
        workflow(
            "items", ["each": ["forEach": ["in": [1, 2, 3, 4, 5], "maxConcurrency": 2, "do": ["call": "work"]]]]),
        workflow("retries", ["a": then("b", flaky), "b": flaky]),
        workflow("parent", ["a": then("sub", ["call": "work"]), "sub": ["workflow": "leaf", "next": "END"]]),
    ]

    private static let carefully = workflow(
        careful,
        ["a": then("b", asking(["call": "work"])), "b": then("c", asking(command("b"))), "c": ["call": "work"]])

    private static let flaky: JSONValue = ["call": "flaky", "retry": ["attempts": 100, "delayMs": 5]]

    /// A run that is asked for. Its id ends with the name of its workflow.
    struct Wish {
        let id: String
        let method: String
        let params: JSONValue
    }

    /// One more run, of any kind.
    static func run(_ number: Int, in folder: Folder, _ random: inout SeededRandom) -> Wish {
        let document = random.pick(documents)
        let id = "\(number)-\(document["name"]?.string ?? "")"
        return Wish(id: id, method: "run/create", params: started(id, document, ["cwd": .string(folder.path)]))
    }

    /// A run that goes on from the midst of another.
    static func fork(_ number: Int, of origin: String, from seq: Int) -> Wish {
        let id = "\(number)-\(origin.split(separator: "-").last ?? "")"
        let params: JSONValue = [
            "runId": .string(origin), "fromSeq": JSONValue(seq), "newRunId": .string(id), "start": true,
        ]
        return Wish(id: id, method: "run/fork", params: params)
    }

    /// A command that writes down that it ran: `RUN PATH`, a line each time.
    private static func command(_ path: String) -> JSONValue {
        ["command": ["sh", "-c", "echo \"$0\" >> \(KillLedger.commandLog); sleep 0.03", .string("${run.id} \(path)")]]
    }

    private static func then(_ next: String, _ step: JSONValue) -> JSONValue { with("next", .string(next), step) }
    private static func asking(_ step: JSONValue) -> JSONValue { with("onInterrupted", "ask", step) }

    private static func with(_ name: String, _ value: JSONValue, _ step: JSONValue) -> JSONValue {
        var members = step.object ?? [:]
        members[name] = value
        return .object(members)
    }
}
