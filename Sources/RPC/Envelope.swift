internal import JSON

/// Where the members of a message stand that JSON-RPC gives a meaning. Of a repeated one the last counts.
struct Envelope {
    enum Member { case version, id, method, params, result, error }

    private let scanner: JSONScanner
    private(set) var id: Range<Int>?
    private var version: Range<Int>?
    private var method: Range<Int>?
    private var params: Range<Int>?
    private var result: Range<Int>?
    private var error: Range<Int>?
    /// What the text broke off in.
    private var unfinished: Member?

    /// Reads the object at the cursor.
    init(_ cursor: inout JSONScanner) throws(JSONError) {
        scanner = cursor
        try read(&cursor)
    }

    /// Reads as much of the object at the cursor as there is.
    init(prefixOf cursor: inout JSONScanner) {
        scanner = cursor
        // Where the text breaks off is where this ends: what was read so far is what is wanted.
        try? read(&cursor)
        // A number at the very end may go on.
        if id?.upperBound == scanner.bytes.count { id = nil }
    }

    /// Whether it answers a request of ours, though its result may not be there to its end.
    var isResponse: Bool {
        method == nil && unfinished != .method && (isAnswered || unfinished == .result || unfinished == .error)
    }

    var message: ScannedMessage {
        guard method != nil || !isAnswered else { return response }
        let id = self.id.map { RequestID($0, in: scanner) }
        func refuse(_ sentence: String) -> ScannedMessage {
            .invalid(id: (id ?? nil) ?? .null, .invalidRequest(sentence))
        }
        guard let version, scanner.isString(version, "2.0") else { return refuse("'jsonrpc' must be \"2.0\".") }
        guard let method, scanner.bytes[method.lowerBound] == UInt8(ascii: "\"") else {
            return refuse("'method' must be a string.")
        }
        let inside = method.lowerBound + 1..<method.upperBound - 1
        let name = MethodName(name: scanner.string(in: inside), range: inside)
        let params = present(self.params)
        if let params, !scanner.isContainer(params) { return refuse("'params' must be an object or an array.") }
        switch id {
        case nil: return .notification(method: name, params: params)
        case .some(nil): return refuse("'id' must be a string, an integer or null.")
        case .some(let id?): return .request(id: id, method: name, params: params)
        }
    }

    private var isAnswered: Bool { result != nil || error != nil }

    /// Nobody can be told what is wrong with an answer, so its version is not looked at.
    private var response: ScannedMessage {
        guard let id = id.flatMap({ RequestID($0, in: scanner) }) else {
            return .invalid(id: .null, .invalidRequest("An answer needs the id of its request."))
        }
        let error = result == nil ? self.error : present(self.error)
        return .response(id: id, result: error == nil ? result : nil, error: error)
    }

    private func present(_ range: Range<Int>?) -> Range<Int>? {
        guard let range, scanner.bytes[range.lowerBound] != UInt8(ascii: "n") else { return nil }
        return range
    }

    private mutating func read(_ cursor: inout JSONScanner) throws(JSONError) {
        try cursor.beginObject()
        var first = true
        while let name = try cursor.nextMember(first: &first) {
            unfinished = Member(name, in: cursor)
            let value = try cursor.skipValue()
            switch unfinished {
            case .version: version = value
            case .id: id = value
            case .method: method = value
            case .params: params = value
            case .result: result = value
            case .error: error = value
            case nil: break
            }
        }
        unfinished = nil
    }
}

extension Envelope.Member {
    fileprivate init?(_ name: Range<Int>, in scanner: JSONScanner) {
        switch name.count {
        case 2 where scanner.reads("id", at: name): self = .id
        case 5 where scanner.reads("error", at: name): self = .error
        case 6 where scanner.reads("method", at: name): self = .method
        case 6 where scanner.reads("params", at: name): self = .params
        case 6 where scanner.reads("result", at: name): self = .result
        case 7 where scanner.reads("jsonrpc", at: name): self = .version
        default:
            guard scanner.bytes[name].contains(UInt8(ascii: "\\")) else { return nil }
            self.init(unescaped: scanner.string(in: name))
        }
    }

    private init?(unescaped name: String) {
        switch name {
        case "id": self = .id
        case "error": self = .error
        case "method": self = .method
        case "params": self = .params
        case "result": self = .result
        case "jsonrpc": self = .version
        default: return nil
        }
    }
}

extension RequestID {
    /// Nil when the value at `range` is not an id.
    init?(_ range: Range<Int>, in scanner: JSONScanner) {
        let text = UnsafeRawBufferPointer(rebasing: scanner.bytes[range])
        switch text[0] {
        case UInt8(ascii: "\""):
            self = .string(scanner.string(in: range.lowerBound + 1..<range.upperBound - 1))
        case UInt8(ascii: "1")...UInt8(ascii: "9") where text.count < 19:
            var value = 0
            for byte in text {
                guard byte &- UInt8(ascii: "0") < 10 else { return nil }
                value = value &* 10 &+ Int(byte &- UInt8(ascii: "0"))
            }
            self = .integer(value)
        default:
            guard let value = try? JSONValue(parsing: text) else { return nil }
            self.init(value)
        }
    }
}

extension JSONScanner {
    /// Whether exactly `text` stands at `range`.
    fileprivate func reads(_ text: StaticString, at range: Range<Int>) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        for index in 0..<range.count where bytes[range.lowerBound &+ index] != text.utf8Start[index] { return false }
        return true
    }

    fileprivate func isString(_ range: Range<Int>, _ text: StaticString) -> Bool {
        guard bytes[range.lowerBound] == UInt8(ascii: "\"") else { return false }
        let inside = range.lowerBound + 1..<range.upperBound - 1
        return reads(text, at: inside) || string(in: inside) == text.description
    }

    fileprivate func isContainer(_ range: Range<Int>) -> Bool {
        bytes[range.lowerBound] == UInt8(ascii: "{") || bytes[range.lowerBound] == UInt8(ascii: "[")
    }
}
