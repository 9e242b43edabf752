package import JSON
package import WorkflowModel

/// A run with its children, its journal and the workflows it needs, as one file carries them from store to store.
package struct RunExport: Sendable {
    package struct Definition: Sendable, Hashable {
        package var name: String
        package var version: String
        package var document: JSONValue

        package init(name: String, version: String, document: JSONValue) {
            self.name = name
            self.version = version
            self.document = document
        }
    }

    package struct Part: Sendable {
        package var record: RunRecord
        package var entries: [JournalEntry] = []
        /// Where in the file it stands, so that what is wrong with it can be found.
        package var place = ExportDamage(line: 1, byte: 0, "")

        package init(record: RunRecord, entries: [JournalEntry]) {
            self.record = record
            self.entries = entries
        }
    }

    package static let format = "fermata.export"
    package static let version = 2
    /// How such a file begins, of whatever version.
    package static let beginning = Array(#"{"kind":"header","format":"\#(format)""#.utf8)

    package var exportedAt: Timestamp
    package var definitions: [Definition]
    /// The run, and then its children; parents come before their children.
    package var parts: [Part]

    package init(exportedAt: Timestamp, definitions: [Definition], parts: [Part]) {
        self.exportedAt = exportedAt
        self.definitions = definitions
        self.parts = parts
    }
}

// MARK: Writing

extension RunExport {
    /// The file: a header, the workflows, each run with its events, a trailer. What is great stands once, before the events
    /// that first have it.
    package var bytes: [UInt8] {
        var chain = HashChain()
        var bytes = chain.seal { writer in
            writer.field("kind", "header")
            writer.field("format", Self.format)
            writer.field("version", Self.version)
            writer.field("runId", parts.first?.record.id ?? "")
            writer.field("exportedAt", exportedAt.description)
        }
        for definition in definitions {
            bytes += chain.seal { writer in
                writer.field("kind", "workflow")
                writer.field("name", definition.name)
                writer.field("version", definition.version)
                writer.field("document", definition.document)
            }
        }
        var written: Set<String> = []
        for part in parts {
            bytes += chain.seal { part.record.write(to: &$0) }
            for entry in part.entries {
                let (events, blobs) = CutText.cutting(entry.events, below: 3) ?? (CutText(text: entry.events), [:])
                for (hash, blob) in blobs.sorted(by: { $0.key < $1.key }) where written.insert(hash).inserted {
                    bytes += chain.seal { blob.write(as: hash, to: &$0) }
                }
                bytes += chain.seal { entry.write(events, of: part.record.id, to: &$0) }
            }
        }
        let lines = chain.count + 1
        return bytes
            + chain.seal { writer in
                writer.field("kind", "trailer")
                writer.field("lines", lines)
            }
    }
}

extension RunRecord {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.field("kind", "run")
        writer.field("runId", id)
        writer.field("workflow", workflow)
        writer.field("version", version)
        writer.field("namespace", namespace)
        writer.field("status", status.rawValue)
        writer.field("labels", .object(labels))
        writer.field("cwd", cwd)
        writer.field("createdAt", createdAt.description)
        writer.optionalField("parent", parent)
    }

    init?(exported line: JSONValue) {
        guard let id = line["runId"]?.string, let workflow = line["workflow"]?.string,
            let version = line["version"]?.string, let namespace = line["namespace"]?.string,
            let status = line["status"]?.string.flatMap(RunStatus.init), let labels = line["labels"]?.object,
            let cwd = line["cwd"]?.string, let createdAt = line["createdAt"]?.string.flatMap(Timestamp.init(parsing:))
        else { return nil }
        self.init(
            id: id, namespace: namespace, workflow: workflow, version: version, status: status, labels: labels,
            cwd: cwd, createdAt: createdAt)
        parent = line["parent"]?.string
    }
}

extension JournalEntry {
    fileprivate func write(_ cut: CutText, of runID: String, to writer: inout JSONWriter) {
        writer.field("kind", "events")
        writer.field("runId", runID)
        writer.field("firstSeq", firstSeq)
        writer.field("at", at.description)
        writer.key("events")
        writer.raw(cut.text)
        cut.writePlaces(to: &writer)
    }
}

extension CutText {
    fileprivate func write(as hash: String, to writer: inout JSONWriter) {
        writer.field("kind", "blob")
        writer.field("name", hash)
        writer.key("value")
        writer.raw(text)
        writePlaces(to: &writer)
    }

    fileprivate func writePlaces(to writer: inout JSONWriter) {
        if !places.isEmpty { writer.field("blobsAt", .array(places.map { .number(JSONNumber($0)) })) }
    }
}
