package import JSON

/// The error of an answer.
package struct RPCError: Error, Sendable, Hashable {
    package let code: Int
    /// One sentence for a person, that says how to mend it where it can.
    package let message: String
    package let data: JSONValue?

    package init(code: Int, message: String, data: JSONValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// What a peer sent as an error. Where it is none of JSON-RPC's shape, it is an internal error that carries the
    /// whole as data.
    package init(answer: JSONValue) {
        guard let code = answer["code"]?.int, let message = answer["message"]?.string else {
            self = RPCError(code: -32603, message: "The answer is an error without a code and a message.", data: answer)
            return
        }
        let data = answer["data"]
        self.init(code: code, message: message, data: data == .null ? JSONValue?.none : data)
    }
}

extension RPCError: JSONEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("code", code)
        writer.field("message", message)
        if let data { writer.field("data", data) }
        writer.endObject()
    }
}

/// The codes of JSON-RPC 2.0 and of the Language Server Protocol.
extension RPCError {
    package static func parseError(_ sentence: String) -> RPCError { RPCError(code: -32700, message: sentence) }

    package static func invalidRequest(_ sentence: String) -> RPCError { RPCError(code: -32600, message: sentence) }

    package static func methodNotFound(_ method: String) -> RPCError {
        RPCError(code: -32601, message: "There is no method '\(method)'.")
    }

    /// `pointer` leads from the params to the member that is wrong.
    package static func invalidParams(_ sentence: String, pointer: JSONPointer) -> RPCError {
        RPCError(code: -32602, message: sentence, data: ["pointer": .string(pointer.description)])
    }

    package static func internalError(_ sentence: String) -> RPCError { RPCError(code: -32603, message: sentence) }

    package static let requestCancelled = RPCError(code: -32800, message: "The request was cancelled.")

    package static let notInitialized = RPCError(code: -32002, message: "The first request must be 'initialize'.")
}

/// The errors of the domain that the transport itself must give.
extension RPCError {
    package static func messageTooLarge(limit: Int) -> RPCError {
        let hint = "Send at most \(limit) bytes a message (initialize answers with limits.maxMessageBytes)."
        return refusal("message.tooLarge", "The message has more than \(limit) bytes.", hint: hint)
    }

    package static let duplicateID = refusal(
        "request.duplicateId", "A request with this id is still unanswered.",
        hint: "Give every request an id that no unanswered one has.")

    package static func batchTooLarge(limit: Int) -> RPCError {
        refusal("limit.exceeded", "The batch has more than \(limit) entries.", hint: "Split the batch.")
    }

    private static func refusal(_ kind: String, _ sentence: String, hint: String) -> RPCError {
        let data: JSONValue = ["kind": .string(kind), "retryable": false, "hint": .string(hint)]
        return RPCError(code: -32000, message: sentence, data: data)
    }
}
