internal import Calendar

extension Operator {
    func apply(_ left: Value, _ right: Value, _ budget: inout Budget) throws(Reason) -> Value {
        switch self {
        case .equal: .bool(try left.equals(right, &budget))
        case .notEqual: .bool(try !left.equals(right, &budget))
        case .less: .bool(try order(left, right, &budget) == .less)
        case .lessOrEqual: .bool(try [.less, .equal].contains(order(left, right, &budget)))
        case .greater: .bool(try order(left, right, &budget) == .greater)
        case .greaterOrEqual: .bool(try [.greater, .equal].contains(order(left, right, &budget)))
        case .in: .bool(try right.contains(left, &budget))
        case .add, .subtract, .multiply, .divide, .remainder: try compute(left, right, &budget)
        }
    }

    /// Nil when one of the two is not a number (NaN), and so every comparison false.
    private func order(_ left: Value, _ right: Value, _ budget: inout Budget) throws(Reason) -> Order? {
        try budget.spend(reading: left)
        try budget.spend(reading: right)
        switch (left, right) {
        case (.string(let left), .string(let right)):
            return left.order(right)
        case (.bytes(let left), .bytes(let right)):
            return left.lexicographicallyPrecedes(right) ? .less : left == right ? .equal : .greater
        case (.bool(let left), .bool(let right)):
            return Order(left ? 1 : 0, right ? 1 : 0)
        case (.timestamp(let left), .timestamp(let right)): return Order(left, right)
        case (.duration(let left), .duration(let right)): return Order(left, right)
        default:
            guard let leftNumber = left.numeric, let rightNumber = right.numeric else {
                throw .noOverload(rawValue, [left.type, right.type])
            }
            return leftNumber.order(rightNumber)
        }
    }

    private func compute(_ left: Value, _ right: Value, _ budget: inout Budget) throws(Reason) -> Value {
        switch (left.numeric, right.numeric) {
        case (.int(let left)?, .int(let right)?): return .int(try integer(left, right, .int))
        case (.uint(let left)?, .uint(let right)?): return .uint(try integer(left, right, .uint))
        case (.double(let left)?, .double(let right)?) where self != .remainder: return .double(floating(left, right))
        // The extension: CEL itself would have the author write double(…).
        case (.int(let left)?, .double(let right)?): return .double(floating(Double(left), right))
        case (.double(let left)?, .int(let right)?): return .double(floating(left, Double(right)))
        case (.beyond?, _?), (_?, .beyond?): throw .beyondInt
        default: return try combination(left, right, &budget)
        }
    }

    private func combination(_ left: Value, _ right: Value, _ budget: inout Budget) throws(Reason) -> Value {
        switch (self, left, right) {
        case (.add, .string(let left), .string(let right)):
            try budget.spend(copying: left.utf8.count + right.utf8.count)
            return .string(left + right)
        case (.add, .bytes(let left), .bytes(let right)):
            try budget.spend(copying: left.count + right.count)
            return .bytes(left + right)
        case (.add, .list(let left), .list(let right)):
            try budget.spend(left.count + right.count)
            return .list(left + right)
        case (.add, .timestamp(let moment), .duration(let span)), (.add, .duration(let span), .timestamp(let moment)):
            return .timestamp(try moment.advanced(by: span))
        case (.add, .duration(let left), .duration(let right)):
            return .duration(try left.adding(right))
        case (.subtract, .timestamp(let moment), .duration(let span)):
            return .timestamp(try moment.advanced(by: try span.negated()))
        case (.subtract, .timestamp(let left), .timestamp(let right)):
            return .duration(try TimeSpan(from: right, to: left))
        case (.subtract, .duration(let left), .duration(let right)):
            return .duration(try left.subtracting(right))
        default:
            throw .noOverload(rawValue, [left.type, right.type])
        }
    }

    private func integer<Integer: FixedWidthInteger>(
        _ left: Integer, _ right: Integer, _ type: ValueType
    ) throws(Reason) -> Integer {
        if self == .divide || self == .remainder, right == 0 { throw .divisionByZero }
        let (result, overflowed) =
            switch self {
            case .add: left.addingReportingOverflow(right)
            case .subtract: left.subtractingReportingOverflow(right)
            case .multiply: left.multipliedReportingOverflow(by: right)
            case .divide: left.dividedReportingOverflow(by: right)
            default: left.remainderReportingOverflow(dividingBy: right)
            }
        if overflowed { throw .overflow(type) }
        return result
    }

    private func floating(_ left: Double, _ right: Double) -> Double {
        switch self {
        case .add: left + right
        case .subtract: left - right
        case .multiply: left * right
        case .divide: left / right
        default: left.truncatingRemainder(dividingBy: right)
        }
    }
}

extension Value {
    func negated() throws(Reason) -> Value {
        switch numeric {
        case .int(let value)?:
            let (result, overflowed) = 0.subtractingReportingOverflow(value)
            if overflowed { throw .overflow(.int) }
            return .int(result)
        case .double(let value)?: return .double(-value)
        case .beyond?: throw .beyondInt
        default: throw .noOverload("-", [type])
        }
    }
}
