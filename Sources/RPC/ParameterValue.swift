package import JSON

/// What a member of the params can be read as.
package protocol ParameterValue {
    /// What a person calls it, with its article: "a string".
    static var expectation: String { get }

    /// What it may be on the wire, and some value with which the reading of a message that is being declared goes on.
    static var declaration: (shape: Shape, sample: Self) { get }

    /// `pointer` says where the value stands, for the error.
    init(parameter value: JSONValue, at pointer: JSONPointer) throws(RPCError)
}

extension ParameterValue {
    package static func mismatch(_ value: JSONValue, at pointer: JSONPointer) -> RPCError {
        let name = pointer.tokens.isEmpty ? "params" : pointer.tokens.joined(separator: ".")
        return .invalidParams("'\(name)' must be \(expectation), not \(value.indefinite).", pointer: pointer)
    }
}

extension String: ParameterValue {
    package static var expectation: String { "a string" }
    package static var declaration: (shape: Shape, sample: String) { (.string, "") }

    package init(parameter value: JSONValue, at pointer: JSONPointer) throws(RPCError) {
        guard let text = value.string else { throw Self.mismatch(value, at: pointer) }
        self = text
    }
}

extension Int: ParameterValue {
    package static var expectation: String { "an integer of 64 bits" }
    package static var declaration: (shape: Shape, sample: Int) { (.integer(), 0) }

    package init(parameter value: JSONValue, at pointer: JSONPointer) throws(RPCError) {
        guard let int = value.int else { throw Self.mismatch(value, at: pointer) }
        self = int
    }
}

extension Double: ParameterValue {
    package static var expectation: String { "a number" }
    package static var declaration: (shape: Shape, sample: Double) { (.number, 0) }

    package init(parameter value: JSONValue, at pointer: JSONPointer) throws(RPCError) {
        guard let double = value.double, double.isFinite else { throw Self.mismatch(value, at: pointer) }
        self = double
    }
}

extension Bool: ParameterValue {
    package static var expectation: String { "true or false" }
    package static var declaration: (shape: Shape, sample: Bool) { (.boolean, false) }

    package init(parameter value: JSONValue, at pointer: JSONPointer) throws(RPCError) {
        guard let bool = value.bool else { throw Self.mismatch(value, at: pointer) }
        self = bool
    }
}

extension JSONValue: ParameterValue {
    package static var expectation: String { "a value" }
    package static var declaration: (shape: Shape, sample: JSONValue) { (.any, "") }

    package init(parameter value: JSONValue, at pointer: JSONPointer) throws(RPCError) { self = value }
}

extension JSONObject: ParameterValue {
    package static var expectation: String { "an object" }
    package static var declaration: (shape: Shape, sample: JSONObject) { (.map(.any), [:]) }

    package init(parameter value: JSONValue, at pointer: JSONPointer) throws(RPCError) {
        guard let object = value.object else { throw Self.mismatch(value, at: pointer) }
        self = object
    }
}

extension RequestID: ParameterValue {
    package static var expectation: String { "a string, an integer or null" }
    package static var declaration: (shape: Shape, sample: RequestID) { (.either([.string, .integer(), .null]), "") }

    package init(parameter value: JSONValue, at pointer: JSONPointer) throws(RPCError) {
        guard let id = RequestID(value) else { throw Self.mismatch(value, at: pointer) }
        self = id
    }
}

extension Array: ParameterValue where Element: ParameterValue {
    package static var expectation: String { "an array" }
    package static var declaration: (shape: Shape, sample: [Element]) {
        let (shape, sample) = Element.declaration
        return (.list(shape), [sample])
    }

    package init(parameter value: JSONValue, at pointer: JSONPointer) throws(RPCError) {
        guard let elements = value.array else { throw Self.mismatch(value, at: pointer) }
        self = []
        reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            append(try Element(parameter: element, at: pointer.appending(index)))
        }
    }
}

/// An enumeration that declares itself a `ParameterValue` needs no more than its cases.
extension ParameterValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    package static var expectation: String { "one of " + allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ") }
    package static var declaration: (shape: Shape, sample: Self) {
        (.choice(allCases.map(\.rawValue)), allCases[allCases.startIndex])
    }

    package init(parameter value: JSONValue, at pointer: JSONPointer) throws(RPCError) {
        guard let match = value.string.flatMap(Self.init(rawValue:)) else { throw Self.mismatch(value, at: pointer) }
        self = match
    }
}

extension JSONValue {
    /// What a person calls the value, with its article; a short string in full, since it may be misspelt.
    package var indefinite: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let number) where number.text.utf8.count <= 40: number.text
        case .number: "a number of this size"
        case .string(let text) where text.utf8.count <= 40: "'\(text)'"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
