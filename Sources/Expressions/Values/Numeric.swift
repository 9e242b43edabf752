internal import JSON

/// The number in a value, whether it was computed or came from JSON.
enum Numeric {
    case int(Int)
    case uint(UInt64)
    case double(Double)
    /// An integer from JSON that no int can hold.
    case beyond(JSONNumber)

    /// The nearest double.
    var double: Double {
        switch self {
        case .int(let value): Double(value)
        case .uint(let value): Double(value)
        case .double(let value): value
        case .beyond(let number): number.double
        }
    }

    var exactInt: Int? {
        switch self {
        case .int(let value): value
        case .uint(let value): Int(exactly: value)
        case .double(let value): Int(exactly: value)
        case .beyond: nil
        }
    }

    var exactUInt: UInt64? {
        switch self {
        case .int(let value): UInt64(exactly: value)
        case .uint(let value): value
        case .double(let value): UInt64(exactly: value)
        case .beyond(let number): UInt64(number.text)
        }
    }
}

extension Value {
    var numeric: Numeric? {
        switch self {
        case .int(let value): .int(value)
        case .uint(let value): .uint(value)
        case .double(let value): .double(value)
        case .number(let number):
            if let value = number.int {
                .int(value)
            } else {
                number.isInteger ? .beyond(number) : .double(number.double)
            }
        default: nil
        }
    }
}

enum Order {
    case less, equal, greater

    init<T: Comparable>(_ left: T, _ right: T) { self = left < right ? .less : left == right ? .equal : .greater }
}

extension Numeric {
    /// The order on the one line of numbers; nil when one of the two is not a number (NaN). By the specification an
    /// integer is rounded to a double beside a double; all others compare exactly.
    func order(_ other: Numeric) -> Order? {
        switch (self, other) {
        case (.double, _), (_, .double):
            let (left, right) = (double, other.double)
            return left.isNaN || right.isNaN ? nil : Order(left, right)
        case (.int(let left), .int(let right)): return Order(left, right)
        case (.uint(let left), .uint(let right)): return Order(left, right)
        case (.int(let left), .uint(let right)): return left < 0 ? .less : Order(UInt64(left), right)
        case (.uint(let left), .int(let right)): return right < 0 ? .greater : Order(left, UInt64(right))
        case (.beyond(let left), .beyond(let right)): return Order(left, right)
        case (.beyond(let left), .int(let right)): return Order(left, JSONNumber(right))
        case (.beyond(let left), .uint(let right)): return Order(left, JSONNumber(right))
        case (.int(let left), .beyond(let right)): return Order(JSONNumber(left), right)
        case (.uint(let left), .beyond(let right)): return Order(JSONNumber(left), right)
        }
    }
}
