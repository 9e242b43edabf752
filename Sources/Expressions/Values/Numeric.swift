internal import JSON

/// The number in a value, whether it was computed or came from JSON.
enum Numeric {
    case int(Int)
    case uint(UInt64)
    case double(Double)
    /// An integer from JSON that no int can hold.
    case beyond(JSONNumber)

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

    var reversed: Order {
        switch self {
        case .less: .greater
        case .equal: .equal
        case .greater: .less
        }
    }
}

extension Numeric {
    /// The order on the one line of numbers, exactly, whatever the types; nil when one is not a number.
    func order(_ other: Numeric) -> Order? {
        switch (self, other) {
        case (.int(let left), .int(let right)): Order(left, right)
        case (.uint(let left), .uint(let right)): Order(left, right)
        case (.int(let left), .uint(let right)): left < 0 ? .less : Order(UInt64(left), right)
        case (.double(let left), .double(let right)): left.isNaN || right.isNaN ? nil : Order(left, right)
        case (.int(let left), .double(let right)): Self.order(left, right)
        case (.uint(let left), .double(let right)): Self.order(left, right)
        case (.beyond(let left), .beyond(let right)): Order(left, right)
        case (.beyond(let left), .int(let right)): Order(left, JSONNumber(right))
        case (.beyond(let left), .uint(let right)): Order(left, JSONNumber(right))
        case (.beyond(let left), .double(let right)):
            if let right = JSONNumber(right) {
                Order(left, right)
            } else {
                right.isNaN ? nil : Order(0, right)
            }
        case (.uint, .int), (.double, _), (_, .beyond): other.order(self)?.reversed
        }
    }

    private static func order<Integer: FixedWidthInteger>(_ left: Integer, _ right: Double) -> Order? {
        guard !right.isNaN else { return nil }
        let whole = right.rounded(.towardZero)
        // The whole part leaves the integer's range exactly when it is too great or too small.
        guard let integer = Integer(exactly: whole) else { return right < 0 ? .greater : .less }
        return left == integer ? Order(whole, right) : Order(left, integer)
    }
}
