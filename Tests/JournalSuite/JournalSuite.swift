import JSON
import Testing
package import WorkflowModel
package import WorkflowStore

/// What every journal must hold to. `open` gives another journal on the same store at each call; a check gets a new
/// store.
package struct JournalSuite {
    package typealias Opening = () throws -> any Journal

    package struct Check: Sendable, CustomTestStringConvertible {
        package var testDescription: String
        package var run: @Sendable (Opening) throws -> Void

        init(_ sentence: String, _ run: @escaping @Sendable (Opening) throws -> Void) {
            testDescription = sentence
            self.run = run
        }
    }

    package static let checks =
        turnChecks + appendChecks + runChecks + recordChecks + retentionChecks + snapshotChecks
        + greatChecks
}

extension Journal {
    /// A turn around `body`; what it returned and what others had appended.
    @discardableResult
    package func turn<Result>(_ body: (Self) throws -> Result) throws -> Result {
        _ = try begin()
        let result = try body(self)
        try commit()
        return result
    }
}

package func newRun(_ id: String, namespace: String = "tests", status: RunStatus = .pending) -> RunRecord {
    RunRecord(
        id: id, namespace: namespace, workflow: "greet", version: "v1", status: status, cwd: "/work",
        createdAt: Timestamp(milliseconds: 1000))
}

/// The bytes of `count` events.
package func events(_ count: Int) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginArray()
    for number in 0..<count { writer.value(["type": "run/event", "data": ["n": .number(JSONNumber(number))]]) }
    writer.endArray()
    return writer.bytes
}

func moment(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

extension Journal {
    func append(_ run: Int64, _ seq: Int, _ count: Int = 1) throws {
        try append(run: run, firstSeq: seq, at: moment(7), events: events(count))
    }

    func seqs(_ run: Int64, after seq: Int = 0, maxBytes: Int = .max) throws -> [Int] {
        try entries(run: run, afterSeq: seq, maxBytes: maxBytes).map(\.firstSeq)
    }
}
