package import JSON
import WorkflowModel

/// Every file that is made of the protocol's description, and where it lies in the project.
package enum ContractFiles {
    package struct File {
        /// From the project's root.
        package var path: String
        package var text: String
    }

    /// Folders that hold made files alone, so that one nobody makes any more is told from one somebody wrote.
    package static let folders = ["protocol/schema"]

    /// `document` is what `rpc.discover` gives.
    package static func all(of document: JSONValue) -> [File] {
        let contract = Contract(document)
        return [
            File(path: "protocol/openrpc.json", text: pretty(document)),
            File(path: "protocol/workflow.schema.json", text: pretty(DocumentSchema.document)),
            File(path: "protocol/methods.md", text: MethodReference.text(of: contract)),
            File(path: "clients/python/src/fermata/_protocol.py", text: PythonTypes.text(of: contract)),
            File(path: "clients/typescript/src/protocol.d.ts", text: TypeScriptTypes.text(of: contract)),
            File(path: "Sources/ServiceProtocol/Description/Schema+Hash.swift", text: hash(of: document)),
        ]
            + contract.methods.map { method in
                File(path: "protocol/schema/\(method.fileName)", text: pretty(MessageSchema.of(method, in: contract)))
            }
    }

    private static func pretty(_ value: JSONValue) -> String { value.serialized(pretty: true) + "\n" }

    private static func hash(of document: JSONValue) -> String {
        """
        // Written by `fermata schema`.
        extension Schema {
            /// SHA-256 of what `rpc.discover` gives, known without making it.
            package static let hash = "\(ContentHash.of(document))"
        }

        """
    }
}
