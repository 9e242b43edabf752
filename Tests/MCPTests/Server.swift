import Glibc
import JSON
import Synchronization
import Testing
import WorkflowEngine
import WorkflowModel

@testable import MCP

/// A pool with one server, `s`, the program beside the tests.
struct Server {
    let pool: ServerPool
    let lines = Lines()

    init(_ arguments: String..., limits: ServerLimits = ServerLimits(), environment: [String: String] = [:]) throws {
        let path = try #require(Self.program)
        let configuration = ServerConfiguration(name: "s", command: [path] + arguments, environment: environment)
        var surroundings = ServerPool.Surroundings(
            servers: [configuration], directory: "/tmp", version: "1",
            log: { [lines] _, line in lines.add(line) })
        surroundings.limits = limits
        pool = ServerPool(surroundings)
    }

    /// The program stands beside the tests.
    private static var program: String? {
        var room = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &room, room.count)
        let path = String(decoding: room[..<max(count, 0)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.lastIndex(of: "/").map { path[...$0] + "mcp-test-server" }
    }

    /// Calls a tool, and waits for what becomes of it: what it reported before, then how it ended.
    func call(_ tool: String, _ arguments: JSONValue = [:], of server: String = "s") async -> [AttemptReporter.Report] {
        let (stream, sink) = AsyncStream.makeStream(of: AttemptReporter.Report.self)
        let key = AttemptKey(runID: "r", path: tool, number: 1)
        let call = ToolCall(key: key, tool: tool, arguments: arguments) { report in
            sink.yield(report)
            switch report {
            case .succeeded, .failed: sink.finish()
            default: break
            }
        }
        pool.call(call, of: server)
        var reports: [AttemptReporter.Report] = []
        for await report in stream { reports.append(report) }
        return reports
    }

    func result(_ tool: String, _ arguments: JSONValue = [:]) async -> JSONValue? {
        if case .succeeded(let value)? = await call(tool, arguments).last { value } else { nil }
    }

    func failure(_ tool: String, _ arguments: JSONValue = [:], of server: String = "s") async -> Failure? {
        if case .failed(let failure)? = await call(tool, arguments, of: server).last { failure } else { nil }
    }

    func tools() async throws -> [ListedTool] {
        try await withCheckedThrowingContinuation { continuation in
            pool.list("s") { continuation.resume(with: $0) }
        }
    }
}

/// What a server wrote to stderr.
final class Lines: Sendable {
    private let stream: AsyncStream<String>
    private let sink: AsyncStream<String>.Continuation

    init() { (stream, sink) = AsyncStream.makeStream() }

    func add(_ line: String) { sink.yield(line) }

    /// Waits for a line that holds this.
    func wait(for text: String) async {
        for await line in stream
        where line.utf8.split(separator: UInt8(ascii: " ")).contains(where: { String($0) == text }) {
            return
        }
    }
}

extension JSONValue {
    /// The text of a tool's answer.
    var said: String? { self["content"]?[0]?["text"]?.string }
}
