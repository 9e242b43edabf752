/// Texts after headers.
extension FrameDecoder {
    enum HeaderStep {
        case frame(Frame)
        case again
        case wait
    }

    /// Reads header lines; after the blank one that ends them, the state is the body.
    mutating func readHeader(_ block: HeaderBlock) -> HeaderStep {
        var block = block
        while let lineEnd = lineEnd() {
            let outcome = block.read(bytes(start..<lineEnd))
            take(to: lineEnd + 1)
            switch outcome {
            case .header: continue
            case .end(let length):
                state = length > maxMessageBytes ? .largeBody(length) : .body(length)
                return .again
            case .broken(let sentence): return .frame(fail(sentence))
            }
        }
        guard block.byteCount + (end - start) <= HeaderBlock.maxBytes else {
            return .frame(fail("The header of a message is longer than \(HeaderBlock.maxBytes) bytes."))
        }
        state = .header(block)
        guard isAtEnd else { return .wait }
        state = .ended
        let isHalf = block.byteCount > 0 || !bytes(start..<end).isBlank
        return isHalf ? .frame(.halfAtEnd) : .wait
    }

    mutating func body(_ length: Int) -> Frame? {
        guard end - start >= length else {
            guard isAtEnd else { return nil }
            state = .ended
            return .halfAtEnd
        }
        let text = start..<start + length
        take(to: text.upperBound)
        state = .header(HeaderBlock())
        return .message(text)
    }

    mutating func largeBody(_ length: Int) -> Frame? {
        let kept = min(length, Self.prefixLimit)
        guard end - start >= kept || isAtEnd else { return nil }
        state = .restOfBody(length)
        return .tooLarge(prefix: start..<min(end, start + kept))
    }

    /// Drops what is left of a body. False when its end is not there yet.
    mutating func skipBody(_ length: Int) -> Bool {
        let dropped = min(length, end - start)
        take(to: start + dropped)
        state = dropped < length ? .restOfBody(length - dropped) : .header(HeaderBlock())
        return dropped == length
    }

    private mutating func fail(_ sentence: String) -> Frame {
        state = .ended
        return .broken(sentence)
    }
}

/// The header lines before a text.
struct HeaderBlock {
    enum Outcome {
        case header
        case end(length: Int)
        case broken(String)
    }

    static let maxBytes = 16384

    private(set) var byteCount = 0
    private var length: Int?

    /// Reads a line, given without its line feed. Blank lines before the first header mean nothing.
    mutating func read(_ line: UnsafeRawBufferPointer) -> Outcome {
        if line.isBlank {
            guard byteCount > 0 else { return .header }
            guard let length else { return .broken("The header of a message has no Content-Length.") }
            return .end(length: length)
        }
        byteCount += line.count + 1
        guard byteCount <= Self.maxBytes else {
            return .broken("The header of a message is longer than \(Self.maxBytes) bytes.")
        }
        guard let colon = endOfName(line), line[colon] == UInt8(ascii: ":") else {
            return .broken("A header line must be a name, a colon and a value.")
        }
        guard isContentLength(line, colon) else { return .header }
        guard let value = decimal(UnsafeRawBufferPointer(rebasing: line[(colon + 1)...])) else {
            return .broken("Content-Length must be a number of bytes, in decimal digits.")
        }
        guard length == nil || length == value else { return .broken("A message has two different Content-Lengths.") }
        length = value
        return .header
    }

    /// The first byte that is no part of a name; nil when the name is empty, or all there is.
    private func endOfName(_ line: UnsafeRawBufferPointer) -> Int? {
        for index in line.indices where !line[index].isNamePart { return index > 0 ? index : nil }
        return nil
    }

    private func isContentLength(_ line: UnsafeRawBufferPointer, _ colon: Int) -> Bool {
        let name: StaticString = "content-length"
        guard colon == name.utf8CodeUnitCount else { return false }
        for index in 0..<colon where line[index] | 0x20 != name.utf8Start[index] { return false }
        return true
    }

    /// Digits between blanks; nil for anything else, and for what no `Int` holds.
    private func decimal(_ text: UnsafeRawBufferPointer) -> Int? {
        var (first, last) = (0, text.count)
        while first < last, text[first].isBlank { first += 1 }
        while first < last, text[last - 1].isBlank { last -= 1 }
        guard first < last else { return nil }
        var value = 0
        for byte in text[first..<last] {
            guard byte.isDigit else { return nil }
            let (shifted, isTooGreat) = value.multipliedReportingOverflow(by: 10)
            let (sum, isGreater) = shifted.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            guard !isTooGreat, !isGreater else { return nil }
            value = sum
        }
        return value
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }

    /// What the name of a header may consist of (RFC 9110, section 5.6.2).
    fileprivate var isNamePart: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"): true
        default: isDigit || "!#$%&'*+.^_`|~".utf8.contains(self)
        }
    }
}
