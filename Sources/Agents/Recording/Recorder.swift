import Glibc
import JSON
import Synchronization
import WorkflowModel

/// Writes exchanges to a file, a line each, in the order in which they end. Safe from any thread.
///
/// A model's request holds all that was said before. So that the file grows as the conversation does, a line goes on
/// `after` the request that it adds messages to, by that one's `id`.
final class Recorder: Sendable {
    private struct State: Sendable {
        /// Nil until the first exchange.
        var file: Result<Int32, Failure>?
        /// The requests of this file that others may go on from.
        var known: Set<String> = []
    }

    private let path: String
    private let state = Mutex(State())

    /// A file that is there is added to.
    init(path: String) { self.path = path }

    deinit {
        if case .success(let file)? = state.withLock({ $0.file }) { close(file) }
    }

    /// Opens the file where it is not open yet.
    func open() throws(Failure) {
        _ = try state.withLock { state throws(Failure) in try Self.file(&state, path) }
    }

    /// `place` is the path of the step, for the reader.
    func write(_ exchange: Exchange, at place: String) throws(Failure) {
        try state.withLock { state throws(Failure) in
            let file = try Self.file(&state, path)
            var line: JSONObject = ["path": .string(place)]
            for (name, value) in Self.request(exchange.request, &state.known) { line[name] = value }
            for (name, value) in exchange.json { line[name] = value }
            var bytes = Array(JSONValue.object(line).serialized().utf8)
            bytes.append(UInt8(ascii: "\n"))
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw Self.failure("cannot be written", path) }
                rest = rest.dropFirst(count)
            }
        }
    }

    private static func file(_ state: inout State, _ path: String) throws(Failure) -> Int32 {
        if let file = state.file { return try file.get() }
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        let file: Result<Int32, Failure> =
            descriptor < 0 ? .failure(failure("cannot be opened", path)) : .success(descriptor)
        state.file = file
        return try file.get()
    }

    private static func failure(_ complaint: String, _ path: String) -> Failure {
        .recording("\(path) \(complaint): \(String(cString: strerror(errno)))")
    }

    /// The request in full, or what it adds to one that is in the file.
    private static func request(_ request: JSONValue, _ known: inout Set<String>) -> JSONObject {
        guard let model = request["model"]?.object, let messages = model["messages"]?.array else {
            return ["request": request]
        }
        let id = Recording.id(of: model)
        defer { known.insert(id) }
        // What was asked in the turn before: all that stands before the model's last answer.
        if let count = messages.lastIndex(where: { $0["role"] == "assistant" }) {
            var earlier = model
            earlier["messages"] = .array(Array(messages[..<count]))
            let before = Recording.id(of: earlier)
            if known.contains(before) {
                let added: JSONObject = ["after": .string(before), "messages": .array(Array(messages[count...]))]
                return ["id": .string(id), "request": ["model": .object(added)]]
            }
        }
        return ["id": .string(id), "request": request]
    }
}
