extension SchemaValidator {
    /// What one assertion says of a value.
    enum Verdict {
        case conforms
        case violates(String)
        /// What is wrong was reported where it stands, further in.
        case violatesWithin
    }

    mutating func verdict(on value: JSONValue, _ assertion: CompiledSchema.Assertion) -> Verdict {
        switch assertion {
        case .never:
            return .violates("Nothing is allowed here.")
        case .type(let types):
            guard !types.contains(where: { $0.includes(value) }) else { return .conforms }
            return .violates("Expected \(alternatives(types.map(\.rawValue))), found \(value.typeName).")
        case .values(let values):
            guard spend(values.count), !values.contains(value) else { return .conforms }
            return .violates("Expected \(alternatives(values.map(brief))), found \(brief(value)).")
        case .bound(let bound, let limit):
            guard let number = value.number, !bound.admits(number, limit) else { return .conforms }
            return .violates("Expected a number \(bound.phrase) \(limit), found \(brief(value)).")
        case .multiple(let divisor):
            guard let number = value.number, !number.decimal.isMultiple(of: divisor) else { return .conforms }
            return .violates(
                "Expected a multiple of \(divisor.coefficient)e\(divisor.exponent), found \(brief(value)).")
        case .size(let measure, let atLeast, let atMost):
            guard let size = measure.size(of: value), !(atLeast...atMost).contains(size) else { return .conforms }
            let limit = size < atLeast ? "at least \(atLeast)" : "at most \(atMost)"
            return .violates("Expected \(limit) \(measure.rawValue), found \(size).")
        default:
            switch value {
            case .array(let elements): if let verdict = verdict(on: elements, assertion) { return verdict }
            case .object(let members): if let verdict = verdict(on: members, value, assertion) { return verdict }
            default: break
            }
            return logicalVerdict(on: value, assertion)
        }
    }

    /// Nil when the assertion is not about arrays.
    private mutating func verdict(on elements: [JSONValue], _ assertion: CompiledSchema.Assertion) -> Verdict? {
        var conforms = true
        switch assertion {
        case .uniqueElements:
            guard spend(elements.count), Set(elements).count < elements.count else { return .conforms }
            return .violates("Expected elements that differ, found equal ones.")
        case .prefix(let schemas):
            for (index, (element, schema)) in zip(elements, schemas).enumerated() {
                conforms = check(element, at: String(index), against: schema) && conforms
            }
        case .rest(let schema, let start):
            for (index, element) in elements.enumerated().dropFirst(start) {
                conforms = check(element, at: String(index), against: schema) && conforms
            }
        case .contains(let schema, let atLeast, let atMost):
            var count = 0
            for element in elements where self.conforms(element, to: schema) { count += 1 }
            guard count < atLeast || count > atMost else { return .conforms }
            let limit = count < atLeast ? "at least \(atLeast)" : "at most \(atMost)"
            return .violates("Expected \(limit) elements of a kind, found \(count).")
        default:
            return nil
        }
        return conforms ? .conforms : .violatesWithin
    }

    /// Nil when the assertion is not about objects. `value` is the object that has the members.
    private mutating func verdict(
        on members: JSONObject, _ value: JSONValue, _ assertion: CompiledSchema.Assertion
    ) -> Verdict? {
        var conforms = true
        switch assertion {
        case .required(let names):
            return missing(names.filter { members[$0] == nil })
        case .requiredBeside(let dependencies):
            let present = dependencies.filter { members[$0.name] != nil }
            return missing(present.flatMap(\.required).filter { members[$0] == nil })
        case .members(let schemas):
            for named in schemas {
                guard let member = members[named.name] else { continue }
                conforms = check(member, at: named.name, against: named.schema) && conforms
            }
        case .otherMembers(let named, let schema):
            for (name, member) in members where !named.contains(MemberName(text: name)) {
                conforms = check(member, at: name, against: schema) && conforms
            }
        case .names(let schema):
            for name in members.keys where !self.conforms(.string(name), to: schema) {
                return .violates("The name \(brief(.string(name))) is not allowed.")
            }
        case .beside(let schemas):
            for named in schemas where members[named.name] != nil {
                conforms = check(value, against: named.schema) && conforms
            }
        default:
            return nil
        }
        return conforms ? .conforms : .violatesWithin
    }

    private mutating func logicalVerdict(on value: JSONValue, _ assertion: CompiledSchema.Assertion) -> Verdict {
        var conforms = true
        switch assertion {
        case .all(let schemas):
            for schema in schemas { conforms = check(value, against: schema) && conforms }
        case .any(let schemas):
            for schema in schemas where self.conforms(value, to: schema) { return .conforms }
            return .violates("Expected one of \(schemas.count) alternatives to fit, found none.")
        case .one(let schemas):
            var count = 0
            for schema in schemas where self.conforms(value, to: schema) { count += 1 }
            guard count != 1 else { return .conforms }
            return .violates("Expected exactly one of \(schemas.count) alternatives to fit, found \(count).")
        case .not(let schema):
            return self.conforms(value, to: schema) ? .violates("What stands here is ruled out.") : .conforms
        case .choice(let condition, let then, let otherwise):
            guard let schema = self.conforms(value, to: condition) ? then : otherwise else { return .conforms }
            conforms = check(value, against: schema)
        default:
            return .conforms
        }
        return conforms ? .conforms : .violatesWithin
    }
}

private func missing(_ names: [String]) -> SchemaValidator.Verdict {
    guard let first = names.first else { return .conforms }
    let others = names.count == 1 ? "" : " and \(names.count - 1) more"
    return .violates("The member \(brief(.string(first)))\(others) is missing.")
}

private func alternatives(_ items: [String]) -> String {
    guard items.count > 1 else { return items.first ?? "nothing" }
    let shown = items.prefix(8).joined(separator: ", ")
    return "one of \(shown)" + (items.count > 8 ? ", …" : "")
}

/// The text of a value, cut off where it would fill a screen.
private func brief(_ value: JSONValue) -> String {
    switch value {
    case .array, .object: return value.typeName
    default:
        let text = value.serialized()
        return text.count > 64 ? text.prefix(63) + "…" : text
    }
}
