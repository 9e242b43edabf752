package import JSON
package import WorkflowModel

/// The text of the journal: `[{"type": …, "data": {…}}, …]`.
package enum EventCoding {
    package static func encode(_ events: [RunEvent]) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 512)
        writer.beginArray()
        for event in events {
            writer.beginObject()
            writer.field("type", event.type)
            writer.key("data")
            writer.beginObject()
            event.writeData(to: &writer)
            writer.endObject()
            writer.endObject()
        }
        writer.endArray()
        return writer.bytes
    }

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
