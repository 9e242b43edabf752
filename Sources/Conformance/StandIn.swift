import Glibc
import JSON
import RPCTransport

/// Stands in for the server of a recorded session: says its lines to a client under test, in the framing that the client speaks, and looks
/// whether the client says its own.
///
/// A client chooses the ids of its requests: one in the file stands for it from then on. What a placeholder stands for is made up.
package struct StandIn: ~Copyable {
    private let input: Int32
    private let output: Int32
    private var decoder = FrameDecoder(maxMessageBytes: 64 << 20)
    private var hasEnded = false
    /// The client's ids, by those of the file.
    private var ids: [JSONValue: JSONValue] = [:]
    private var names: [String: JSONValue] = [:]

    /// Plays a session to whoever speaks on `input` and reads `output`. Throws where the client departs from its lines.
    package static func play(_ fixture: Fixture, input: Int32, output: Int32) throws(FixtureError) {
        var standIn = StandIn(input: input, output: output)
        for line in fixture.lines {
            switch line {
            case .client(let pattern): try standIn.expect(pattern.json)
            case .service(let pattern): try standIn.say(pattern)
            }
        }
        if let more = try standIn.next() { throw FixtureError("the client also said \(more.serialized())") }
    }

    private init(input: Int32, output: Int32) {
        self.input = input
        self.output = output
    }

    // MARK: What the client says

    private mutating func expect(_ json: JSONValue) throws(FixtureError) {
        var wanted = json.object ?? [:]
        guard let message = try next() else {
            throw FixtureError("the client ended before it said \(json.serialized())")
        }
        if wanted["method"] != nil, let id = wanted["id"] {
            guard let chosen = message["id"] else { throw departs(message, from: json) }
            ids[id] = chosen
            wanted["id"] = chosen
        }
        if wanted["method"] == "$/cancelRequest", let id = wanted["params"]?["id"], let chosen = ids[id] {
            wanted["params"] = ["id": chosen]
        }
        guard Pattern(.object(wanted)).matches(message, &names) else { throw departs(message, from: json) }
    }

    private func departs(_ message: JSONValue, from json: JSONValue) -> FixtureError {
        FixtureError("the client said \(message.serialized())\n  in the place of \(json.serialized())")
    }

    /// The client's next message; nil at its end.
    private mutating func next() throws(FixtureError) -> JSONValue? {
        while true {
            switch decoder.next() {
            case .message(let range)?:
                do { return try JSONValue(parsing: Array(decoder.bytes(range))) } catch {
                    throw FixtureError("the client said what is no JSON: \(error.message)")
                }
            case .tooLarge?: throw FixtureError("the client said more than a message may hold")
            case .halfAtEnd?: throw FixtureError("the client ended within a message")
            case .broken(let sentence)?: throw FixtureError("the client's framing is broken: \(sentence)")
            case nil: if !fill() { return nil }
            }
        }
    }

    /// Reads on; false when all was read and taken.
    private mutating func fill() -> Bool {
        if hasEnded { return false }
        let count = decoder.fill { [input] room in
            while true {
                let count = read(input, room.baseAddress, room.count)
                if count >= 0 || errno != EINTR { return count }
            }
        }
        if count <= 0 {
            hasEnded = true
            decoder.finish()
        }
        return true
    }

    // MARK: What the server says

    private mutating func say(_ pattern: Pattern) throws(FixtureError) {
        var message = pattern.json.object ?? [:]
        if message["method"] == nil, let id = message["id"] { message["id"] = ids[id] ?? id }
        var bytes = Array(Pattern(.object(message)).madeUp(&names).serialized().utf8)
        if decoder.framing == .headers {
            bytes = Array("Content-Length: \(bytes.count)\r\n\r\n".utf8) + bytes
        } else {
            bytes.append(UInt8(ascii: "\n"))
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FixtureError("the client reads no more") }
            rest = rest.dropFirst(count)
        }
    }
}
