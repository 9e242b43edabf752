internal import JSON
internal import WorkflowModel

/// Reads an exported file as it comes, and verifies every byte of it. What its events mean is not looked at.
package struct ExportReader {
    private var chain = HashChain()
    private var file = RunExport(exportedAt: .earliest, definitions: [], parts: [])
    private var blobs: [String: CutText] = [:]
    /// The beginning of a line whose end has not come.
    private var begun: [UInt8] = []
    private var isOver = false

    package init() {}

    /// The next bytes.
    package mutating func take(_ bytes: ArraySlice<UInt8>) throws(ExportDamage) {
        var rest = bytes
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = begun.isEmpty ? rest[..<end] : (begun + rest[..<end])[...]
            begun = []
            try take(line: line)
            rest = rest[(end + 1)...]
        }
        begun += rest
    }

    /// The file, which has come to its end.
    package mutating func finish() throws(ExportDamage) -> RunExport {
        let start = chain.byteCount
        if !begun.isEmpty {
            try take(line: begun[...])
            throw ExportDamage(line: chain.count, byte: start, "Something is missing, or too much, after it.")
        }
        guard isOver, !file.parts.isEmpty else {
            throw ExportDamage(line: chain.count + 1, byte: start, "The file ends before its trailer.")
        }
        return file
    }

    private mutating func take(line bytes: ArraySlice<UInt8>) throws(ExportDamage) {
        let (number, start) = (chain.count + 1, chain.byteCount)
        func damage(_ message: String) -> ExportDamage { ExportDamage(line: number, byte: start, message) }
        let line = try chain.check(bytes)
        guard !isOver else { throw damage("Something is missing, or too much, after it.") }
        switch line["kind"]?.string {
        case "header" where number == 1: try take(header: line)
        case _ where number == 1: throw damage("It is not the header of an export.")
        case "trailer":
            isOver = true
            guard line["lines"]?.int == number else { throw damage("Lines are missing before it.") }
        case let kind?:
            guard take(line, kind, of: bytes, at: damage("")) else {
                throw damage("It cannot be read as a line of an export.")
            }
        case nil: throw damage("It does not say what it is.")
        }
    }

    private mutating func take(header line: JSONValue) throws(ExportDamage) {
        guard line["format"]?.string == RunExport.format, let version = line["version"]?.int,
            let exportedAt = line["exportedAt"]?.string.flatMap(Timestamp.init(parsing:))
        else { throw ExportDamage(line: 1, byte: 0, "It is not the header of an export.") }
        guard (1...RunExport.version).contains(version) else {
            let known = "this Fermata reads up to \(RunExport.version)"
            throw ExportDamage(line: 1, byte: 0, "It is an export of version \(version), and \(known).")
        }
        file.exportedAt = exportedAt
    }

    /// False for a line that says nothing known.
    private mutating func take(
        _ line: JSONValue, _ kind: String, of bytes: ArraySlice<UInt8>, at place: ExportDamage
    ) -> Bool {
        switch kind {
        case "workflow":
            guard let name = line["name"]?.string, let version = line["version"]?.string,
                let document = line["document"]
            else { return false }
            file.definitions.append(RunExport.Definition(name: name, version: version, document: document))
        case "run":
            guard let record = RunRecord(exported: line) else { return false }
            var part = RunExport.Part(record: record, entries: [])
            part.place = place
            file.parts.append(part)
        case "blob":
            guard let hash = line["name"]?.string, let blob = cut(line, "value", of: bytes), blob.hash == hash else {
                return false
            }
            blobs[hash] = blob
        case "events":
            guard let last = file.parts.indices.last, line["runId"]?.string == file.parts[last].record.id,
                let entry = entry(line, of: bytes)
            else { return false }
            file.parts[last].entries.append(entry)
        default: return false
        }
        return true
    }

    /// With what stands in blobs put in its place, and written as the journal writes.
    private func entry(_ line: JSONValue, of bytes: ArraySlice<UInt8>) -> JournalEntry? {
        guard let firstSeq = line["firstSeq"]?.int, let at = line["at"]?.string.flatMap(Timestamp.init(parsing:)),
            var events = line["events"], case .array = events
        else { return nil }
        if line["blobsAt"] != nil {
            guard let whole = cut(line, "events", of: bytes)?.joined({ blobs[$0] }),
                let value = try? JSONValue(parsing: whole)
            else { return nil }
            events = value
        }
        var writer = JSONWriter()
        writer.value(events)
        return JournalEntry(position: 0, run: 0, firstSeq: firstSeq, at: at, events: writer.bytes)
    }

    /// A member of the line as it is written there, with the places of its marks.
    private func cut(_ line: JSONValue, _ name: String, of bytes: ArraySlice<UInt8>) -> CutText? {
        let places = line["blobsAt"]?.array?.map(\.int) ?? []
        guard !places.contains(nil), let text = Self.text(of: name, in: bytes) else { return nil }
        return CutText(text: text, places: places.compactMap(\.self))
    }

    private static func text(of name: String, in line: ArraySlice<UInt8>) -> [UInt8]? {
        line.withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            var isFirst = true
            guard (try? scanner.beginObject()) != nil else { return nil }
            while let member = try? scanner.nextMember(first: &isFirst) {
                guard let value = try? scanner.skipValue() else { return nil }
                if bytes[member].elementsEqual(name.utf8) { return Array(bytes[value]) }
            }
            return nil
        }
    }
}

extension RunExport {
    package init(reading file: [UInt8]) throws(ExportDamage) {
        var reader = ExportReader()
        try reader.take(file[...])
        self = try reader.finish()
    }
}
