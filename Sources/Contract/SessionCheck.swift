package import JSON

/// Holds every message of a session, of both sides, against the description of the protocol.
package struct SessionCheck {
    package enum Side: Sendable {
        case client, service
    }

    private typealias Question = (method: String, params: JSONValue)

    private let schemas: MessageSchemas
    /// What the client asked and was not answered; tests may ask twice by one id.
    private var asked: [JSONValue: [Question]] = [:]
    private var askedOfClient: [JSONValue: String] = [:]

    package init(_ schemas: MessageSchemas) { self.schemas = schemas }

    /// What is wrong with a message, in sentences. A client may say what it likes as long as it is refused.
    package mutating func take(_ message: JSONValue, from side: Side) -> [String] {
        if case .array(let batch) = message {
            var complaints: [String] = []
            for message in batch { complaints += take(message, from: side) }
            return complaints
        }
        guard message.object != nil else { return [] }
        if let method = message["method"] {
            guard let method = method.string else { return [] }
            let params = message["params"] ?? [:]
            return side == .client
                ? takeOfClient(method, params, message["id"]) : takeOfService(method, params, message["id"])
        }
        return side == .client ? takeAnswerOfClient(message) : takeAnswer(message)
    }

    private mutating func takeOfClient(_ method: String, _ params: JSONValue, _ id: JSONValue?) -> [String] {
        if let id { asked[id, default: []].append((method, params)) }
        return []
    }

    private mutating func takeOfService(_ method: String, _ params: JSONValue, _ id: JSONValue?) -> [String] {
        guard let entry = schemas[method], entry.isSentByService else { return ["\(method) is not described."] }
        if let id { askedOfClient[id] = method }
        guard entry.isNotification == (id == nil) else {
            return ["\(method) is described as the other kind of message."]
        }
        return entry.params.complaints(params, "the params of \(method)")
    }

    private mutating func takeAnswerOfClient(_ message: JSONValue) -> [String] {
        guard let id = message["id"], let method = askedOfClient.removeValue(forKey: id), message["error"] == nil
        else { return [] }
        return schemas[method]?.result?.complaints(message["result"] ?? .null, "the client's answer to \(method)") ?? []
    }

    private mutating func takeAnswer(_ message: JSONValue) -> [String] {
        guard let id = message["id"] else { return ["an answer has no id: \(message)"] }
        if let error = message["error"] {
            let complaints = check(error, ofAnyOf: asked[id] ?? [])
            forget(id)
            return complaints
        }
        guard let result = message["result"] else { return ["an answer has neither result nor error: \(message)"] }
        let questions = asked[id] ?? []
        forget(id)
        // Where one id stood for two requests, it is enough that the answer fits one.
        let complaints = questions.map { check(result, of: $0) }
        return complaints.contains([]) ? [] : complaints.first ?? []
    }

    private mutating func forget(_ id: JSONValue) {
        if asked[id]?.count ?? 0 < 2 { asked[id] = nil }
    }

    private func check(_ result: JSONValue, of question: Question) -> [String] {
        guard let entry = schemas[question.method], entry.isTakenByService, let schema = entry.result else {
            return ["\(question.method) was answered and is not described."]
        }
        // Where a language has one empty table for both, an empty object is written as an empty array.
        let params: JSONValue = question.params == [] || question.params.isNull ? [:] : question.params
        return schema.complaints(result, "the result of \(question.method)")
            + entry.params.complaints(params, "the params of \(question.method), which were taken,")
            + (result["events"]?.array?.flatMap(check(event:)) ?? [])
    }

    /// An event has what its notification has.
    private func check(event: JSONValue) -> [String] {
        guard let type = event["type"]?.string, let entry = schemas[type], var params = event["data"]?.object else {
            return ["an event has no described type: \(event)"]
        }
        params["runId"] = "run"
        for name in ["seq", "at"] { params[name] = event[name] }
        return entry.params.complaints(.object(params), "the data of \(type)")
    }

    private func check(_ error: JSONValue, ofAnyOf questions: [Question]) -> [String] {
        guard let code = error["code"]?.int, error["message"]?.string?.isEmpty == false else {
            return ["an error has no code or no message: \(error)"]
        }
        if code == -32602, error["data"]?["pointer"]?.string == nil { return ["an error has no pointer: \(error)"] }
        guard code == -32000 else { return [] }
        guard let kind = error["data"]?["kind"]?.string, error["data"]?["retryable"]?.bool != nil else {
            return ["an error of the domain has no kind, or does not say whether it may succeed later: \(error)"]
        }
        let isDescribed =
            schemas.commonErrors.contains(kind)
            || questions.isEmpty
            || questions.contains { schemas[$0.method].map { $0.hasOtherErrors || $0.errors.contains(kind) } ?? true }
        return isDescribed ? [] : ["\(questions[0].method) was refused with \(kind), which is not described."]
    }
}

extension JSONSchema {
    fileprivate func complaints(_ value: JSONValue, _ what: String) -> [String] {
        validate(value).map { "\(what): \($0.instance) \($0.message) (\($0.schema))" }
    }
}
