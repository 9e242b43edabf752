/// What a text looks like within other bytes that are written in base64.
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The digits that depend on the text alone. Three bytes are four digits, so there are three ways to begin; and two
    /// alphabets.
    static func cores(of text: String) -> Set<String> {
        var cores: Set<String> = []
        for place in 0..<3 {
            let core = digits(of: text.utf8, from: place)
            cores.insert(core)
            cores.insert(String(core.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }))
        }
        return cores
    }

    /// Those whose six bits all come from the bytes, of which the first is at a place within a group of three.
    private static func digits(of bytes: some Sequence<UInt8>, from place: Int) -> String {
        var written: [UInt8] = []
        var (bits, count) = (0, 0)
        // The digit that the bytes before begin, and these only end.
        var left = place == 0 ? 0 : 6 - place * 8 % 6
        for byte in bytes {
            (bits, count) = (bits << 8 | Int(byte), count + 8)
            if left > 0 { (count, left) = (count - left, 0) }
            while count >= 6 {
                count -= 6
                written.append(digits[bits >> count & 63])
            }
            bits &= 63
        }
        return String(decoding: written, as: UTF8.self)
    }
}
