package import JSON
package import RPC

/// `run/import`: adds the runs of an exported file: {runId, seq, status, runs, executionId?}.
package struct ImportRunRequest: RequestMessage {
    package typealias Result = JSONValue

    package static let method = "run/import"

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
        let path = try params.optional("path", as: String.self)
        let document = try params.optional("document", as: String.self)
        switch (path, document) {
        case (let path?, nil): source = .path(path)
        case (nil, let document?): source = .document(document)
        case (nil, nil): throw params.invalid("path", "or 'document' must give the file")
        case (.some, .some): throw params.invalid("document", "excludes 'path': one of them gives the file")
        }
        runID = try params.optionalRunID("runId")
        namespace = try params.optional("namespace", as: String.self)
    }
}
