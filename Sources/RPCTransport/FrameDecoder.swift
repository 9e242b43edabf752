internal import Glibc

/// Cuts the bytes of a peer into messages, in whichever framing the peer begins to speak.
///
/// Feed it with `fill`, take frames with `next` until there is none, then fill again. Small reads cost no more than
/// large ones, and it holds at most one message, of `maxMessageBytes`, beside what one read brings.
package struct FrameDecoder: ~Copyable {
    package enum Frame: Equatable {
        /// A message's text, which is not empty in `lines`.
        case message(Range<Int>)
        /// A message over the limit, of which only this beginning is kept; the rest is skipped.
        case tooLarge(prefix: Range<Int>)
        /// The input ended within a message.
        case halfAtEnd
        /// Nobody can tell where the next message begins. There are no more frames.
        case broken(String)
    }

    /// What one read asks for; the buffer grows beyond it only as a message does.
    private static let readSize = 65536
    /// Of what is too large, the part that may still tell its id.
    static let prefixLimit = 4096

    /// Nil until the first byte that is not blank.
    package private(set) var framing: Framing?

    let maxMessageBytes: Int
    var state: State
    var isAtEnd = false
    /// The bytes from `start` to `end` are not yet taken, and up to `searched` there is no line end among them.
    var start = 0
    var searched = 0
    private(set) var end = 0
    private var storage: UnsafeMutableRawBufferPointer

    enum State {
        case undecided
        case line
        case restOfLine
        case header(HeaderBlock)
        case body(Int)
        case largeBody(Int)
        case restOfBody(Int)
        case ended
    }

    /// `framing` is what the peer is known to speak, where that is not left to it.
    package init(maxMessageBytes: Int, framing: Framing? = nil) {
        self.maxMessageBytes = maxMessageBytes
        self.framing = framing
        switch framing {
        case .lines: state = .line
        case .headers: state = .header(HeaderBlock())
        case nil: state = .undecided
        }
        storage = .allocate(byteCount: Self.readSize, alignment: 16)
    }

    deinit { storage.deallocate() }

    /// Lets `read` put bytes into the room it is given; it returns how many, and so does this. Ranges and bytes that
    /// were taken before are no longer valid.
    package mutating func fill(_ read: (UnsafeMutableRawBufferPointer) -> Int) -> Int {
        makeRoom()
        let room = UnsafeMutableRawBufferPointer(rebasing: storage[end..<min(storage.count, end + Self.readSize)])
        let count = read(room)
        end += max(count, 0)
        return count
    }

    /// Says that no more bytes will come; what is left is then a frame too.
    package mutating func finish() { isAtEnd = true }

    /// The next frame among the bytes at hand.
    package mutating func next() -> Frame? {
        while true {
            switch state {
            case .undecided: guard decide() else { return nil }
            case .line: return nextLine()
            case .restOfLine: guard skipLine() else { return nil }
            case .header(let block):
                switch readHeader(block) {
                case .frame(let frame): return frame
                case .again: continue
                case .wait: return nil
                }
            case .body(let length): return body(length)
            case .largeBody(let length): return largeBody(length)
            case .restOfBody(let length): guard skipBody(length) else { return nil }
            case .ended: return nil
            }
        }
    }

    /// The bytes at a range that a frame gave; valid until the next `fill`.
    package func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: storage[range])
    }

    /// What it holds of the memory.
    var capacity: Int { storage.count }

    /// The next line end that has not been passed yet.
    mutating func lineEnd() -> Int? {
        guard searched < end, let base = storage.baseAddress else { return nil }
        guard let found = memchr(base + searched, 0x0A, end - searched) else {
            searched = end
            return nil
        }
        return found - UnsafeMutableRawPointer(base)
    }

    mutating func take(to position: Int) {
        start = position
        searched = position
    }

    /// Moves what is left to the front, which happens once to each byte at most after the read that brought it.
    private mutating func makeRoom() {
        let left = end - start
        if start > 0 {
            memmove(storage.baseAddress!, storage.baseAddress! + start, left)
            (start, searched, end) = (0, searched - start, left)
        }
        if storage.count - left < Self.readSize / 2 {
            reallocate(storage.count * 2)
        } else if left == 0, storage.count > Self.readSize {
            reallocate(Self.readSize)
        }
    }

    private mutating func reallocate(_ size: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<end]))
        storage.deallocate()
        storage = larger
    }

    /// Steps over a byte order mark and blank lines to the byte that tells the framing. False when it is not there yet.
    private mutating func decide() -> Bool {
        while start < end {
            let byte = storage[start]
            if byte == 0xEF, end - start < 3, !isAtEnd { return false }
            if byte == 0xEF, end - start >= 3, storage[start + 1] == 0xBB, storage[start + 2] == 0xBF {
                take(to: start + 3)
            } else if byte.isBlank {
                take(to: start + 1)
            } else {
                let isHeader = byte | 0x20 == UInt8(ascii: "c")
                framing = isHeader ? .headers : .lines
                state = isHeader ? .header(HeaderBlock()) : .line
                return true
            }
        }
        return false
    }
}

extension UInt8 {
    /// White space of JSON, which is also all that may stand on a blank line.
    var isBlank: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}

extension UnsafeRawBufferPointer {
    var isBlank: Bool {
        for byte in self where !byte.isBlank { return false }
        return true
    }
}
