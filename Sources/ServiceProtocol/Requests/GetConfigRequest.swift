package import JSON
package import RPC

package struct GetConfigRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "config/get"

    package static var about: RequestDescription {
        RequestDescription(
            "Tells each setting, and which layer it came from.",
            """
            A flag beats `initialize`, which beats the workspace's file, which beats the user's, which beats the environment, which beats what is
            built in; objects are merged member by member. What may hold a secret is `•••`.
            """,
            result: .object([
                .required("settings", .list(.setting), "The settings; of providers and servers their names."),
                .required("fields", .list(.setting), "What was set, one by one: `providers.local.baseURL`."),
                .required("files", .list(.configurationFile), "The files of configuration, the weakest first."),
            ]),
            example: Example(
                #"{}"#,
                gives: #"""
                    {"settings": [{"name": "store", "value": "/home/ann/.local/state/fermata/fermata.db",
                    "layer": "default"}, {"name": "commands", "value": true, "layer": "flag"}],
                    "fields": [{"name": "providers.local.baseURL", "value": "http://localhost:11434/v1",
                    "layer": "user", "file": "/home/ann/.config/fermata/config.json"}],
                    "files": [{"layer": "user", "path": "/home/ann/.config/fermata/config.json", "isThere": true}]}
                    """#))
    }

    package init(params: Parameters) throws(RPCError) {}
}
