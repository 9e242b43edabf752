internal import Glibc
internal import Synchronization

/// The system's time zones, each read when it is first asked for.
enum ZoneDatabase {
    private static let folder = "/usr/share/zoneinfo/"
    /// No zone's file is nearly as long.
    private static let greatestSize = 65_536
    /// As many as the files there are, at most.
    private static let known = Mutex<[String: TimeZone]>([:])

    static func zone(named name: String) -> TimeZone? {
        if let zone = known.withLock({ $0[name] }) { return zone }
        guard isName(name), let bytes = contents(of: folder + name), let zone = TimeZone(file: bytes) else {
            return nil
        }
        known.withLock { $0[name] = zone }
        return zone
    }

    /// No path that leads anywhere else.
    private static func isName(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return name.utf8.count <= 64
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "_") || "+-".utf8.contains($0) }
            }
    }

    private static func contents(of path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var end = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: greatestSize) { buffer, count in
            while end < greatestSize {
                let read = read(file, buffer.baseAddress! + end, greatestSize - end)
                guard read > 0 else { break }
                end += read
            }
            count = end
        }
        return bytes
    }
}

extension UInt8 {
    var isLetterOrDigit: Bool { (self | 0x20) &- 0x61 < 26 || self &- 0x30 < 10 }
}
