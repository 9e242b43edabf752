import JSON

/// Why a fixture cannot be read, or was not kept to: a sentence.
package struct FixtureError: Error, Sendable, Hashable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}

/// A session as it was recorded: a line a message, `{"client": MESSAGE}` or `{"service": MESSAGE}`.
package struct Fixture: Sendable {
    package enum Line: Sendable, Hashable {
        case client(Pattern)
        case service(Pattern)
    }

    package var lines: [Line]

    package init(lines: [Line]) { self.lines = lines }

    package init(parsing text: String) throws(FixtureError) {
        lines = []
        for (index, line) in text.split(separator: "\n").enumerated() {
            let json: JSONValue
            do { json = try JSONValue(parsing: String(line)) } catch {
                throw FixtureError("line \(index + 1) is not JSON: \(error.message)")
            }
            if let message = json["client"] {
                lines.append(.client(Pattern(message)))
            } else if let message = json["service"] {
                lines.append(.service(Pattern(message)))
            } else {
                throw FixtureError("line \(index + 1) says neither \"client\" nor \"service\"")
            }
        }
    }

    package var text: String {
        lines.map { line in
            let json: JSONValue =
                switch line {
                case .client(let pattern): ["client": pattern.json]
                case .service(let pattern): ["service": pattern.json]
                }
            return json.serialized() + "\n"
        }.joined()
    }
}
