package import JSON
package import RPC

/// Counts for people who watch a service: runs by status, attempts under way, subscriptions, uptimeMs.
package struct GetStatsRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "stats/get"

    package init(params: Parameters) throws(RPCError) {}
}
