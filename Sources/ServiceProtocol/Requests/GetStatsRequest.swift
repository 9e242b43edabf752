package import JSON
package import RPC

package struct GetStatsRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "stats/get"

    package static var about: RequestDescription {
        RequestDescription(
            "Counts what people who watch a service want to know.",
            result: .object([
                .required("runs", .map(.integer(atLeast: 0)), "How many runs there are, by their status."),
                .required("attempts", .integer(atLeast: 0), "How many step bodies are under way."),
                .required("subscriptions", .integer(atLeast: 0), "How many runs this session is told of."),
                .required("uptimeMs", .milliseconds, "How long the session has lasted."),
            ]),
            example: Example(
                #"{}"#,
                gives: #"""
                    {"runs": {"pending": 0, "in-progress": 1, "awaiting": 2, "completed": 40, "failed": 1,
                    "cancelled": 0}, "attempts": 1, "subscriptions": 1, "uptimeMs": 81234}
                    """#))
    }

    package init(params: Parameters) throws(RPCError) {}
}
