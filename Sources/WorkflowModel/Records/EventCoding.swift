import JSON

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
            event.writeRecord(to: &writer, at: place)
            if writer.bytes.count == start {
                writer.bytes.removeSubrange(end...)
            } else {
                writer.endObject()
            }
            writer.endArray()
            place.pass(event)
        }
        writer.endArray()
        return writer.bytes
    }

    /// Without the workflow what only its document says is left empty.
    package static func decode(_ bytes: [UInt8], of workflow: Workflow?) throws(UnreadableEvent) -> [RunEvent] {
        var reading = Reading(place: AppendPlace(of: workflow))
        let isWhole = bytes.withUnsafeBytes { (try? reading.read($0)) != nil }
        guard isWhole else { throw UnreadableEvent(type: reading.type) }
        return reading.events
    }

    private struct Reading {
        var place: AppendPlace
        var events: [RunEvent] = []
        /// What the event is called that is being read.
        var type: String?

        mutating func read(_ text: UnsafeRawBufferPointer) throws {
            var cursor = JSONScanner(text)
            var first = true
            try cursor.beginArray()
            events.reserveCapacity(4)
            while try cursor.nextElement(first: &first) {
                let members = try event(&cursor)
                guard let type, let event = RunEvent(type: type, members, at: place) else {
                    throw UnreadableEvent(type: type)
                }
                place.pass(event)
                events.append(event)
                self.type = nil
            }
            try cursor.expectEnd()
        }

        /// Reads what the event is called, and finds its members.
        private mutating func event(_ cursor: inout JSONScanner) throws -> ScannedObject {
            if cursor.peek() == UInt8(ascii: "{") {
                let element = try ScannedObject(&cursor)
                guard let data = element["data"]?.object else { throw UnreadableEvent() }
                type = element["type"]?.string
                return data
            }
            var first = true
            try cursor.beginArray()
            guard try cursor.nextElement(first: &first) else { throw UnreadableEvent() }
            type = try ScannedValue(&cursor).string
            guard try cursor.nextElement(first: &first) else { return ScannedObject() }
            let members = try ScannedObject(&cursor)
            if try cursor.nextElement(first: &first) { throw UnreadableEvent() }
            return members
        }
    }
}
