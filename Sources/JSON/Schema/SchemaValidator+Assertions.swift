internal import RegularExpressions

extension SchemaValidator {
    /// What one assertion says of a value.
    enum Verdict {
        case conforms
        case violates(String)
        /// What is wrong was reported where it stands, further in.
        case violatesWithin

        init(_ conforms: Bool) { self = conforms ? .conforms : .violatesWithin }
    }

    mutating func verdict(on value: JSONValue, _ assertion: CompiledSchema.Assertion) -> Verdict {
        switch assertion {
        case .never:
            return violation("Nothing is allowed here.")
        case .type(let types):
            guard !types.contains(where: { $0.includes(value) }) else { return .conforms }
            return violation("Expected \(alternatives(types.map(\.rawValue))), found \(value.typeName).")
        case .values(let values, let set):
            guard spend(value.weight), !set.contains(value) else { return .conforms }
            return violation("Expected \(alternatives(values.map(brief))), found \(brief(value)).")
        case .bound(let bound, let limit):
            guard let number = value.number, !bound.admits(number, limit) else { return .conforms }
            return violation("Expected a number \(bound.phrase) \(brief(.number(limit))), found \(brief(value)).")
        case .multiple(let divisor):
            guard let number = value.number, spend(effort(toDivide: number, by: divisor)),
                !number.isMultiple(of: divisor)
            else { return .conforms }
            return violation("Expected a multiple of \(brief(.number(divisor))), found \(brief(value)).")
        case .size(let measure, let atLeast, let atMost):
            guard let size = measure.size(of: value), size < atLeast || size > atMost else { return .conforms }
            return violation("Expected \(limit(size, atLeast, atMost)) \(measure.rawValue), found \(size).")
        case .pattern(let pattern):
            guard let text = value.string, !matches(text, pattern) else { return .conforms }
            return violation("Expected a text that matches \(brief(.string(pattern.pattern))), found \(brief(value)).")
        default:
            switch value {
            case .array(let elements): if let verdict = verdict(on: elements, assertion) { return verdict }
            case .object(let members): if let verdict = verdict(on: members, assertion) { return verdict }
            default: break
            }
            return logicalVerdict(on: value, assertion)
        }
    }

    private mutating func logicalVerdict(on value: JSONValue, _ assertion: CompiledSchema.Assertion) -> Verdict {
        switch assertion {
        case .reference(let target):
            return Verdict(check(value, against: schema(of: target)))
        case .all(let schemas):
            return Verdict(schemas.reduce(true) { check(value, against: $1) && $0 })
        case .any(let schemas):
            var fits = false
            // Where somebody asks for what was evaluated, all alternatives that fit have a part in it.
            for schema in schemas where !fits || evaluated != nil { fits = conforms(value, to: schema) || fits }
            return fits ? .conforms : violation("Expected one of \(schemas.count) alternatives to fit, found none.")
        case .one(let schemas):
            let count = schemas.count { conforms(value, to: $0) }
            guard count != 1 else { return .conforms }
            return violation("Expected exactly one of \(schemas.count) alternatives to fit, found \(count).")
        case .not(let schema):
            return conformsApart(value, to: schema) ? violation("What stands here is ruled out.") : .conforms
        case .choice(let condition, let then, let otherwise):
            guard let schema = conforms(value, to: condition) ? then : otherwise else { return .conforms }
            return Verdict(check(value, against: schema))
        case .beside(let schemas):
            guard let members = value.object, spend(schemas.count) else { return .conforms }
            let present = schemas.lazy.filter { members[$0.name] != nil }
            return Verdict(present.reduce(true) { check(value, against: $1.schema) && $0 })
        default:
            return .conforms
        }
    }
}

/// Long division takes a step for each digit of the one and each of the other.
private func effort(toDivide number: JSONNumber, by divisor: JSONNumber) -> Int {
    guard number.storedInt == nil || divisor.storedInt == nil else { return 0 }
    let (length, width) = (number.text.utf8.count, divisor.text.utf8.count)
    return (length + 4 * width) * width / 4
}

/// The limit that a size is beyond.
func limit(_ size: Int, _ atLeast: Int, _ atMost: Int) -> String {
    size < atLeast ? "at least \(atLeast)" : "at most \(atMost)"
}

private func alternatives(_ items: [String]) -> String {
    guard items.count > 1 else { return items.first ?? "nothing" }
    let shown = items.prefix(8).joined(separator: ", ")
    return "one of \(shown)" + (items.count > 8 ? ", …" : "")
}

/// The text of a value, cut off where it would fill a screen.
func brief(_ value: JSONValue) -> String {
    switch value {
    case .array, .object: return value.typeName
    default:
        let text = value.serialized()
        return text.count > 64 ? text.prefix(63) + "…" : text
    }
}
