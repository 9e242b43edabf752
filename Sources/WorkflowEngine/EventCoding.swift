package import JSON
package import WorkflowModel

/// The events of one append as the journal has them: `[{"type": …, "data": {…}}, …]`.
package struct EncodedEvents: Sendable {
    package private(set) var bytes: [UInt8]
    /// Where the members of each event's data stand.
    private var places: [Range<Int>] = []

    package init(_ events: [RunEvent]) {
        var writer = JSONWriter(reservingCapacity: 1024)
        places.reserveCapacity(events.count)
        writer.beginArray()
        for event in events {
            writer.beginObject()
            writer.field("type", event.type)
            writer.key("data")
            writer.beginObject()
            let start = writer.bytes.count
            event.writeData(to: &writer)
            places.append(start..<writer.bytes.count)
            writer.endObject()
            writer.endObject()
        }
        writer.endArray()
        bytes = writer.bytes
    }

    /// The members of an event's data, without their braces.
    package func data(of index: Int) -> ArraySlice<UInt8> { bytes[places[index]] }
}

/// The text of the journal, read back.
package enum EventCoding {
    /// Each event's type and data; nil when the bytes are not an append.
    package static func decode(_ bytes: [UInt8]) -> [(type: String, data: JSONValue)]? {
        guard case .array(let elements)? = try? JSONValue(parsing: bytes) else { return nil }
        var events: [(type: String, data: JSONValue)] = []
        events.reserveCapacity(elements.count)
        for element in elements {
            guard let type = element["type"]?.string, let data = element["data"] else { return nil }
            events.append((type, data))
        }
        return events
    }
}
