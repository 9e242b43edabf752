package import JSON
package import RPC

package struct ExportRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/export"

    package static var about: RequestDescription {
        RequestDescription(
            "Writes a run with its children, as they are at one moment, as one file.",
            """
            The file is JSON, an object a line, each sealed with the hash of all before it. Without `path` the answer holds it, unless it is
            larger than half a message may be.
            """,
            result: .object([
                .runID, .required("runs", .sequence, "How many runs the file has: the run, and its children."),
                .required("bytes", .sequence, "How long it is."),
                .optional("path", .string, "Where it is, where the request said so."),
                .optional("document", .string, "The file, where the request named no path."),
            ]),
            errors: [.runNotFound, .payloadTooLarge],
            example: Example(
                #"{"runId": "nightly-7", "path": "/backup/nightly-7.jsonl"}"#,
                gives: #"{"runId": "nightly-7", "runs": 1, "bytes": 20480, "path": "/backup/nightly-7.jsonl"}"#))
    }

    package var runID: String
    /// Where the file goes; absent, the answer holds it as `document`.
    package var path: String?

    package init(params: Parameters) throws(RPCError) {
        runID = try params.required("runId", "The run.")
        path = try params.optional("path", "Where the file goes; without it the answer holds it.")
    }
}
