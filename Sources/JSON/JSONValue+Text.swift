extension JSONValue {
    /// The deepest nesting of arrays and objects that parsing accepts.
    package static let maximumDepth = JSONScanner.greatestDepth

    /// Reads the one value that `bytes` hold, by RFC 8259 to the letter, with the name that stands last where an
    /// object repeats one.
    package init(parsing bytes: UnsafeRawBufferPointer) throws(JSONError) {
        var reader = JSONReader(bytes)
        self = try reader.document()
    }

    package init(parsing bytes: [UInt8]) throws(JSONError) {
        self = try bytes.withUnsafeBytes { Self.parse($0) }.get()
    }

    package init(parsing text: String) throws(JSONError) {
        var text = text
        self = try text.withUTF8 { Self.parse(UnsafeRawBufferPointer($0)) }.get()
    }

    /// The compact text.
    package func serialized() -> String {
        var writer = JSONWriter()
        writer.value(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// The text with a line for each member and element, indented by two spaces; or the compact one.
    package func serialized(pretty: Bool) -> String {
        guard pretty else { return serialized() }
        var writer = JSONWriter()
        writer.pretty(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func parse(_ bytes: UnsafeRawBufferPointer) -> Result<JSONValue, JSONError> {
        Result { () throws(JSONError) in try JSONValue(parsing: bytes) }
    }
}

extension JSONValue: CustomStringConvertible {
    package var description: String { serialized() }
}
