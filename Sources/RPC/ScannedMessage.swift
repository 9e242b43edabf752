package import JSON

/// A message, read as far as routing needs it and checked to the last byte. Params, results and errors stay ranges of
/// the bytes it was read from.
package enum ScannedMessage: Sendable, Equatable {
    case request(id: RequestID, method: MethodName, params: Range<Int>?)
    case notification(method: MethodName, params: Range<Int>?)
    /// One of `result` and `error` is there.
    case response(id: RequestID, result: Range<Int>?, error: Range<Int>?)
    /// Where the entries stand. There is at least one; scan each with `init(entry:)`.
    case batch([Range<Int>])
    /// JSON, but no message: to be answered with the error, under the id where there is one.
    case invalid(id: RequestID, RPCError)

    /// Reads a whole text: one message, or a batch of at most `maxBatch`.
    package init(scanning text: UnsafeRawBufferPointer, maxBatch: Int) throws(JSONError) {
        var scanner = JSONScanner(text)
        switch scanner.peek() {
        case UInt8(ascii: "{"): self = try Envelope(&scanner).message
        case UInt8(ascii: "["): self = try Self.batch(&scanner, limit: maxBatch)
        default:
            try scanner.skipValue()
            self = .notAnObject
        }
        try scanner.expectEnd()
    }

    /// Reads an entry of a batch.
    package init(entry text: UnsafeRawBufferPointer) throws(JSONError) {
        var scanner = JSONScanner(text)
        guard scanner.peek() == UInt8(ascii: "{") else {
            self = .notAnObject
            return
        }
        self = try Envelope(&scanner).message
    }

    private static func batch(_ scanner: inout JSONScanner, limit: Int) throws(JSONError) -> ScannedMessage {
        var entries: [Range<Int>] = []
        var isTooLarge = false
        var first = true
        try scanner.beginArray()
        while try scanner.nextElement(first: &first) {
            let entry = try scanner.skipValue()
            if entries.count < limit { entries.append(entry) } else { isTooLarge = true }
        }
        if isTooLarge { return .invalid(id: .null, .batchTooLarge(limit: limit)) }
        if entries.isEmpty { return .invalid(id: .null, .invalidRequest("A batch must not be empty.")) }
        return .batch(entries)
    }

    private static let notAnObject = invalid(
        id: .null, .invalidRequest("A message must be an object, or a batch of objects."))
}

/// A method's name, and where it stands in the text.
package struct MethodName: Sendable, Equatable {
    package let name: String
    /// Between the quotes, escaped as the peer did.
    package let range: Range<Int>
}
