/// Turns bytes into text as they come: a character that is cut waits for its rest, invalid bytes become U+FFFD.
struct UTF8Decoder {
    /// A lead byte and what followed it, at most three bytes.
    private var cut: [UInt8] = []

    mutating func decode(_ bytes: UnsafeRawBufferPointer) -> String {
        let whole = cut + bytes
        let end = Self.completeLength(of: whole)
        cut = Array(whole[end...])
        return String(decoding: whole[..<end], as: UTF8.self)
    }

    /// What is left when no more bytes come.
    mutating func finish() -> String {
        defer { cut = [] }
        return String(decoding: cut, as: UTF8.self)
    }

    /// A lead byte never continues a character, so the text before the last one can be decoded alone.
    private static func completeLength(of bytes: [UInt8]) -> Int {
        for distance in 1...3 where distance <= bytes.count {
            let byte = bytes[bytes.count - distance]
            let length =
                switch byte {
                case 0xC2...0xDF: 2
                case 0xE0...0xEF: 3
                case 0xF0...0xF4: 4
                default: 1
                }
            if length > distance { return bytes.count - distance }
            if byte & 0xC0 != 0x80 { break }
        }
        return bytes.count
    }
}
