import JSON
import JournalSuite
import Testing
import WorkflowModel
import WorkflowStore

@Suite("An exported file")
struct ExportFileTests {
    private static let export: RunExport = {
        var child = newRun("child", status: .completed)
        child.parent = "r"
        let part = RunExport.Part(
            record: newRun("r"),
            entries: [
                JournalEntry(position: 9, run: 7, firstSeq: 1, at: Timestamp(milliseconds: 5), events: events(2)),
                JournalEntry(position: 12, run: 7, firstSeq: 3, at: Timestamp(milliseconds: 6), events: events(1)),
            ])
        return RunExport(
            exportedAt: Timestamp(milliseconds: 1000),
            definitions: [.init(name: "greet", version: "v1", document: ["name": "greet", "note": "é\n"])],
            parts: [part, RunExport.Part(record: child, entries: [])])
    }()

    @Test("is read back as it was written")
    func roundTrip() throws {
        let read = try RunExport(reading: Self.export.bytes)
        #expect(read.exportedAt == Self.export.exportedAt)
        #expect(read.definitions == Self.export.definitions)
        #expect(read.parts.map(\.record.id) == ["r", "child"])
        #expect(read.parts[1].record.parent == "r")
        #expect(read.parts[0].entries.map(\.events) == [events(2), events(1)])
        #expect(read.parts[0].entries.map(\.firstSeq) == [1, 3])
        #expect(read.parts[0].entries.map(\.at.milliseconds) == [5, 6])
        #expect(read.bytes == Self.export.bytes)
    }

    @Test("holds what is great once, and is refused where that is missing or another")
    func blobs() throws {
        let great = "\"\(String(repeating: "g", count: 80_000))\""
        let text = Array(#"[{"type":"x","data":{"a":\#(great),"b":[1.50,\#(great)]}}]"#.utf8)
        let entries = (1...5).map {
            JournalEntry(position: 0, run: 0, firstSeq: $0, at: Timestamp(milliseconds: 5), events: text)
        }
        let export = RunExport(
            exportedAt: Timestamp(milliseconds: 1000), definitions: [],
            parts: [.init(record: newRun("r"), entries: entries), .init(record: newRun("s"), entries: entries)])
        let bytes = export.bytes
        #expect(bytes.count < 90_000)
        let read = try RunExport(reading: bytes)
        #expect(read.parts.flatMap(\.entries).allSatisfy { $0.events == text })
        #expect(read.bytes == bytes)
        var reader = ExportReader()
        for start in stride(from: 0, to: bytes.count, by: 997) {
            try reader.take(bytes[start..<min(start + 997, bytes.count)])
        }
        #expect(try reader.finish().bytes == bytes)

        let lines = bytes.split(separator: UInt8(ascii: "\n")).map { try? JSONValue(parsing: Array($0)).object }
        func file(_ change: (inout JSONObject) -> Void) -> [UInt8] {
            var chain = HashChain()
            return lines.flatMap { line in
                var line = line ?? [:]
                line["hash"] = nil
                change(&line)
                return line.isEmpty
                    ? [] : chain.seal { writer in for (name, value) in line { writer.field(named: name, value) } }
            }
        }
        #expect(throws: Never.self) { try RunExport(reading: file { _ in }) }
        let harms: [(inout JSONObject) -> Void] = [
            { if $0["kind"] == "blob" { $0 = [:] } }, { if $0["kind"] == "blob" { $0["value"] = "g" } },
            { if $0["blobsAt"] != nil { $0["blobsAt"] = [1] } }, { if $0["blobsAt"] != nil { $0["blobsAt"] = ["x"] } },
            { if $0["blobsAt"] != nil { $0["blobsAt"] = nil; $0["events"] = 1 } },
        ]
        for harm in harms { #expect(throws: ExportDamage.self) { try RunExport(reading: file(harm)) } }
    }

    @Test("is lines of JSON, each of which has a hash of itself and of the one before")
    func chain() throws {
        let lines = Self.export.bytes.split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == 7)
        var last: [UInt8] = []
        for line in lines {
            let hash = try #require(try JSONValue(parsing: Array(line))["hash"]?.string)
            let text = line.dropLast(75)
            #expect(ContentHash.of(last + text) == hash)
            last = Array(hash.utf8)
        }
    }

    @Test("of which any bit is another is refused, with the line and where it begins")
    func flippedBit() throws {
        let bytes = Self.export.bytes
        var (line, start) = (1, 0)
        for place in bytes.indices {
            for bit in [0, 3, 7] {
                var damaged = bytes
                damaged[place] ^= 1 << UInt8(bit)
                let error = #expect(throws: ExportDamage.self) { try RunExport(reading: damaged) }
                #expect(error?.line == line && error?.byte == start, "bit \(bit) of byte \(place)")
            }
            if bytes[place] == UInt8(ascii: "\n") { (line, start) = (line + 1, place + 1) }
        }
    }

    @Test("that was cut anywhere is refused")
    func cut() {
        let bytes = Self.export.bytes
        for count in bytes.indices {
            #expect(throws: ExportDamage.self) { try RunExport(reading: Array(bytes[..<count])) }
        }
        #expect(throws: ExportDamage.self) { try RunExport(reading: bytes + bytes) }
        #expect(throws: ExportDamage.self) { try RunExport(reading: bytes + [UInt8(ascii: "\n")]) }
    }

    @Test("that lacks a line, or has two in the other order, is refused")
    func order() throws {
        let lines = Self.export.bytes.split(separator: UInt8(ascii: "\n")).map { Array($0) + [UInt8(ascii: "\n")] }
        for index in lines.indices {
            var fewer = lines
            fewer.remove(at: index)
            #expect(throws: ExportDamage.self) { try RunExport(reading: fewer.flatMap(\.self)) }
            var swapped = lines
            swapped.swapAt(index, (index + 1) % lines.count)
            #expect(throws: ExportDamage.self) { try RunExport(reading: swapped.flatMap(\.self)) }
        }
    }

    @Test(
        "whose hashes are right and whose lines say nothing is refused",
        arguments: [
            [["kind": "run"]], [["kind": "header", "format": "other", "version": 1]],
            [["kind": "header", "format": "fermata.export", "version": 3, "exportedAt": "2026-01-01T00:00:00Z"]],
            [header], [header, ["kind": "trailer", "lines": 9]], [header, ["kind": "trailer", "lines": 2]],
            [header, ["kind": "gift"]], [header, ["kind": "events", "runId": "r", "firstSeq": 1]], [header, header],
        ] as [[JSONObject]])
    func nonsense(lines: [JSONObject]) {
        var chain = HashChain()
        let bytes = lines.flatMap { line in
            chain.seal { writer in for (name, value) in line { writer.field(named: name, value) } }
        }
        #expect(throws: ExportDamage.self) { try RunExport(reading: bytes) }
    }

    private static let header: JSONObject = [
        "kind": "header", "format": "fermata.export", "version": 1, "exportedAt": "2026-01-01T00:00:00Z",
    ]
}
