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
    package static let version = 1

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
    /// The file: a header, the workflows, each run with its events, a trailer.
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
        for part in parts {
            bytes += chain.seal { part.record.write(to: &$0) }
            for entry in part.entries { bytes += chain.seal { entry.write(of: part.record.id, to: &$0) } }
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

    fileprivate init?(exported line: JSONValue) {
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
    fileprivate func write(of runID: String, to writer: inout JSONWriter) {
        writer.field("kind", "events")
        writer.field("runId", runID)
        writer.field("firstSeq", firstSeq)
        writer.field("at", at.description)
        writer.key("events")
        writer.raw(events)
    }

    fileprivate init?(exported line: JSONValue) {
        guard let firstSeq = line["firstSeq"]?.int, let at = line["at"]?.string.flatMap(Timestamp.init(parsing:)),
            let events = line["events"], case .array = events
        else { return nil }
        var writer = JSONWriter()
        writer.value(events)
        self.init(position: 0, run: 0, firstSeq: firstSeq, at: at, events: writer.bytes)
    }
}

// MARK: Reading

extension RunExport {
    /// Reads a file and verifies every byte of it. What its events mean is not looked at.
    package init(reading file: [UInt8]) throws(ExportDamage) {
        var chain = HashChain()
        self.init(exportedAt: .earliest, definitions: [], parts: [])
        var isOver = false
        while chain.byteCount < file.count {
            let start = chain.byteCount
            func damage(_ message: String) -> ExportDamage { ExportDamage(line: chain.count, byte: start, message) }
            let end = file[start...].firstIndex(of: UInt8(ascii: "\n")) ?? file.endIndex
            let line = try chain.check(file[start..<end])
            guard end < file.endIndex, !isOver else { throw damage("Something is missing, or too much, after it.") }
            switch line["kind"]?.string {
            case "header" where chain.count == 1: try take(header: line)
            case _ where chain.count == 1: throw damage("It is not the header of an export.")
            case "trailer":
                isOver = true
                guard line["lines"]?.int == chain.count else { throw damage("Lines are missing before it.") }
            case let kind?:
                guard take(line, kind, at: damage("")) else {
                    throw damage("It cannot be read as a line of an export.")
                }
            case nil: throw damage("It does not say what it is.")
            }
        }
        guard isOver, !parts.isEmpty else {
            throw ExportDamage(line: chain.count + 1, byte: chain.byteCount, "The file ends before its trailer.")
        }
    }

    private mutating func take(header line: JSONValue) throws(ExportDamage) {
        guard line["format"]?.string == Self.format, let version = line["version"]?.int,
            let exportedAt = line["exportedAt"]?.string.flatMap(Timestamp.init(parsing:))
        else { throw ExportDamage(line: 1, byte: 0, "It is not the header of an export.") }
        guard (1...Self.version).contains(version) else {
            throw ExportDamage(
                line: 1, byte: 0, "It is an export of version \(version), and this Fermata reads up to \(Self.version)."
            )
        }
        self.exportedAt = exportedAt
    }

    /// False for a line that says nothing known.
    private mutating func take(_ line: JSONValue, _ kind: String, at place: ExportDamage) -> Bool {
        switch kind {
        case "workflow":
            guard let name = line["name"]?.string, let version = line["version"]?.string,
                let document = line["document"]
            else { return false }
            definitions.append(Definition(name: name, version: version, document: document))
        case "run":
            guard let record = RunRecord(exported: line) else { return false }
            var part = Part(record: record, entries: [])
            part.place = place
            parts.append(part)
        case "events":
            guard let last = parts.indices.last, line["runId"]?.string == parts[last].record.id,
                let entry = JournalEntry(exported: line)
            else { return false }
            parts[last].entries.append(entry)
        default: return false
        }
        return true
    }
}
