internal import CSQLite
internal import JSON
internal import WorkflowModel
internal import WorkflowStore

/// The row a statement stands at. Columns are counted from 0.
struct Row {
    private let statement: OpaquePointer

    init(_ statement: OpaquePointer) {
        self.statement = statement
    }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    func int(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    func bool(_ column: Int32) -> Bool { int(column) != 0 }

    func moment(_ column: Int32) -> Timestamp { Timestamp(milliseconds: int(column)) }

    func text(_ column: Int32) -> String { withBytes(column) { String(decoding: $0, as: UTF8.self) } }

    func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { Array($0) } }

    func events(_ column: Int32) -> [UInt8] { withBytes(column) { Shorthand.whole($0) } }

    func json(_ column: Int32) throws(StoreError) -> JSONValue {
        let value = withBytes(column) { bytes in
            Result { () throws(JSONError) in try JSONValue(parsing: bytes) }
        }
        switch value {
        case .success(let value): return value
        case .failure(let error):
            let name = String(cString: sqlite3_column_name(statement, column))
            throw .corrupt("The stored \(name) is not JSON: \(error.message)")
        }
    }

    private func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        // The pointer first, the length after it: the first call may convert the value.
        let start = sqlite3_column_text(statement, column)
        let count = Int(sqlite3_column_bytes(statement, column))
        return body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }
}
