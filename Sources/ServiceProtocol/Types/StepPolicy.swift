import JSON
import RPC

/// How attempts of a program's step are treated: `retry`, `timeoutMs`, `heartbeatTimeoutMs` and `onInterrupted`, as a document has them, for
/// the reader of documents.
enum StepPolicy {
    static func read(_ params: Parameters) throws(RPCError) -> JSONObject {
        var policy = JSONObject()
        for (name, summary) in members { policy[name] = try params.optional(name, as: JSONValue.self, summary) }
        return policy
    }

    private static var members: [(String, String)] {
        [
            ("retry", "How often, and how soon, the step is tried again."),
            ("timeoutMs", "How long an attempt may take."),
            ("heartbeatTimeoutMs", "How long it may say nothing."),
            ("onInterrupted", "What becomes of an attempt with an unknown end: `retry`, `ask` or `fail`."),
        ]
    }
}
