package import JSON

/// The events of one append as the journal has them: `[["step/started", {"path": "a"}], …]`, each its type and, unless there are
/// none, its members. What reading puts back is left out: members that have their usual value, an input that the
/// workflow's document says, an output that an event before it in the same append has. Journals of earlier versions have
/// `{"type": …, "data": {…}}` with all members instead, and are read as well.
package enum EventCoding {
    package static func encode(_ events: [RunEvent], of workflow: Workflow) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 512)
        var place = AppendPlace(of: workflow)
        writer.beginArray()
        for event in events {
            writer.beginArray()
            writer.string(event.type)
            let end = writer.bytes.count
            writer.beginObject()
            let start = writer.bytes.count
            event.writeRecord(to: &writer, at: &place)
            if writer.bytes.count == start {
                writer.bytes.removeSubrange(end...)
            } else {
                writer.endObject()
            }
            writer.endArray()
        }
        writer.endArray()
        return writer.bytes
    }

    /// Each event's type, and its data as `RunEvent.writeData` writes it; nil when the bytes are not an append. Without the
    /// workflow what only its document says is left empty.
    package static func decode(_ bytes: [UInt8], of workflow: Workflow?) -> [(type: String, data: JSONValue)]? {
        guard case .array(let elements)? = try? JSONValue(parsing: bytes) else { return nil }
        var events: [(type: String, data: JSONValue)] = []
        events.reserveCapacity(elements.count)
        var expansion = RecordExpansion(of: workflow)
        for element in elements {
            guard let (type, data) = read(element, with: expansion) else { return nil }
            expansion.pass(type, data)
            events.append((type, data))
        }
        return events
    }

    private static func read(_ element: JSONValue, with expansion: RecordExpansion) -> (type: String, data: JSONValue)?
    {
        guard case .array(let parts) = element else {
            guard let type = element["type"]?.string, let data = element["data"] else { return nil }
            return (type, data)
        }
        guard (1...2).contains(parts.count), let type = parts[0].string else { return nil }
        guard let members = parts.count == 1 ? JSONObject() : parts[1].object else { return nil }
        return (type, .object(expansion.whole(type, members)))
    }
}
