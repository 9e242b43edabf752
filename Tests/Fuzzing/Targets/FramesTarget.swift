import RPCTransport

/// However the bytes are cut, they hold the same messages. The first byte says how they are, the second how long a
/// message may be.
func checkFrames(_ bytes: UnsafeRawBufferPointer) throws(BrokenPromise) {
    guard bytes.count > 2 else { return }
    let (size, limit) = (1 + Int(bytes[0] % 64), 1 + Int(bytes[1]))
    let input = UnsafeRawBufferPointer(rebasing: bytes[2...])
    let whole = frames(of: input, in: max(1, input.count), limit: limit)
    for size in [1, size] {
        let pieces = frames(of: input, in: size, limit: limit)
        try promise(pieces.count == whole.count, "In pieces of \(size) there are as many frames as in the whole.")
        for (piece, whole) in zip(pieces, whole) {
            try promise(piece.isLike(whole), "In pieces of \(size) it is \(whole), and not \(piece).")
        }
    }
}

private enum FoundFrame {
    case message([UInt8])
    case tooLarge(prefix: [UInt8])
    case halfAtEnd
    case broken(String)

    /// How much there is of what is too large depends on how it came.
    func isLike(_ other: FoundFrame) -> Bool {
        switch (self, other) {
        case (.message(let text), .message(let other)): text == other
        case (.tooLarge(let prefix), .tooLarge(let other)): prefix.starts(with: other) || other.starts(with: prefix)
        case (.halfAtEnd, .halfAtEnd): true
        case (.broken(let sentence), .broken(let other)): sentence == other
        default: false
        }
    }
}

private func frames(of input: UnsafeRawBufferPointer, in size: Int, limit: Int) -> [FoundFrame] {
    var decoder = FrameDecoder(maxMessageBytes: limit)
    var found: [FoundFrame] = []
    var rest = input[...]
    var isAtEnd = false
    while !isAtEnd {
        if rest.isEmpty {
            isAtEnd = true
            decoder.finish()
        } else {
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(size))
            let count = decoder.fill { room in
                room.copyBytes(from: piece.prefix(room.count))
                return min(room.count, piece.count)
            }
            rest = rest.dropFirst(count)
        }
        while let frame = decoder.next() { found.append(FoundFrame(frame, in: decoder)) }
    }
    return found
}

extension FoundFrame {
    init(_ frame: FrameDecoder.Frame, in decoder: borrowing FrameDecoder) {
        switch frame {
        case .message(let range): self = .message(Array(decoder.bytes(range)))
        case .tooLarge(let range): self = .tooLarge(prefix: Array(decoder.bytes(range)))
        case .halfAtEnd: self = .halfAtEnd
        case .broken(let sentence): self = .broken(sentence)
        }
    }
}
