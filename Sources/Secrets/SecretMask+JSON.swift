package import JSON

extension SecretMask {
    /// The value with every secret in its strings, and in the names of its members, covered.
    package func hide(_ value: JSONValue) -> JSONValue { isIn(value) ? covered(value) : value }

    package func hide(_ members: JSONObject) -> JSONObject {
        members.contains(where: isIn) ? covered(members) : members
    }

    /// A text of JSON: what is in its strings is covered, and what JSON itself is made of stays. A text that is none is
    /// left as it is.
    package func hide(json bytes: [UInt8]) -> [UInt8] {
        guard isIn(bytes), let value = try? JSONValue(parsing: bytes) else { return bytes }
        var writer = JSONWriter()
        writer.value(covered(value))
        return writer.bytes
    }

    private func isIn(_ value: JSONValue) -> Bool {
        switch value {
        case .null, .bool: false
        case .number(let number): hasNumber && isIn(number.text)
        case .string(let text): isIn(text)
        case .array(let elements): elements.contains(where: isIn)
        case .object(let members): members.contains(where: isIn)
        }
    }

    private func isIn(_ member: (key: String, value: JSONValue)) -> Bool { isIn(member.key) || isIn(member.value) }

    private func covered(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool: value
        case .number(let number): hasNumber && isIn(number.text) ? .string(Self.cover) : value
        case .string(let text): .string(hide(text))
        case .array(let elements): .array(elements.map(covered))
        case .object(let members): .object(covered(members))
        }
    }

    private func covered(_ members: JSONObject) -> JSONObject {
        JSONObject(members.map { (hide($0.key), covered($0.value)) })
    }
}
