internal import CSQLite
internal import JSON
internal import WorkflowModel

/// What a statement takes for a parameter.
protocol Bindable {
    /// Returns SQLite's result code.
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32
}

extension Int64: Bindable {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        sqlite3_bind_int64(statement, place, self)
    }
}

extension Int: Bindable {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        Int64(self).bind(to: statement, at: place)
    }
}

extension Bool: Bindable {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        Int64(self ? 1 : 0).bind(to: statement, at: place)
    }
}

extension Timestamp: Bindable {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        milliseconds.bind(to: statement, at: place)
    }
}

extension String: Bindable {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        var text = self
        return text.withUTF8 { bindText(UnsafeRawBufferPointer($0), to: statement, at: place) }
    }
}

/// Bytes that are UTF-8 text.
extension [UInt8]: Bindable {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        withUnsafeBytes { bindText($0, to: statement, at: place) }
    }
}

extension JSONObject: Bindable {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        JSONValue.object(self).bind(to: statement, at: place)
    }
}

extension JSONValue: Bindable {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes.bind(to: statement, at: place)
    }
}

extension Optional: Bindable where Wrapped: Bindable {
    func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
        self?.bind(to: statement, at: place) ?? sqlite3_bind_null(statement, place)
    }
}

/// SQLite copies the text, since it reads it after the bytes are no longer pinned.
private func bindText(_ text: UnsafeRawBufferPointer, to statement: OpaquePointer, at place: Int32) -> Int32 {
    let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    guard let start = text.baseAddress else { return sqlite3_bind_text(statement, place, "", 0, copied) }
    let characters = start.assumingMemoryBound(to: CChar.self)
    return sqlite3_bind_text64(statement, place, characters, UInt64(text.count), copied, UInt8(SQLITE_UTF8))
}
