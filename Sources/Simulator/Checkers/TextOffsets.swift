import WorkflowEngine
import WorkflowModel

/// What an attempt says reaches whoever listens from its first byte, without a gap and as it was said.
package final class TextOffsets: Checker {
    private struct Listening: Hashable {
        var engine: String
        var attempt: AttemptKey
    }

    private var told: [Listening: Int] = [:]

    package init() {}

    package func observe(_ observation: Observation) throws(Violation) {
        guard case .textTold(let key, let offset, let bytes, let engine) = observation else { return }
        let place = Listening(engine: engine, attempt: key)
        let expected = told[place, default: 0]
        guard offset == expected else {
            throw violation("\(engine) told text of \(key.text) at byte \(offset), where \(expected) is next.")
        }
        guard SpokenText.says(bytes, at: offset) else {
            throw violation("\(engine) told another text of \(key.text) at byte \(offset) than was said.")
        }
        told[place] = expected + bytes.count
    }
}

/// What every body says: no two places of it look alike for long, and its characters are one to four bytes long.
enum SpokenText {
    private static let pieces = (0..<64).map { "\($0) é, 語 and 🎼; " }

    static func piece(_ index: Int) -> String { pieces[index % pieces.count] }

    private static let bytes = Array(pieces.joined().utf8)

    static func says(_ text: [UInt8], at offset: Int) -> Bool {
        !text.isEmpty && text.indices.allSatisfy { text[$0] == bytes[(offset + $0) % bytes.count] }
    }
}
