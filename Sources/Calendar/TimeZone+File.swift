extension TimeZone {
    /// Reads a file in the format of RFC 9636 (TZif), of version 2 or later; nil for anything else.
    init?(file: [UInt8]) {
        // The first block tells with 32 bits what the second tells with 64.
        guard let first = Header(file, at: 0), first.version >= UInt8(ascii: "2"),
            let header = Header(file, at: Header.size + first.blockSize(wordSize: 4))
        else { return nil }
        let times = header.position + Header.size
        let kinds = times + header.timeCount * 8
        let types = kinds + header.timeCount
        let footer = times + header.blockSize(wordSize: 8)
        guard footer < file.count, file[footer] == UInt8(ascii: "\n"), header.typeCount > 0 else { return nil }
        let offsets = (0..<header.typeCount).map {
            Int(Int32(truncatingIfNeeded: file.number(types + $0 * 6, size: 4)))
        }
        var changes: [(seconds: Int64, offset: Int)] = []
        changes.reserveCapacity(header.timeCount)
        for index in 0..<header.timeCount {
            guard Int(file[kinds + index]) < offsets.count else { return nil }
            let seconds = Int64(bitPattern: file.number(times + index * 8, size: 8))
            changes.append((seconds, offsets[Int(file[kinds + index])]))
        }
        let rule = file[(footer + 1)...].prefix { $0 != UInt8(ascii: "\n") }
        self.init(changes: changes, firstOffset: offsets[0], rule: ZoneRule(parsing: rule))
    }
}

/// What a block of the file begins with.
private struct Header {
    static let size = 44

    let position: Int
    let version: UInt8
    let timeCount: Int
    let typeCount: Int
    private let otherCounts: (isUTC: Int, isStandard: Int, leap: Int, character: Int)

    init?(_ file: [UInt8], at position: Int) {
        guard position + Self.size <= file.count, file[position..<position + 4].elementsEqual("TZif".utf8) else {
            return nil
        }
        func count(_ place: Int) -> Int { Int(file.number(position + 20 + place * 4, size: 4)) }
        self.position = position
        version = file[position + 4]
        otherCounts = (count(0), count(1), count(2), count(5))
        timeCount = count(3)
        typeCount = count(4)
        guard position + Self.size + blockSize(wordSize: 4) <= file.count else { return nil }
    }

    func blockSize(wordSize: Int) -> Int {
        timeCount * (wordSize + 1) + typeCount * 6 + otherCounts.character + otherCounts.leap * (wordSize + 4)
            + otherCounts.isStandard + otherCounts.isUTC
    }
}

extension [UInt8] {
    /// Big-endian.
    fileprivate func number(_ place: Int, size: Int) -> UInt64 {
        self[place..<place + size].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
