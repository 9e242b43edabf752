import Glibc

/// Lines that a person types, taken as they come so that nobody waits in `read`.
struct LineReader {
    enum Line: Equatable {
        case text(String)
        /// The input is closed.
        case end
    }

    private let descriptor: Int32
    private var bytes: [UInt8] = []

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Call it when the descriptor is readable: nil while the line has no end.
    mutating func next() -> Line? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0 { return errno == EINTR || errno == EAGAIN ? nil : .end }
        bytes += buffer[..<count]
        if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: bytes[..<end], as: UTF8.self)
            // What was typed ahead of the question that it would answer is not an answer to it.
            bytes.removeAll()
            return .text(line.last == "\r" ? String(line.dropLast()) : line)
        }
        return count == 0 ? .end : nil
    }
}
