internal import Glibc

/// How the text of an append stands in its row.
///
/// What an event is called is said at its beginning, and such beginnings are a sixth of a usual journal. In a row a
/// byte stands for each: one that JSON has no place for, so that it can mean nothing else. Nobody but this room knows.
/// Rows that were written before have no such byte, and are read as they are.
enum Shorthand {
    /// The byte that stands for `["name"`. Names can be added; none may go, or be given another byte.
    static let names: [(byte: UInt8, name: StaticString)] = [
        (0x01, "run/created"), (0x02, "run/forked"), (0x03, "run/imported"), (0x04, "run/statusChanged"),
        (0x05, "step/started"), (0x06, "step/completed"), (0x07, "step/failed"), (0x08, "agent/turned"),
        (0x0E, "agent/told"), (0x0F, "tool/called"), (0x10, "tool/returned"), (0x11, "execution/inputRequested"),
        (0x12, "execution/approvalRequested"), (0x13, "execution/voteRecorded"),
        (0x14, "execution/interactionResolved"), (0x15, "execution/log"), (0x16, "execution/signalReceived"),
        (0x17, "run/ending"), (0x18, "run/retryScheduled"), (0x19, "run/timedOut"), (0x1A, "run/completed"),
        (0x1B, "run/failed"), (0x1C, "run/cancelled"),
    ]

    static func shortened(_ text: [UInt8]) -> [UInt8] {
        text.withUnsafeBytes { text in
            guard let start = text.baseAddress else { return [] }
            return [UInt8](unsafeUninitializedCapacity: text.count) { short, count in
                func take(_ range: Range<Int>) {
                    memcpy(short.baseAddress! + count, start + range.lowerBound, range.count)
                    count += range.count
                }
                var (taken, place) = (0, 0)
                while let bracket = memchr(start + place, Int32(UInt8(ascii: "[")), text.count - place) {
                    let beginning = UnsafeRawPointer(bracket) - start
                    place = beginning + 1
                    guard let (byte, name) = name(after: UnsafeRawBufferPointer(rebasing: text[place...])) else {
                        continue
                    }
                    take(taken..<beginning)
                    short[count] = byte
                    count += 1
                    place += name.utf8CodeUnitCount + 2
                    taken = place
                }
                take(taken..<text.count)
            }
        }
    }

    /// The inverse.
    static func whole(_ text: UnsafeRawBufferPointer) -> [UInt8] {
        guard let first = text.firstIndex(where: { $0 < 0x20 }) else { return Array(text) }
        var whole: [UInt8] = []
        whole.reserveCapacity(text.count + 128)
        whole.append(contentsOf: text[..<first])
        for byte in text[first...] {
            guard byte < 0x20, let name = names.first(where: { $0.byte == byte })?.name else {
                whole.append(byte)
                continue
            }
            whole.append(UInt8(ascii: "["))
            whole.append(UInt8(ascii: "\""))
            whole.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
            whole.append(UInt8(ascii: "\""))
        }
        return whole
    }

    /// The name that stands here between quotes, if it is one of an event.
    private static func name(after text: UnsafeRawBufferPointer) -> (byte: UInt8, name: StaticString)? {
        guard text.first == UInt8(ascii: "\"") else { return nil }
        return names.first { _, name in
            let end = name.utf8CodeUnitCount + 1
            return end < text.count && text[end] == UInt8(ascii: "\"")
                && memcmp(text.baseAddress! + 1, name.utf8Start, end - 1) == 0
        }
    }
}
