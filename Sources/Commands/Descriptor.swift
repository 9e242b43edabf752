import CSystem
import Glibc

/// An open file descriptor, closed with its owner.
package struct Descriptor: ~Copyable, Sendable {
    package let raw: Int32

    package init(owning raw: Int32) {
        self.raw = raw
    }

    deinit {
        close(raw)
    }
}

/// The two ends of a pipe, closed on exec.
package struct Pipe: ~Copyable, Sendable {
    package let reading: Descriptor
    package let writing: Descriptor

    /// Nil with `errno` set.
    package init?() {
        var ends: [Int32] = [-1, -1]
        guard fermata_pipe(&ends) == 0 else { return nil }
        reading = Descriptor(owning: ends[0])
        writing = Descriptor(owning: ends[1])
    }

    /// Closes the other end.
    package consuming func keepReading() -> Descriptor { reading }

    /// Closes the other end. What is kept does not block.
    package consuming func keepWriting() -> Descriptor {
        _ = fcntl(writing.raw, F_SETFL, O_NONBLOCK)
        return writing
    }
}
