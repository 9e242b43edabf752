import Glibc

/// One of a process's outputs: read as it comes, and kept for the result.
struct CommandOutput: ~Copyable {
    private(set) var text = ""
    private var decoder = UTF8Decoder()
    private var room: Int
    private var pipe: Descriptor?

    init(reading pipe: consuming Descriptor, limit: Int) {
        self.pipe = consume pipe
        room = limit
    }

    /// Nil once the pipe is closed.
    var descriptor: Int32? {
        switch pipe {
        case .some(let pipe): pipe.raw
        case nil: nil
        }
    }

    /// Reads once, which does not wait when `poll` said so. Gives the new text; nil when there is more than may be
    /// kept.
    mutating func read(through buffer: UnsafeMutableRawBufferPointer) -> String? {
        guard let descriptor else { return "" }
        let count = Glibc.read(descriptor, buffer.baseAddress!, buffer.count)
        guard count > 0 else { return errno == EINTR && count < 0 ? "" : close() }
        guard count <= room else { return nil }
        room -= count
        let piece = decoder.decode(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        text += piece
        return piece
    }

    /// Reads no further. Gives what a cut character became.
    mutating func close() -> String {
        pipe = nil
        let piece = decoder.finish()
        text += piece
        return piece
    }
}

/// What a process is given on its stdin: written as it takes it.
struct CommandInput: ~Copyable {
    private let bytes: [UInt8]
    private var written = 0
    private var pipe: Descriptor?

    /// `pipe` does not block; nil where there is nothing to write.
    init(_ text: String, writing pipe: consuming Descriptor?) {
        bytes = Array(text.utf8)
        self.pipe = consume pipe
    }

    /// Nil once all is written, or nobody reads it any more.
    var descriptor: Int32? {
        switch pipe {
        case .some(let pipe): pipe.raw
        case nil: nil
        }
    }

    mutating func write() {
        guard let descriptor else { return }
        let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress!, $0.count) }
        if count > 0 {
            written += count
        } else if errno != EAGAIN, errno != EINTR {
            close()
        }
        if written == bytes.count { close() }
    }

    mutating func close() {
        pipe = nil
    }
}
