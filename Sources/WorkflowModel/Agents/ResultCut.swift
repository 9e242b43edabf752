import JSON

extension Conversation.Result {
    /// The same within a number of bytes, about: of its longest texts the middle is left out, and the model is told so.
    package func cut(to limit: Int) -> Conversation.Result {
        switch self {
        case .returned(let output): return .returned(output.saidOnce.cut(to: limit))
        case .failed(var failure):
            failure.message = failure.message.cut(to: limit, of: limit)
            failure.details = failure.details.map { $0.cut(to: limit) }
            return .failed(failure)
        }
    }
}

extension JSONValue {
    /// Below this a text says nothing any more, and it is better to cut the whole.
    private static let leastText = 100

    /// Servers of tools say what is structured once more as text, for clients that know no other: a model is told it once.
    fileprivate var saidOnce: JSONValue {
        guard case .object(var output) = self, let structured = output["structuredContent"],
            case .array(let content)? = output["content"], content.count == 1, let text = content[0]["text"]?.string
        else { return self }
        let value = (try? JSONValue(parsing: text)) ?? .string(text)
        let isRepeated = [structured, structured["result"]].contains { $0 == value || $0 == .string(text) }
        if isRepeated { output["structuredContent"] = nil }
        return .object(output)
    }

    fileprivate func cut(to limit: Int) -> JSONValue {
        if case .string(let text) = self { return .string(text.cut(to: limit, of: limit)) }
        let whole = serialized()
        guard whole.utf8.count > limit else { return self }
        let lengths = textLengths.sorted()
        let others = whole.utf8.count - lengths.reduce(0, +)
        let bound = Self.bound(of: lengths, within: limit - others)
        return bound < Self.leastText ? .string(whole.cut(to: limit, of: limit)) : cut(textsTo: bound, of: limit)
    }

    private var textLengths: [Int] {
        switch self {
        case .string(let text): [text.utf8.count]
        case .array(let elements): elements.flatMap(\.textLengths)
        case .object(let members): members.flatMap(\.value.textLengths)
        case .null, .bool, .number: []
        }
    }

    /// How long each text may be, so that all of them, shortest first, have so many bytes.
    private static func bound(of lengths: [Int], within bytes: Int) -> Int {
        var left = bytes
        for (index, length) in lengths.enumerated() {
            let share = left / (lengths.count - index)
            if length > share { return share }
            left -= length
        }
        return lengths.last ?? 0
    }

    private func cut(textsTo bound: Int, of limit: Int) -> JSONValue {
        switch self {
        case .string(let text): return .string(text.cut(to: bound, of: limit))
        case .array(let elements): return .array(elements.map { $0.cut(textsTo: bound, of: limit) })
        case .object(let members):
            var cut = JSONObject()
            for (name, value) in members { cut.set(name, to: value.cut(textsTo: bound, of: limit)) }
            return .object(cut)
        case .null, .bool, .number: return self
        }
    }
}

extension String {
    /// Its beginning and its end, with a note between them; `limit` is what a whole result may have.
    fileprivate func cut(to bound: Int, of limit: Int) -> String {
        guard utf8.count > bound else { return self }
        func isInScalar(_ index: Index) -> Bool { index < utf8.endIndex && utf8[index] & 0xC0 == 0x80 }
        var head = utf8.index(utf8.startIndex, offsetBy: bound / 2)
        while isInScalar(head) { head = utf8.index(before: head) }
        var tail = utf8.index(utf8.endIndex, offsetBy: bound / 2 - bound)
        while isInScalar(tail) { tail = utf8.index(after: tail) }
        let count = utf8.distance(from: head, to: tail)
        return "\(self[..<head])\n[\(count) bytes are left out here: a result may have \(limit).]\n\(self[tail...])"
    }
}
