/// Scalars as bytes, without the comma before them.
extension JSONWriter {
    mutating func append(_ number: JSONNumber) {
        if let int = number.storedInt { return appendDigits(of: int) }
        bytes.append(contentsOf: number.text.utf8)
    }

    mutating func appendDigits(of value: Int) {
        let length = decimalLength(of: value.magnitude)
        bytes.append(addingCapacity: length + 1) { span in
            if value < 0 { span.append(.minus) }
            span.withUnsafeMutableBufferPointer { buffer, count in
                var rest = value.magnitude
                for index in (count..<count + length).reversed() {
                    buffer[index] = .zero &+ UInt8(truncatingIfNeeded: rest % 10)
                    rest /= 10
                }
                count += length
            }
        }
    }

    /// A name that needs no escape, with the comma before it and the colon after it: one growth of the buffer.
    mutating func appendKey(_ name: UnsafeRawBufferPointer) {
        let needsComma = needsComma
        bytes.append(addingCapacity: name.count + 4) { span in
            if needsComma { span.append(.comma) }
            span.append(.quote)
            span.append(verbatim: name)
            span.append(.quote)
            span.append(.colon)
        }
    }

    /// Escapes what RFC 8259 demands, and nothing else.
    mutating func appendQuoted(_ text: String) {
        var text = text
        text.withUTF8 { text in
            let text = UnsafeRawBufferPointer(text)
            let end = endOfVerbatimRun(text, from: 0)
            guard end == text.count else { return appendEscaped(text, verbatim: end) }
            // Most strings need no escape: one growth of the buffer, one copy.
            bytes.append(addingCapacity: text.count + 2) { span in
                span.append(.quote)
                span.append(verbatim: text)
                span.append(.quote)
            }
        }
    }

    /// `end` bytes stand before the first that must be escaped.
    private mutating func appendEscaped(_ text: UnsafeRawBufferPointer, verbatim end: Int) {
        bytes.append(.quote)
        var (start, end) = (0, end)
        while end < text.count {
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<end]))
            appendEscape(of: text[end])
            start = end + 1
            end = endOfVerbatimRun(text, from: start)
        }
        bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<end]))
        bytes.append(.quote)
    }

    private mutating func appendEscape(of byte: UInt8) {
        bytes.append(.backslash)
        switch byte {
        case .quote, .backslash: bytes.append(byte)
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(.zero &+ byte >> 4)
            bytes.append(byte & 15 < 10 ? .zero &+ byte & 15 : 0x57 &+ byte & 15)
        }
    }

    private func endOfVerbatimRun(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
        var end = start
        while end &+ 8 <= text.count {
            let run = Octet(text, at: end).verbatim
            end &+= run
            guard run == 8 else { return end }
        }
        while end < text.count, text[end] >= 0x20, text[end] != .quote, text[end] != .backslash { end &+= 1 }
        return end
    }
}

extension OutputSpan<UInt8> {
    @inline(__always)
    fileprivate mutating func append(verbatim text: UnsafeRawBufferPointer) {
        withUnsafeMutableBufferPointer { buffer, count in
            UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                .copyMemory(from: text)
            count += text.count
        }
    }
}

private func decimalLength(of magnitude: UInt) -> Int {
    var (length, bound) = (1, UInt(10))
    // The greatest magnitude of an Int has 19 digits, so the bound cannot overflow.
    while length < 19, magnitude >= bound {
        length += 1
        bound *= 10
    }
    return length
}
