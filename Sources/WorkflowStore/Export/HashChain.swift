package import JSON
internal import WorkflowModel

/// Lines of JSON, each sealed with a hash that covers the one before.
///
/// A line is an object whose last member is `"hash"`: SHA-256 of the hash of the line before (64 digits; nothing before
/// the first line) and of the line's own text up to the comma before `"hash"`.
package struct HashChain: Sendable {
    private static let opening = Array(",\"hash\":\"".utf8)
    private static let closing = Array("\"}".utf8)
    private static let sealLength = opening.count + 64 + closing.count

    private var last: [UInt8] = []
    /// How many lines there are.
    package private(set) var count = 0
    /// How many bytes they have, line ends included.
    package private(set) var byteCount = 0

    package init() {}

    /// The next line, with its line end. `write` puts members into an open object, at least one.
    package mutating func seal(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        write(&writer)
        var line = writer.bytes
        last = Array(ContentHash.of(last + line).utf8)
        line += Self.opening + last + Self.closing + [UInt8(ascii: "\n")]
        count += 1
        byteCount += line.count
        return line
    }

    /// What the next line says, given without its line end.
    package mutating func check(_ line: ArraySlice<UInt8>) throws(ExportDamage) -> JSONValue {
        let (number, start) = (count + 1, byteCount)
        func damage(_ message: String) -> ExportDamage { ExportDamage(line: number, byte: start, message) }
        let text = line.dropLast(Self.sealLength)
        let seal = line[text.endIndex...]
        guard line.count > Self.sealLength, seal.starts(with: Self.opening), seal.suffix(2).elementsEqual(Self.closing)
        else { throw damage("It is cut short, or has no hash.") }
        let stated = Array(seal.dropFirst(Self.opening.count).dropLast(Self.closing.count))
        guard Array(ContentHash.of(last + text).utf8) == stated else {
            throw damage("Its \(line.count) bytes are not those that were exported.")
        }
        guard let value = try? JSONValue(parsing: Array(text) + [UInt8(ascii: "}")]) else {
            throw damage("It is not JSON.")
        }
        last = stated
        count += 1
        byteCount += line.count + 1
        return value
    }
}
