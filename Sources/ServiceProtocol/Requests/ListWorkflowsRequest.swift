package import JSON
package import RPC

package struct ListWorkflowsRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "workflow/list"

    package static var about: RequestDescription {
        RequestDescription(
            "Lists the newest version of each registered workflow.",
            result: .object([.required("workflows", .list(.registeredWorkflow), "By their names.")]),
            example: Example(
                #"{}"#,
                gives: #"""
                    {"workflows": [{"name": "nightly", "version": "6c1f0a52", "description": "Builds and publishes.",
                    "registeredAt": "2026-01-31T09:00:00.000Z"}]}
                    """#))
    }

    package init(params: Parameters) throws(RPCError) {}
}
