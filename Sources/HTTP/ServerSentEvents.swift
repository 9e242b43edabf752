internal import Glibc

/// Cuts a stream of server-sent events into events, as the HTML standard describes them, however its bytes are cut.
package struct ServerSentEvents {
    package struct Event {
        /// Empty where it has none.
        package var name: [UInt8] = []
        package var data: [UInt8] = []
    }

    /// The most bytes of one event; a server that sends more is not to be listened to.
    private static let limit = 16 << 20

    /// The bytes of a line that has not ended.
    private var line: [UInt8] = []
    private var event = Event()
    private var hasData = false
    /// Whether the last byte was a carriage return, whose line feed ends nothing more.
    private var isAfterReturn = false
    private var isAtStart = true

    package init() {}

    /// The events that end within the bytes; nil when one is too large.
    package mutating func feed(_ bytes: UnsafeRawBufferPointer) -> [Event]? {
        var (events, start) = ([Event](), 0)
        while start < bytes.count {
            if isAfterReturn {
                isAfterReturn = false
                if bytes[start] == Self.lineFeed {
                    start += 1
                    continue
                }
            }
            let end = Self.endOfLine(in: bytes, from: start)
            line.append(contentsOf: bytes[start..<end])
            guard line.count + event.data.count <= Self.limit else { return nil }
            guard end < bytes.count else { return events }
            isAfterReturn = bytes[end] == Self.carriageReturn
            if let ended = takeLine() { events.append(ended) }
            line.removeAll(keepingCapacity: true)
            start = end + 1
        }
        return events
    }

    /// The event that the line ends.
    private mutating func takeLine() -> Event? {
        if isAtStart {
            isAtStart = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else {
            defer { (event, hasData) = (Event(), false) }
            return hasData ? event : nil
        }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.count
        var value = line[min(colon + 1, line.count)...]
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        if line[..<colon].elementsEqual("data".utf8) {
            if hasData { event.data.append(Self.lineFeed) }
            hasData = true
            event.data.append(contentsOf: value)
        } else if line[..<colon].elementsEqual("event".utf8) {
            event.name = Array(value)
        }
        return nil
    }

    private static func endOfLine(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] != lineFeed, bytes[end] != carriageReturn { end += 1 }
        return end
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
}
