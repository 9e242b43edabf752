internal import JSON
internal import WorkflowModel

/// A JSON text whose great parts stand elsewhere. In the place of each stands a mark, `{"blob":"<hash>"}`.
package struct CutText: Sendable, Hashable {
    package var text: [UInt8]
    /// Where its marks begin, in bytes, in their order. What looks like a mark anywhere else is none.
    package var places: [Int]

    package init(text: [UInt8], places: [Int] = []) {
        self.text = text
        self.places = places
    }

    /// From how many bytes on a value stands by itself, what was taken out of it not counted.
    package static let threshold = 64 << 10
    /// How deep blobs may lie in blobs, and how much they may come to: no text that was cut has more.
    private static let greatestDepth = JSONScanner.greatestDepth
    private static let greatestSize = 1 << 30

    private static let opening = Array(#"{"blob":""#.utf8)
    private static let closing = Array("\"}".utf8)
    private static let hashLength = 64
    private static let markLength = opening.count + hashLength + closing.count

    /// What it is known by. Texts that merely look the same have other hashes.
    package var hash: String {
        places.isEmpty ? ContentHash.of(text) : ContentHash.of(Array("\(places)".utf8) + text)
    }

    /// The hashes at its places; nil where no mark stands.
    package var hashes: [String]? {
        var found: [String] = []
        for place in places {
            guard let hash = hash(at: place) else { return nil }
            found.append(hash)
        }
        return found
    }

    private func hash(at place: Int) -> String? {
        guard place >= 0, place <= text.count - Self.markLength else { return nil }
        let mark = text[place..<place + Self.markLength]
        guard mark.starts(with: Self.opening), mark.suffix(Self.closing.count).elementsEqual(Self.closing) else {
            return nil
        }
        return String(decoding: mark.dropFirst(Self.opening.count).prefix(Self.hashLength), as: UTF8.self)
    }

    // MARK: Putting together

    /// The whole text again; `find` gives what a blob holds. Nil when one is missing, or the marks are damaged.
    package func joined<Fault: Error>(_ find: (String) throws(Fault) -> CutText?) throws(Fault) -> [UInt8]? {
        var whole: [UInt8] = []
        return try join(into: &whole, depth: 0, find) ? whole : nil
    }

    private func join<Fault: Error>(
        into whole: inout [UInt8], depth: Int, _ find: (String) throws(Fault) -> CutText?
    ) throws(Fault) -> Bool {
        var next = 0
        for place in places {
            guard depth < Self.greatestDepth, place >= next, let hash = hash(at: place) else { return false }
            whole += text[next..<place]
            guard let blob = try find(hash), try blob.join(into: &whole, depth: depth + 1, find) else { return false }
            next = place + Self.markLength
        }
        guard whole.count + text.count - next <= Self.greatestSize else { return false }
        whole += text[next...]
        return true
    }

    // MARK: Taking apart

    /// Takes out of a text every value that is great, and gives what was taken by its hash. Values within fewer than
    /// `depth` others stay, whatever their size. Nil when nothing is great, or the text is no JSON.
    package static func cutting(_ text: [UInt8], below depth: Int) -> (whole: CutText, blobs: [String: CutText])? {
        guard text.count > threshold else { return nil }
        let cutter = text.withUnsafeBytes { bytes -> Cutter? in
            var cutter = Cutter(bytes, below: depth)
            return (try? cutter.run()) == nil ? nil : cutter
        }
        guard let cutter, !cutter.blobs.isEmpty else { return nil }
        return (cutter.whole, cutter.blobs)
    }

    /// Copies a text value by value, and takes the end of the copy away where a great one ends.
    private struct Cutter {
        private let source: UnsafeRawBufferPointer
        private let depth: Int
        private var scanner: JSONScanner
        private var copied = 0
        private var open: [(isObject: Bool, start: Int, isFirst: Bool)] = []
        private(set) var whole = CutText(text: [])
        private(set) var blobs: [String: CutText] = [:]

        init(_ source: UnsafeRawBufferPointer, below depth: Int) {
            self.source = source
            self.depth = depth
            scanner = JSONScanner(source)
        }

        mutating func run() throws(JSONError) {
            repeat {
                if let container = open.last, try !hasMore(in: container) {
                    let (_, start, _) = open.removeLast()
                    end(startingAt: start)
                    continue
                }
                let byte = scanner.peek()
                copy()
                let start = whole.text.count
                switch byte {
                case UInt8(ascii: "{"):
                    try scanner.beginObject()
                    open.append((true, start, true))
                case UInt8(ascii: "["):
                    try scanner.beginArray()
                    open.append((false, start, true))
                default:
                    try scanner.skipValue()
                    end(startingAt: start)
                }
            } while !open.isEmpty
            try scanner.expectEnd()
            copy()
        }

        private mutating func hasMore(
            in container: (isObject: Bool, start: Int, isFirst: Bool)
        ) throws(JSONError) -> Bool {
            var isFirst = container.isFirst
            let isMore =
                try container.isObject
                ? scanner.nextMember(first: &isFirst) != nil : scanner.nextElement(first: &isFirst)
            open[open.count - 1].isFirst = isFirst
            return isMore
        }

        private mutating func copy() {
            whole.text.append(contentsOf: source[copied..<scanner.offset])
            copied = scanner.offset
        }

        /// A value has ended.
        private mutating func end(startingAt start: Int) {
            copy()
            guard whole.text.count - start >= threshold, open.count >= depth else { return }
            let inside = whole.places.drop { $0 < start }
            let blob = CutText(text: Array(whole.text[start...]), places: inside.map { $0 - start })
            let hash = blob.hash
            blobs[hash] = blob
            whole.places.removeLast(inside.count)
            whole.places.append(start)
            whole.text.removeSubrange(start...)
            whole.text += opening + Array(hash.utf8) + closing
        }
    }
}
