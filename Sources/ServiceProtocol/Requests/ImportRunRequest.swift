package import JSON
package import RPC

package struct ImportRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/import"

    package static var about: RequestDescription {
        RequestDescription(
            "Adds the runs of an exported file; they go on here as after a recovery.",
            """
            The file is verified: that nothing of it was changed or lost, not who wrote it. Where it is damaged nothing is added.
            """,
            result: .importedRun,
            errors: [.exportCorrupt, .runExists],
            example: Example(
                #"{"path": "/backup/nightly-7.jsonl"}"#,
                gives: #"{"runId": "nightly-7", "seq": 15, "status": "in-progress", "runs": 1}"#))
    }

    package enum Source: Sendable, Hashable {
        case path(String)
        case document(String)
    }

    /// `path`, or the file itself as `document`.
    package var source: Source
    /// What the run is called here; another id than its own makes it another run.
    package var runID: String?
    /// Whose it is here; absent, the session's.
    package var namespace: String?

    package init(params: Parameters) throws(RPCError) {
        let path = try params.optional("path", as: String.self, "The file; or else `document`.")
        let document = try params.optional("document", as: String.self, "The file's content; or else `path`.")
        try params.require(path != nil || document != nil, "path", "or 'document' must give the file")
        let isOneFile = path == nil || document == nil
        try params.require(isOneFile, "document", "excludes 'path': one of them gives the file")
        source = document.map { .document($0) } ?? .path(path ?? "")
        runID = try params.optional(
            "runId", as: ChosenRunID.self, "What the run is called here; another id than its own makes it another run.")?
            .text
        namespace = try params.optional("namespace", "Whose it is here; without it the session's.")
    }
}
