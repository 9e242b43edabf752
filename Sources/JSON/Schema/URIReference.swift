/// A URI or a relative reference in its parts (RFC 3986). Every text has them, so reading one cannot fail.
struct URIReference {
    private var scheme: String?
    private var authority: String?
    private var path: String
    private var query: String?
    /// What follows `#`, not yet decoded.
    private(set) var fragment: String?

    init(_ text: String) {
        var rest = text.utf8[...]
        fragment = Self.cut(&rest, from: UInt8(ascii: "#"))
        query = Self.cut(&rest, from: UInt8(ascii: "?"))
        if let colon = rest.firstIndex(where: { !$0.isSchemeCharacter }), rest[colon] == .colon, colon > rest.startIndex
        {
            scheme = String(rest[..<colon])
            rest = rest[colon...].dropFirst()
        }
        if rest.starts(with: "//".utf8) {
            rest = rest.dropFirst(2)
            let end = rest.firstIndex(of: .slash) ?? rest.endIndex
            authority = String(rest[..<end])
            rest = rest[end...]
        }
        path = String(rest) ?? ""
    }

    /// The text before the fragment: what names a whole resource.
    var withoutFragment: String {
        var text = scheme.map { $0 + ":" } ?? ""
        if let authority { text += "//" + authority }
        text += path
        if let query { text += "?" + query }
        return text
    }

    /// What the reference means where `base` is the URI of what it stands in.
    func resolved(against base: URIReference) -> URIReference {
        var target = self
        if scheme == nil {
            target.scheme = base.scheme
            if authority == nil {
                target.authority = base.authority
                if path.isEmpty {
                    target.path = base.path
                    target.query = query ?? base.query
                } else if path.utf8.first != .slash {
                    target.path = base.folder + path
                }
            }
        }
        target.removeDotSegments()
        return target
    }

    /// The path up to its last slash.
    private var folder: String {
        if authority != nil, path.isEmpty { return "/" }
        let end = path.utf8.lastIndex(of: .slash).map { path.utf8.index(after: $0) } ?? path.utf8.startIndex
        return String(path[..<end])
    }

    private mutating func removeDotSegments() {
        guard path.utf8.contains(.dot) else { return }
        var kept: [Substring.UTF8View] = []
        let segments = path.utf8.split(separator: .slash, omittingEmptySubsequences: false)
        for (index, segment) in segments.enumerated() {
            let isUp = segment.elementsEqual("..".utf8)
            guard isUp || segment.elementsEqual(".".utf8) else {
                kept.append(segment)
                continue
            }
            // The empty segment in front of an absolute path stays.
            if isUp, kept.count > 1 || kept.first?.isEmpty == false { kept.removeLast() }
            if index == segments.count - 1 { kept.append("".utf8[...]) }
        }
        path = kept.map { String(Substring($0)) }.joined(separator: "/")
    }

    /// Takes off what follows the first `delimiter`, and the delimiter.
    private static func cut(_ text: inout Substring.UTF8View, from delimiter: UInt8) -> String? {
        guard let start = text.firstIndex(of: delimiter) else { return nil }
        defer { text = text[..<start] }
        return String(text[start...].dropFirst())
    }
}

extension UInt8 {
    fileprivate static var slash: UInt8 { 0x2F }

    fileprivate var isSchemeCharacter: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, .plus, .minus, .dot: true
        default: false
        }
    }
}

/// The text behind the percent escapes; nil when a percent sign is not followed by two hexadecimal digits, or the bytes
/// are not UTF-8.
func decodePercents(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        guard let high = rest.popFirst()?.hexDigit, let low = rest.popFirst()?.hexDigit else { return nil }
        bytes.append(UInt8(high << 4 | low))
    }
    return String(validating: bytes, as: UTF8.self)
}
