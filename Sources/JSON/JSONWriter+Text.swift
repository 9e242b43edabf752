/// Scalars as bytes, without the comma before them.
extension JSONWriter {
    mutating func append(_ number: JSONNumber) {
        if let int = number.storedInt { return appendDigits(of: int) }
        bytes.append(contentsOf: number.text.utf8)
    }

    mutating func appendDigits(of value: Int) {
        append(atMost: Pen.mostDigits) { $0.put(digitsOf: value) }
    }

    mutating func appendKey(_ name: StaticString) {
        let needsComma = needsComma
        append(atMost: name.utf8CodeUnitCount + 4) { $0.put(key: name, afterComma: needsComma) }
    }

    mutating func appendField(_ name: StaticString, _ value: Int) {
        let needsComma = needsComma
        append(atMost: name.utf8CodeUnitCount + 4 + Pen.mostDigits) { pen in
            pen.put(key: name, afterComma: needsComma)
            pen.put(digitsOf: value)
        }
    }

    mutating func appendField(_ name: StaticString, _ text: String) {
        let needsComma = needsComma
        text.withBytes { text in
            let end = endOfVerbatimRun(text, from: 0)
            guard end == text.count else {
                appendKey(name)
                return appendEscaped(text, verbatim: end)
            }
            append(atMost: name.utf8CodeUnitCount + 4 + text.count + 2) { pen in
                pen.put(key: name, afterComma: needsComma)
                pen.put(quoted: text)
            }
        }
    }

    /// Escapes what RFC 8259 demands, and nothing else.
    mutating func appendQuoted(_ text: String) {
        text.withBytes { text in
            let end = endOfVerbatimRun(text, from: 0)
            guard end == text.count else { return appendEscaped(text, verbatim: end) }
            // Most strings need no escape.
            append(atMost: text.count + 2) { $0.put(quoted: text) }
        }
    }

    /// One growth of the buffer, for as many bytes as `write` can put.
    @inline(__always)
    private mutating func append(atMost capacity: Int, _ write: (inout Pen) -> Void) {
        bytes.append(addingCapacity: capacity) { span in
            span.withUnsafeMutableBufferPointer { buffer, count in
                let start = buffer.baseAddress! + count
                var pen = Pen(place: start)
                write(&pen)
                count += pen.place - start
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

/// Where the next bytes go, in room that was made for all of them.
private struct Pen {
    /// A sign, and the digits of the greatest magnitude.
    static let mostDigits = 20

    fileprivate private(set) var place: UnsafeMutablePointer<UInt8>

    init(place: UnsafeMutablePointer<UInt8>) { self.place = place }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        place.initialize(to: byte)
        place += 1
    }

    @inline(__always)
    mutating func put(quoted text: UnsafeRawBufferPointer) {
        put(.quote)
        put(text)
        put(.quote)
    }

    /// A name that needs no escape.
    @inline(__always)
    mutating func put(key name: StaticString, afterComma: Bool) {
        if afterComma { put(.comma) }
        put(quoted: UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        put(.colon)
    }

    @inline(__always)
    mutating func put(digitsOf value: Int) {
        if value < 0 { put(.minus) }
        let length = decimalLength(of: value.magnitude)
        var rest = value.magnitude
        for index in (0..<length).reversed() {
            place[index] = .zero &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        place += length
    }

    @inline(__always)
    private mutating func put(_ text: UnsafeRawBufferPointer) {
        guard let start = text.baseAddress else { return }
        UnsafeMutableRawPointer(place).copyMemory(from: start, byteCount: text.count)
        place += text.count
    }
}

extension String {
    /// Where the bytes lie; a string that the runtime brought from elsewhere is copied for it.
    @inline(__always)
    fileprivate func withBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
        let isDone: Void? = utf8.withContiguousStorageIfAvailable { body(UnsafeRawBufferPointer($0)) }
        if isDone != nil { return }
        var copy = self
        copy.withUTF8 { body(UnsafeRawBufferPointer($0)) }
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
