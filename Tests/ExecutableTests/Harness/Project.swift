import Contract
import JSON

/// Files of the project that tests hold the executable against.
enum Project {
    static let root = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()

    /// The committed description of the protocol.
    static let document: JSONValue = {
        guard let text = Folder.text(at: root + "/protocol/openrpc.json"), let document = try? JSONValue(parsing: text)
        else { fatalError("There is no protocol/openrpc.json; write it with: fermata schema --output .") }
        return document
    }()

    static let schemas: MessageSchemas = {
        do { return try MessageSchemas(document) } catch { fatalError("protocol/openrpc.json: \(error)") }
    }()
}
