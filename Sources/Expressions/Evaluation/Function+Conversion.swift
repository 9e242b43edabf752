internal import Calendar
internal import JSON

extension Function {
    func bool(_ value: Value) throws(Reason) -> Bool {
        switch value {
        case .bool(let value): return value
        case .string("1"), .string("t"), .string("true"), .string("TRUE"), .string("True"): return true
        case .string("0"), .string("f"), .string("false"), .string("FALSE"), .string("False"): return false
        default: throw notConvertible(value)
        }
    }

    func bytes(_ value: Value, _ budget: inout Budget) throws(Reason) -> [UInt8] {
        switch value {
        case .bytes(let bytes): return bytes
        case .string(let text):
            try budget.spend(copying: text.utf8.count)
            return Array(text.utf8)
        default: throw notConvertible(value)
        }
    }

    func double(_ value: Value) throws(Reason) -> Double {
        if let number = value.numeric { return number.double }
        guard let text = numberText(value), let double = Self.double(parsing: text) else {
            throw notConvertible(value)
        }
        return double
    }

    /// A fraction is cut off.
    func int(_ value: Value) throws(Reason) -> Int {
        switch value.numeric {
        case .int(let value)?: return value
        case .uint(let value)?: return try inRange(Int(exactly: value))
        case .double(let value)?:
            // By the specification the bounds themselves are outside: as doubles they are not told from their neighbours.
            guard value != -0x1p63 else { throw .overflow(.int) }
            return try inRange(Int(exactly: value.rounded(.towardZero)))
        case .beyond?: throw .overflow(.int)
        case nil:
            if case .timestamp(let moment) = value { return Int(moment.seconds) }
            guard let text = numberText(value), let int = Int(text) else { throw notConvertible(value) }
            return int
        }
    }

    func uint(_ value: Value) throws(Reason) -> UInt64 {
        switch value.numeric {
        case .double(let value)?: return try inRange(UInt64(exactly: value.rounded(.towardZero)))
        case let number?: return try inRange(number.exactUInt)
        case nil:
            guard let text = numberText(value), let uint = UInt64(text) else { throw notConvertible(value) }
            return uint
        }
    }

    func string(_ value: Value, _ budget: inout Budget) throws(Reason) -> String {
        switch value {
        case .string(let text): return text
        case .bool(let value): return String(value)
        case .int(let value): return String(value)
        case .uint(let value): return String(value)
        case .number(let number): return number.text
        case .double(let value):
            guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity" }
            return value.description
        case .timestamp(let moment): return moment.description
        case .duration(let span): return span.description
        case .bytes(let bytes):
            try budget.spend(copying: bytes.count)
            guard let text = String(validating: bytes, as: UTF8.self) else { throw notConvertible(value) }
            return text
        default: throw notConvertible(value)
        }
    }

    /// From RFC 3339, or from seconds since 1970.
    func timestamp(_ value: Value) throws(Reason) -> Moment {
        if case .timestamp(let moment) = value { return moment }
        if let seconds = value.numeric {
            guard case .int(let seconds) = seconds else { throw notConvertible(value) }
            return try Moment(seconds: Int64(seconds)).inRange()
        }
        guard let text = numberText(value), let moment = Moment(parsing: text) else { throw notConvertible(value) }
        return try moment.inRange()
    }

    func duration(_ value: Value, _ budget: inout Budget) throws(Reason) -> TimeSpan {
        if case .duration(let span) = value { return span }
        guard let text = numberText(value) else { throw notConvertible(value) }
        try budget.spend(text.utf8.count)
        guard let span = try TimeSpan(parsing: text) else { throw notConvertible(value) }
        return span
    }

    /// Decimal, and what `string` makes of the doubles that are no numbers of JSON; nil also for a number too great.
    private static func double(parsing text: String) -> Double? {
        switch text {
        case "NaN": return .nan
        case "Infinity": return .infinity
        case "-Infinity": return -.infinity
        default:
            let isDecimal = text.utf8.allSatisfy { $0.isDigit || "+-.eE".utf8.contains($0) }
            guard isDecimal, let value = Double(text), value.isFinite else { return nil }
            return value
        }
    }

    /// A string that may spell a number or a moment. Nobody writes longer ones, and to read them could take long.
    private func numberText(_ value: Value) -> String? {
        guard case .string(let text) = value, text.utf8.count <= 1000 else { return nil }
        return text
    }

    private func inRange<Integer>(_ value: Integer?) throws(Reason) -> Integer {
        guard let value else { throw .overflow(self == .int ? .int : .uint) }
        return value
    }

    private func notConvertible(_ value: Value) -> Reason {
        let target: ValueType? =
            switch self {
            case .timestamp: .timestamp
            case .duration: .duration
            default: ValueType(rawValue: rawValue)
            }
        return .notConvertible(value.type, to: target ?? .string)
    }
}
