import JSON
import RPC
import Threads
import WorkflowEngine
import WorkflowModel

extension Session {
    /// One line of the server's: a message, or a batch of them, as the revision 2025-03-26 has it.
    func receive(_ text: UnsafeRawBufferPointer, at now: Instant) {
        guard let message = try? ScannedMessage(scanning: text, maxBatch: 1000) else {
            return log(.warning, "The MCP server \"\(server)\" wrote a line that is no JSON: \(text.excerpt)")
        }
        guard case .batch(let entries) = message else { return receive(message, in: text, at: now) }
        for range in entries {
            let entry = UnsafeRawBufferPointer(rebasing: text[range])
            if let message = try? ScannedMessage(entry: entry) { receive(message, in: entry, at: now) }
        }
    }

    /// A message that is too large to be read.
    func receiveTooLarge(_ prefix: UnsafeRawBufferPointer) {
        let failure = Failure(
            kind: "payload.tooLarge",
            message: "The MCP server \"\(server)\" sent a message of more than \(limits.messageBytes) bytes.",
            isRetryable: false)
        guard case .response(.integer(let id)) = ScannedPrefix(scanning: prefix),
            let purpose = pending.removeValue(forKey: id)
        else { return log(.warning, failure.message) }
        switch purpose {
        case .call(let call): call.report(.failed(failure))
        case .page: settleList(.failure(failure))
        case .discover, .initialize, .listen: end(failure)
        }
    }

    private func receive(_ message: ScannedMessage, in text: UnsafeRawBufferPointer, at now: Instant) {
        func value(_ range: Range<Int>?) -> JSONValue {
            range.flatMap { try? JSONValue(parsing: UnsafeRawBufferPointer(rebasing: text[$0])) } ?? .null
        }
        switch message {
        case .request(let id, let method, _): receive(method.name, id)
        case .notification(let method, let params): receive(method.name, value(params))
        case .response(.integer(let id), let result, let error):
            guard let purpose = pending.removeValue(forKey: id) else { return }
            if let error {
                receive(RPCError(answer: value(error)), for: purpose, at: now)
            } else {
                receive(value(result), for: purpose, at: now)
            }
        case .response, .batch: break
        case .invalid(let id, let error):
            if case .integer(let id) = id, case .call(let call)? = pending.removeValue(forKey: id) {
                let message = "The MCP server \"\(server)\" answered the call with what is no answer."
                call.report(.failed(Failure(kind: "tool.failed", message: message)))
            }
            log(.warning, "The MCP server \"\(server)\" wrote what is no message: \(error.message)")
        }
    }

    /// A server may ask for little here, and for nothing that a person would have to allow.
    private func receive(_ method: String, _ id: RequestID) {
        switch method {
        case "ping": answer(id, "result", [:])
        case "roots/list": answer(id, "result", ["roots": [["uri": .string(root)]]])
        default:
            let error = RPCError.methodNotFound(method)
            answer(id, "error", ["code": .number(JSONNumber(error.code)), "message": .string(error.message)])
        }
    }

    private func receive(_ method: String, _ params: JSONValue) {
        switch method {
        case "notifications/progress":
            guard let id = params["progressToken"]?.int, case .call(let call)? = pending[id] else { return }
            call.report(Self.progress(params))
        case "notifications/tools/list_changed": forgetList()
        case "notifications/message":
            let text = params["data"].map { $0.string ?? $0.serialized() } ?? ""
            log(.info, "The MCP server \"\(server)\" says: \(text)")
        default: break
        }
    }

    /// A run's progress counts in integers, a server's in whatever it likes: parts of one become parts of a hundred.
    private static func progress(_ params: JSONValue) -> AttemptReporter.Report {
        let total = params["total"]?.double ?? 0
        let scale: Double = total > 0 && total <= 1 ? 100 : 1
        func count(_ value: Double) -> Int { Int(max(0, min(value * scale, 1e15)).rounded()) }
        return .progress(
            current: count(params["progress"]?.double ?? 0), total: count(total),
            message: params["message"]?.string)
    }

    // MARK: Answers

    private func receive(_ result: JSONValue, for purpose: Pending, at now: Instant) {
        switch purpose {
        case .discover:
            let versions = result["supportedVersions"]?.array?.compactMap(\.string) ?? []
            guard versions.contains(Revision.stateless) else { return greet(at: now) }
            open(
                isStateless: true,
                tellsOfChanges: result["capabilities"]?["tools"]?["listChanged"]?.bool == true)
        case .initialize:
            let version = result["protocolVersion"]?.string ?? ""
            guard Revision.withHandshake.contains(version) else {
                return end(
                    .server(
                        server, "serverIncompatible", "speaks the revision \"\(version)\" alone.", isRetryable: false))
            }
            notify("notifications/initialized", [:])
            open(isStateless: false)
        case .listen: break
        case .call(let call): call.report(ToolAnswer.report(result, of: call.tool))
        case .page(let before, let number):
            let page = before + (result["tools"]?.array ?? []).compactMap(ListedTool.init(json:))
            guard let cursor = result["nextCursor"], !cursor.isNull, number < limits.pages else {
                return keepList(page, lifetime: result["ttlMs"]?.int.map { .milliseconds(max($0, 0)) })
            }
            askForPage(after: cursor, page, number: number + 1)
        }
    }

    private func receive(_ error: RPCError, for purpose: Pending, at now: Instant) {
        switch purpose {
        case .discover:
            // Whoever knows revisions, and none of ours, says so; everybody else is of the time before the question.
            let known = error.data?["supported"]?.array?.compactMap(\.string) ?? []
            let isHopeless =
                error.code == Revision.unsupportedCode && !known.isEmpty
                && !known.contains(where: Revision.withHandshake.contains)
            guard isHopeless else { return greet(at: now) }
            let list = known.joined(separator: ", ")
            end(.server(server, "serverIncompatible", "speaks the revisions \(list) alone.", isRetryable: false))
        case .initialize: end(.server(server, "serverFailed", "does not begin: \(error.message)"))
        case .listen: break
        case .call(let call):
            let isHopeless = (-32602 ... -32600).contains(error.code)
            var details: JSONObject = ["code": .number(JSONNumber(error.code))]
            details["data"] = error.data
            call.report(
                .failed(
                    Failure(
                        kind: "tool.failed", message: error.message, isRetryable: !isHopeless,
                        details: .object(details))))
        case .page: settleList(.failure(.server(server, "failed", "does not list its tools: \(error.message)")))
        }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate var excerpt: String { String(decoding: prefix(200), as: UTF8.self) }
}
