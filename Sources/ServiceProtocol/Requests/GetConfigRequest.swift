package import JSON
package import RPC

package struct GetConfigRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "config/get"

    package static var about: RequestDescription {
        RequestDescription(
            "Tells each setting, and which layer it came from.",
            """
            A flag beats `initialize`, which beats the environment, which beats what is built in.
            """,
            result: .object([.required("settings", .list(.setting), "The settings.")]),
            example: Example(
                #"{}"#,
                gives: #"""
                    {"settings": [{"name": "store", "value": "/home/ann/.local/state/fermata/fermata.db",
                    "layer": "default"}, {"name": "commands", "value": true, "layer": "flag"}]}
                    """#))
    }

    package init(params: Parameters) throws(RPCError) {}
}
