extension Function {
    /// The parser has checked how many arguments there are; a receiver is the first.
    func call(_ arguments: [Value], _ budget: inout Budget) throws(Reason) -> Value {
        for argument in arguments { try budget.spend(reading: argument) }
        let subject = arguments[0]
        switch self {
        case .size: return .int(try size(of: subject))
        case .contains, .startsWith, .endsWith: return .bool(try search(subject, arguments[1], &budget))
        case .bool: return .bool(try bool(subject))
        case .bytes: return .bytes(try bytes(subject, &budget))
        case .double: return .double(try double(subject))
        case .duration: return .duration(try duration(subject, &budget))
        case .dyn: return subject
        case .int: return .int(try int(subject))
        case .string: return .string(try string(subject, &budget))
        case .timestamp: return .timestamp(try timestamp(subject))
        case .type: return .type(subject.type)
        case .uint: return .uint(try uint(subject))
        case .getFullYear, .getMonth, .getDayOfYear, .getDayOfMonth, .getDate, .getDayOfWeek, .getHours, .getMinutes,
            .getSeconds, .getMilliseconds:
            return .int(try part(of: subject, arguments.dropFirst().first, &budget))
        }
    }

    /// The size of a string is in Unicode scalars.
    private func size(of value: Value) throws(Reason) -> Int {
        switch value {
        case .string(let text): return text.scalarCount
        case .bytes(let bytes): return bytes.count
        case .list(let list): return list.count
        case .map(let map): return map.count
        default: throw .noOverload(rawValue, [value.type])
        }
    }

    private func search(_ value: Value, _ part: Value, _ budget: inout Budget) throws(Reason) -> Bool {
        guard case .string(let text) = value, case .string(let part) = part else {
            throw .noOverload(rawValue, [value.type, part.type])
        }
        switch self {
        case .startsWith: return text.begins(with: part)
        case .endsWith: return text.ends(with: part)
        default:
            try budget.spend(copying: text.utf8.count + part.utf8.count)
            return text.holds(part)
        }
    }
}
