import Glibc

/// A file of a test's own, which goes with it.
final class TemporaryFile: Sendable {
    let path: String

    init(_ text: String? = nil) throws {
        var template = Array("/tmp/fermata-agents-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard descriptor >= 0 else { throw Missing() }
        close(descriptor)
        if let text { self.text = text } else { unlink(path) }
    }

    deinit { unlink(path) }

    var text: String {
        get {
            guard let file = fopen(path, "r") else { return "" }
            defer { fclose(file) }
            var bytes: [UInt8] = []
            var room = [UInt8](repeating: 0, count: 65536)
            while case let count = fread(&room, 1, room.count, file), count > 0 { bytes += room[..<count] }
            return String(decoding: bytes, as: UTF8.self)
        }
        set {
            guard let file = fopen(path, "w") else { return }
            fputs(newValue, file)
            fclose(file)
        }
    }

    var lines: [Substring] { text.split(separator: "\n") }

    struct Missing: Error {}
}
