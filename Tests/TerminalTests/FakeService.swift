import CSystem
import Contract
import Glibc
import JSON
import RPC
import Synchronization
import Testing

@testable import Terminal

/// A service that answers as a test says, and remembers what it was asked.
final class FakeService: Sendable {
    /// What a request comes to: its answer, and the notifications that follow it.
    struct Reaction: Sendable {
        var answer: Result<JSONValue, RPCError> = .success([:])
        var notifications: [JSONValue] = []
    }

    /// What commands may say, as the project describes it.
    private static let schemas: MessageSchemas = {
        let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        guard let text = try? File.text(root + "/protocol/openrpc.json"), let document = try? JSONValue(parsing: text),
            let schemas = try? MessageSchemas(document)
        else { fatalError("There is no protocol/openrpc.json; write it with: fermata schema --output .") }
        return schemas
    }()

    private let requests = Mutex<[(method: String, params: JSONValue)]>([])
    private let react: @Sendable (_ method: String, _ params: JSONValue) -> Reaction?

    /// Where `react` has nothing to say, the answer is an empty object.
    init(_ react: @escaping @Sendable (_ method: String, _ params: JSONValue) -> Reaction?) { self.react = react }

    func params(of method: String) -> [JSONValue] {
        requests.withLock { $0.filter { $0.method == method }.map(\.params) }
    }

    var entry: ServiceEntry {
        { _, input, output in
            var pending: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(input, &buffer, buffer.count)
                guard count > 0 else { return 0 }
                pending += buffer[..<count]
                while let end = pending.firstIndex(of: 0x0A) {
                    guard let message = try? JSONValue(parsing: Array(pending[..<end])) else { return 1 }
                    pending.removeSubrange(...end)
                    if message["method"]?.string == "exit" { return 0 }
                    self.answer(message, on: output)
                }
            }
        }
    }

    private func answer(_ message: JSONValue, on output: Int32) {
        guard let id = message["id"], let method = message["method"]?.string else { return }
        let params = message["params"] ?? [:]
        requests.withLock { $0.append((method, params)) }
        let violations = Self.schemas[method]?.params.validate(params)
        if violations != [] { Issue.record("\(method) is described otherwise: \(params)") }
        let reaction = react(method, params) ?? Reaction()
        var answer: JSONObject = ["jsonrpc": "2.0", "id": id]
        switch reaction.answer {
        case .success(let result): answer["result"] = result
        case .failure(let error):
            answer["error"] = ["code": .number(JSONNumber(error.code)), "message": .string(error.message)]
            if let data = error.data {
                answer["error"] = [
                    "code": .number(JSONNumber(error.code)), "message": .string(error.message), "data": data,
                ]
            }
        }
        let texts = ([.object(answer)] + reaction.notifications).map { $0.serialized() + "\n" }
        var text = texts.joined()
        text.withUTF8 { _ = write(output, $0.baseAddress, $0.count) }
    }

    static func notification(_ method: String, _ params: JSONObject) -> JSONValue {
        var params = params
        params["runId"] = "run-1"
        params["at"] = params["at"] ?? "2026-11-21T02:15:33.120Z"
        return ["jsonrpc": "2.0", "method": .string(method), "params": .object(params)]
    }
}

extension StoreCare {
    /// There is no store to care for.
    static let absent = StoreCare(
        examine: { _, _ throws(Complaint) in throw .service("There is no store.") },
        backup: { _, _ throws(Complaint) in throw .service("There is no store.") })
}

/// A command on a stage: what it wrote, and how it ended.
struct Performance {
    var exitCode: ExitCode
    var output: String
    var errors: String

    /// `typed` lines are typed at a terminal; without them there is none. `isInterrupted` presses Ctrl-C once.
    static func of(
        _ words: [String], on service: FakeService, typed: [String]? = nil, isInterrupted: Bool = false,
        care: StoreCare = .absent
    ) throws -> Performance {
        var (output, errors, interrupts): ([Int32], [Int32], [Int32]) = ([0, 0], [0, 0], [0, 0])
        for result in [fermata_pipe(&output), fermata_pipe(&errors), fermata_pipe(&interrupts)] where result != 0 {
            throw Complaint.service("There are no descriptors left.")
        }
        var keyboard: (master: Int32, slave: Int32) = (-1, open("/dev/null", O_RDONLY | O_CLOEXEC))
        if let typed {
            close(keyboard.slave)
            guard openpty(&keyboard.master, &keyboard.slave, nil, nil, nil) == 0 else {
                throw Complaint.service("There is no terminal.")
            }
            for line in typed { send(line + "\n", to: keyboard.master) }
        }
        if isInterrupted { send("x", to: interrupts[1]) }
        let screen = Screen(
            input: keyboard.slave, output: output[1], errors: errors[1], isPlain: true, canAsk: typed != nil)
        let program = Program(
            version: "1.2.3", user: "ada", screen: screen, interrupts: interrupts[0],
            care: care, entry: service.entry)
        let exitCode: ExitCode
        do {
            guard case .command(let spec, let arguments) = try Program.invocation(words) else {
                throw Complaint.usage("\(words) serves.")
            }
            exitCode = program.perform(spec, arguments)
        } catch {
            let complaint = error as? Complaint
            exitCode = complaint?.exitCode ?? .service
            if let complaint { screen.report(complaint) }
        }
        for descriptor in [output[1], errors[1], interrupts[0], interrupts[1], keyboard.slave] { close(descriptor) }
        if keyboard.master >= 0 { close(keyboard.master) }
        return Performance(exitCode: exitCode, output: drain(output[0]), errors: drain(errors[0]))
    }

    private static func send(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { _ = write(descriptor, $0.baseAddress, $0.count) }
    }

    private static func drain(_ descriptor: Int32) -> String {
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}
