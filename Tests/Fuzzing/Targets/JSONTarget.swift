import JSON
import RPC

/// A text is JSON or refused; what it holds is the same when it is written and read again.
func checkJSON(_ bytes: UnsafeRawBufferPointer) throws(BrokenPromise) {
    guard let value = try? JSONValue(parsing: bytes) else {
        // The scanner checks each byte that it steps over, as the reader does.
        let message = try? ScannedMessage(scanning: bytes, maxBatch: 100)
        return try promise(message == nil, "What is refused as a value is refused as a message.")
    }
    for text in [value.serialized(), value.serialized(pretty: true)] {
        let again = try reading(text) { () throws(JSONError) in try JSONValue(parsing: text) }
        try promise(again == value, "\(text) is the value that was written.")
        try promise(again.hashValue == value.hashValue, "\(text) has one hash.")
        try promise(again.serialized() == value.serialized(), "\(text) is written one way.")
    }
    _ = try reading("a message") { () throws(JSONError) in try ScannedMessage(scanning: bytes, maxBatch: 100) }
    // A client chooses the schema, and what is checked by it.
    guard let pair = value.array, pair.count == 2, let schema = try? JSONSchema(pair[0]) else { return }
    try promise(schema.validate(pair[1]) == schema.validate(pair[1]), "A schema always says the same.")
}
