internal import JSON

/// Gathers what one value says of itself.
struct ValueEncoder: Encoder {
    let codingPath: [any CodingKey]
    let place: EncodedPlace
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(codingPath: [any CodingKey], place: EncodedPlace = EncodedPlace()) {
        self.codingPath = codingPath
        self.place = place
    }

    static func encoded<Value: Encodable>(_ value: Value, at codingPath: [any CodingKey]) throws -> JSONValue {
        let encoder = ValueEncoder(codingPath: codingPath)
        try value.encode(to: encoder)
        return try encoder.place.value(at: codingPath)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        place.becomeObject()
        return KeyedEncodingContainer(ObjectEncoder(codingPath: codingPath, place: place))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        place.becomeArray()
        return ArrayEncoder(codingPath: codingPath, place: place)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }
}

/// Where a value will stand. A class, since containers may be filled in any order, and parents' after their children's.
final class EncodedPlace {
    enum Content {
        case nothing
        case value(JSONValue)
        case array([EncodedPlace])
        case object([(key: String, place: EncodedPlace)])
        /// It was told to be two things.
        case contradiction
    }

    private var content: Content

    init(_ content: Content = .nothing) { self.content = content }

    func become(_ value: JSONValue) {
        if case .nothing = content { content = .value(value) } else { content = .contradiction }
    }

    func becomeArray() {
        switch content {
        case .nothing: content = .array([])
        case .array: break
        default: content = .contradiction
        }
    }

    func becomeObject() {
        switch content {
        case .nothing: content = .object([])
        case .object: break
        default: content = .contradiction
        }
    }

    var count: Int {
        guard case .array(let elements) = content else { return 0 }
        return elements.count
    }

    func append(_ element: EncodedPlace) {
        guard case .array(var elements) = content else { return }
        content = .nothing
        elements.append(element)
        content = .array(elements)
    }

    func append(_ member: EncodedPlace, as key: String) {
        guard case .object(var members) = content else { return }
        content = .nothing
        members.append((key, member))
        content = .object(members)
    }

    /// What says nothing of itself is an object without members.
    func value(at codingPath: [any CodingKey]) throws -> JSONValue {
        switch content {
        case .nothing: return [:]
        case .value(let value): return value
        case .array(let elements):
            return .array(
                try elements.enumerated().map { try $1.value(at: codingPath + [PlainKey(intValue: $0)]) })
        case .object(let members):
            var object = JSONObject(minimumCapacity: members.count)
            for (key, place) in members {
                object.set(key, to: try place.value(at: codingPath + [PlainKey(stringValue: key)]))
            }
            return .object(object)
        case .contradiction:
            throw EncodingError.invalidValue(
                self, .init(codingPath: codingPath, debugDescription: "One value encodes itself in two forms."))
        }
    }
}

// MARK: Single values

extension ValueEncoder: SingleValueEncodingContainer {
    func encodeNil() throws { place.become(.null) }
    func encode(_ value: Bool) throws { place.become(.bool(value)) }
    func encode(_ value: String) throws { place.become(.string(value)) }

    func encode<Value: Encodable & FixedWidthInteger>(_ value: Value) throws {
        place.become(.number(Int(exactly: value).map { JSONNumber($0) } ?? JSONNumber(UInt64(value))))
    }

    func encode<Value: Encodable & BinaryFloatingPoint & LosslessStringConvertible>(_ value: Value) throws {
        guard let number = JSONNumber(parsing: value.description) else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: codingPath, debugDescription: "JSON has no number for \(value)."))
        }
        place.become(.number(number))
    }

    func encode<Value: Encodable>(_ value: Value) throws {
        place.become(try Self.encoded(value, at: codingPath))
    }
}

// MARK: Containers

struct ObjectEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let codingPath: [any CodingKey]
    let place: EncodedPlace

    func encodeNil(forKey key: Key) throws { place.append(EncodedPlace(.value(.null)), as: key.stringValue) }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        let value = try ValueEncoder.encoded(value, at: codingPath + [key])
        place.append(EncodedPlace(.value(value)), as: key.stringValue)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        nested(as: key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        nested(as: key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { nested(as: PlainKey.parent) }
    func superEncoder(forKey key: Key) -> any Encoder { nested(as: key) }

    private func nested(as key: some CodingKey) -> ValueEncoder {
        let encoder = ValueEncoder(codingPath: codingPath + [key])
        place.append(encoder.place, as: key.stringValue)
        return encoder
    }
}

struct ArrayEncoder: UnkeyedEncodingContainer {
    let codingPath: [any CodingKey]
    let place: EncodedPlace
    var count: Int { place.count }

    func encodeNil() throws { place.append(EncodedPlace(.value(.null))) }

    func encode<Value: Encodable>(_ value: Value) throws {
        let value = try ValueEncoder.encoded(value, at: codingPath + [PlainKey(intValue: count)])
        place.append(EncodedPlace(.value(value)))
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        nested().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }
    func superEncoder() -> any Encoder { nested() }

    private func nested() -> ValueEncoder {
        let encoder = ValueEncoder(codingPath: codingPath + [PlainKey(intValue: count)])
        place.append(encoder.place)
        return encoder
    }
}
