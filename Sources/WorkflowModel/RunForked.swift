package import JSON

/// Where the past of a run comes from that did not begin with its own start.
package struct RunSource: Sendable, Hashable {
    /// That run, as it was called where it was.
    package var runID: String
    /// Its last event that the past holds.
    package var seq: Int

    package init(runID: String, seq: Int) {
        self.runID = runID
        self.seq = seq
    }
}

/// The run begins with the past of another, and goes on from there by itself.
package struct RunForked: Sendable, Hashable {
    package var source: RunSource
    /// Whose the run is.
    package var namespace: String
    /// The input from here on; nil keeps it.
    package var input: JSONValue?
    /// The state members that are other ones from here on.
    package var state: JSONObject?
    /// Who asked for it, as the host named itself.
    package var client: String?

    package init(
        source: RunSource, namespace: String, input: JSONValue? = nil, state: JSONObject? = nil, client: String? = nil
    ) {
        self.source = source
        self.namespace = namespace
        self.input = input
        self.state = state
        self.client = client
    }
}

/// The run came from another store, as a file.
package struct RunImported: Sendable, Hashable {
    package var source: RunSource
    /// Whose the run is here.
    package var namespace: String
    /// Whether the run it is a step of did not come along.
    package var leavesParent: Bool
    package var client: String?

    package init(source: RunSource, namespace: String, leavesParent: Bool, client: String? = nil) {
        self.source = source
        self.namespace = namespace
        self.leavesParent = leavesParent
        self.client = client
    }
}

// MARK: The journal's text

extension RunSource {
    package var json: JSONValue { ["runId": .string(runID), "seq": .number(JSONNumber(seq))] }

    init?(json: JSONValue?) {
        guard let runID = json?["runId"]?.string, let seq = json?["seq"]?.tally, seq > 0 else { return nil }
        self.init(runID: runID, seq: seq)
    }
}

extension RunForked {
    func write(to writer: inout JSONWriter) {
        writer.field("origin", source.json)
        writer.field("namespace", namespace)
        writer.optionalField("input", input)
        if let state { writer.field("state", .object(state)) }
        writer.optionalField("client", client)
    }
}

extension RunImported {
    func write(to writer: inout JSONWriter) {
        writer.field("origin", source.json)
        writer.field("namespace", namespace)
        if leavesParent { writer.field("leavesParent", true) }
        writer.optionalField("client", client)
    }
}
