import Glibc
import JSON

/// Files as commands take them.
enum File {
    private static let sizeLimit = 64 << 20

    /// The JSON in a file; `-` is standard input.
    static func json(_ path: String) throws(Complaint) -> JSONValue {
        try parse(text(path), name: path)
    }

    /// The text of a file; `-` is standard input.
    static func text(_ path: String) throws(Complaint) -> String {
        String(decoding: try bytes(path), as: UTF8.self)
    }

    static func parse(_ text: String, name: String) throws(Complaint) -> JSONValue {
        do { return try JSONValue(parsing: text) } catch {
            let before = text.utf8.prefix(error.offset)
            let line = before.count { $0 == UInt8(ascii: "\n") } + 1
            let start = before.lastIndex(of: UInt8(ascii: "\n")).map { before.index(after: $0) } ?? before.startIndex
            let column = before[start...].count + 1
            throw .usage("\(name) is not JSON: line \(line), column \(column): \(error.message)")
        }
    }

    private static func bytes(_ path: String) throws(Complaint) -> [UInt8] {
        let descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= sizeLimit else { throw .usage("\(path) is larger than \(sizeLimit >> 20) MiB.") }
        }
    }

    /// What a folder holds, by name, hidden files left out.
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// Makes the folders that lead to a path, where there are none.
    static func makeFolders(above path: String) {
        for (index, character) in path.enumerated() where character == "/" && index > 0 {
            mkdir(String(path.prefix(index)), 0o777)
        }
    }

    /// Makes the file, or puts the text in place of what it held.
    static func write(_ text: String, to path: String) throws(Complaint) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw unwritable(path) }
        defer { close(descriptor) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw unwritable(path) }
            rest = rest.dropFirst(count)
        }
    }

    private static func unwritable(_ path: String) -> Complaint {
        .usage("\(path) cannot be written: \(String(cString: strerror(errno))).")
    }

    private static func unreadable(_ path: String) -> Complaint {
        .usage("\(path) cannot be read: \(String(cString: strerror(errno))).")
    }
}
