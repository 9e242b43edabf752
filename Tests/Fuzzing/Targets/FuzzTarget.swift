/// What reads bytes that anybody may have written. Each is tried with inputs made by a fuzzer, and in every test run
/// with those kept in `seeds`.
enum FuzzTarget: String, CaseIterable {
    case json, frames, expressions, documents, journal, patterns

    /// Reads the bytes, and whatever they are, keeps its promises about them. Not to crash, and not to take for ever,
    /// are two that need no words here.
    func check(_ bytes: UnsafeRawBufferPointer) throws(BrokenPromise) {
        switch self {
        case .json: try checkJSON(bytes)
        case .frames: try checkFrames(bytes)
        case .expressions: try checkExpression(bytes)
        case .documents: try checkDocument(bytes)
        case .journal: try checkJournal(bytes)
        case .patterns: try checkPattern(bytes)
        }
    }
}

struct BrokenPromise: Error, CustomStringConvertible {
    let description: String
}

/// Asserts what was promised; the sentence says it as it should be.
func promise(_ holds: Bool, _ sentence: @autoclosure () -> String) throws(BrokenPromise) {
    guard holds else { throw BrokenPromise(description: sentence()) }
}

/// Reads what was written a moment ago, which therefore can be read.
func reading<Value, Failure>(_ what: String, _ read: () throws(Failure) -> Value) throws(BrokenPromise) -> Value {
    do throws(Failure) {
        return try read()
    } catch {
        throw BrokenPromise(description: "\(what) can be read again, and was refused: \(error)")
    }
}

extension UnsafeRawBufferPointer {
    /// The lines, without their ends.
    var lines: [UnsafeRawBufferPointer] {
        split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(
            UnsafeRawBufferPointer.init(rebasing:))
    }

    var text: String { String(decoding: self, as: UTF8.self) }
}
