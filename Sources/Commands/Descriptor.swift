import CSystem
import Glibc

/// An open file descriptor, closed with its owner.
struct Descriptor: ~Copyable, Sendable {
    let raw: Int32

    init(owning raw: Int32) {
        self.raw = raw
    }

    deinit {
        close(raw)
    }
}

/// The two ends of a pipe, closed on exec.
struct Pipe: ~Copyable, Sendable {
    let reading: Descriptor
    let writing: Descriptor

    /// Nil with `errno` set.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard fermata_pipe(&ends) == 0 else { return nil }
        reading = Descriptor(owning: ends[0])
        writing = Descriptor(owning: ends[1])
    }

    /// Closes the other end.
    consuming func keepReading() -> Descriptor { reading }

    /// Closes the other end. What is kept does not block.
    consuming func keepWriting() -> Descriptor {
        _ = fcntl(writing.raw, F_SETFL, O_NONBLOCK)
        return writing
    }
}
