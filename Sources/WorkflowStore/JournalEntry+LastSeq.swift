internal import JSON

extension JournalEntry {
    /// The number of the last event; an entry tells it only to who counts.
    package var lastSeq: Int {
        get throws(StoreError) {
            let count = events.withUnsafeBytes { text in
                Result { () throws(JSONError) in try Self.countElements(text) }
            }
            switch count {
            case .success(let count): return firstSeq + count - 1
            case .failure(let error):
                throw .corrupt("The events of run \(run) from seq \(firstSeq) cannot be read: \(error.message)")
            }
        }
    }

    /// Whether the entry says anything that is new to who knows the run up to `seq`.
    package func holdsEvents(after seq: Int) throws(StoreError) -> Bool {
        if firstSeq > seq { return true }
        return try lastSeq > seq
    }

    /// The entry without the events after `seq`, which must not lie before it.
    package func prefix(through seq: Int) throws(StoreError) -> JournalEntry {
        if try lastSeq <= seq { return self }
        guard case .array(let all)? = try? JSONValue(parsing: events) else {
            throw .corrupt("The events of run \(run) from seq \(firstSeq) cannot be read.")
        }
        var writer = JSONWriter()
        writer.value(.array(Array(all.prefix(seq - firstSeq + 1))))
        var entry = self
        entry.events = writer.bytes
        return entry
    }

    private static func countElements(_ text: UnsafeRawBufferPointer) throws(JSONError) -> Int {
        var scanner = JSONScanner(text)
        var count = 0
        var isFirst = true
        try scanner.beginArray()
        while try scanner.nextElement(first: &isFirst) {
            _ = try scanner.skipValue()
            count += 1
        }
        try scanner.expectEnd()
        return count
    }
}
