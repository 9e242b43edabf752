internal import Calendar
internal import JSON

/// What an expression computes with. JSON is converted one level at a time, when it is touched.
enum Value: Sendable {
    case null
    case bool(Bool)
    /// A number as it came from JSON: it keeps its text until something is computed with it.
    case number(JSONNumber)
    case int(Int)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case list(List)
    case map(Map)
    case timestamp(Moment)
    case duration(TimeSpan)
    case type(ValueType)

    init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let number): self = .number(number)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .list(.json(elements))
        case .object(let members): self = .map(.json(members))
        }
    }

    var type: ValueType {
        switch self {
        case .null: .null
        case .bool: .bool
        case .number(let number): number.isInteger ? .int : .double
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .list: .list
        case .map: .map
        case .timestamp: .timestamp
        case .duration: .duration
        case .type: .type
        }
    }
}

/// A list from JSON, or one that an expression made.
enum List: Sendable {
    case json([JSONValue])
    case values([Value])

    var count: Int {
        switch self {
        case .json(let elements): elements.count
        case .values(let elements): elements.count
        }
    }

    subscript(index: Int) -> Value {
        switch self {
        case .json(let elements): Value(elements[index])
        case .values(let elements): elements[index]
        }
    }

    static func + (left: List, right: List) -> List {
        switch (left, right) {
        case (.json(let left), .json(let right)): .json(left + right)
        default: .values(left.values + right.values)
        }
    }

    private var values: [Value] {
        switch self {
        case .json(let elements): elements.map(Value.init)
        case .values(let elements): elements
        }
    }
}
