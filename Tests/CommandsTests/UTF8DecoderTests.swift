import Testing

@testable import Commands

@Suite("Text from bytes as they come")
struct UTF8DecoderTests {
    private static let texts: [[UInt8]] = [
        Array("aé€😀z".utf8),
        [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98],
        [0xFF, 0x41, 0x80, 0x80, 0x80, 0x80, 0x42],
        [0xE0, 0x80, 0x80, 0xED, 0xA0, 0x80, 0xF4, 0x90, 0x80, 0x80, 0xC0, 0xAF, 0xF5, 0x80],
        [0xE2, 0x82, 0xE2, 0x82, 0xAC, 0xC3, 0xC3, 0xA9],
    ]

    @Test("Wherever bytes are cut, the text is that of the whole", arguments: texts)
    func cuts(bytes: [UInt8]) {
        let whole = String(decoding: bytes, as: UTF8.self)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                var decoder = UTF8Decoder()
                var text = ""
                for piece in [bytes[..<first], bytes[first..<second], bytes[second...]] {
                    text += piece.withUnsafeBytes { decoder.decode($0) }
                }
                #expect(text + decoder.finish() == whole)
            }
        }
    }

    @Test("Nothing waits that could be said", arguments: texts)
    func prompt(bytes: [UInt8]) {
        var decoder = UTF8Decoder()
        let said = bytes.withUnsafeBytes { decoder.decode($0) }
        #expect(said.utf8.count + 3 >= String(decoding: bytes, as: UTF8.self).utf8.count)
        var plain = UTF8Decoder()
        #expect(Array("aé€😀".utf8).withUnsafeBytes { plain.decode($0) } == "aé€😀")
    }
}
