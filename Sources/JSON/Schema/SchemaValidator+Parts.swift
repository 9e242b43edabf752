internal import RegularExpressions

extension SchemaValidator {
    /// Nil when the assertion is not about elements.
    mutating func verdict(on elements: [JSONValue], _ assertion: CompiledSchema.Assertion) -> Verdict? {
        var conforms = true
        switch assertion {
        case .uniqueElements:
            guard spend(JSONValue.array(elements).weight), Set(elements).count < elements.count else {
                return .conforms
            }
            return violation("Expected elements that differ, found equal ones.")
        case .prefix(let schemas):
            for (index, (element, schema)) in zip(elements, schemas).enumerated() {
                conforms = check(element, at: String(index), against: schema) && conforms
                evaluated?.mark(index, of: elements.count)
            }
        case .rest(let schema, let start):
            for (index, element) in elements.enumerated().dropFirst(start) {
                conforms = check(element, at: String(index), against: schema) && conforms
            }
            evaluated?.markAll()
        case .contains(let schema, let atLeast, let atMost):
            var count = 0
            for (index, element) in elements.enumerated() where conformsApart(element, to: schema) {
                count += 1
                evaluated?.mark(index, of: elements.count)
            }
            guard count < atLeast || count > atMost else { return .conforms }
            return violation(
                "Expected \(limit(count, atLeast, atMost)) of the elements to be of one kind, found \(count).")
        case .unevaluatedElements(let schema):
            guard spend(elements.count) else { return .conforms }
            for (index, element) in elements.enumerated() where !isEvaluated(index) {
                conforms = check(element, at: String(index), against: schema) && conforms
            }
            evaluated?.markAll()
        default:
            return nil
        }
        return Verdict(conforms)
    }

    /// Nil when the assertion is not about members.
    mutating func verdict(on members: JSONObject, _ assertion: CompiledSchema.Assertion) -> Verdict? {
        switch assertion {
        case .required(let names):
            guard spend(names.count) else { return .conforms }
            return missing(names.lazy.filter { members[$0] == nil })
        case .requiredBeside(let dependencies):
            guard spend(dependencies.reduce(0) { $0 + 1 + $1.required.count }) else { return .conforms }
            let present = dependencies.lazy.filter { members[$0.name] != nil }
            return missing(present.flatMap(\.required).filter { members[$0] == nil })
        case .names(let schema):
            for name in members.keys where !conformsApart(.string(name), to: schema) {
                return violation("The name \(brief(.string(name))) is not allowed.")
            }
            return .conforms
        case .members(let schemas, let byName):
            return Verdict(check(members, against: schemas, byName))
        case .membersLike(let schemas):
            return Verdict(check(members, against: schemas))
        case .otherMembers(let named, let patterns, let schema):
            let others = check(members, against: schema) { validator, name, _ in
                !named.contains(MemberName(text: name)) && !patterns.contains { validator.matches(name, $0) }
            }
            return Verdict(others)
        case .unevaluatedMembers(let schema):
            return Verdict(
                check(members, against: schema) { validator, _, position in !validator.isEvaluated(position) })
        default:
            return nil
        }
    }

    /// Goes through the members of the instance or those of the schema, whichever are fewer.
    private mutating func check(
        _ members: JSONObject, against schemas: [CompiledSchema.NamedSchema], _ byName: [MemberName: ID]
    ) -> Bool {
        var conforms = true
        guard schemas.count > members.count else {
            guard spend(schemas.count) else { return false }
            for named in schemas {
                guard let (position, member) = members.entry(of: named.name) else { continue }
                conforms = check(member, at: named.name, against: named.schema) && conforms
                evaluated?.mark(position, of: members.count)
            }
            return conforms
        }
        guard spend(members.breadth) else { return false }
        for (position, (name, member)) in members.enumerated() {
            guard let schema = byName[MemberName(text: name)] else { continue }
            conforms = check(member, at: name, against: schema) && conforms
            evaluated?.mark(position, of: members.count)
        }
        return conforms
    }

    private mutating func check(_ members: JSONObject, against schemas: [CompiledSchema.PatternSchema]) -> Bool {
        var conforms = true
        for (position, (name, member)) in members.enumerated() {
            guard spend(schemas.count) else { return false }
            for schema in schemas where matches(name, schema.pattern) {
                conforms = check(member, at: name, against: schema.schema) && conforms
                evaluated?.mark(position, of: members.count)
            }
        }
        return conforms
    }

    /// Checks those members that `isMeant` holds for. All are evaluated then.
    private mutating func check(
        _ members: JSONObject, against schema: ID, where isMeant: (inout Self, String, Int) -> Bool
    ) -> Bool {
        guard spend(members.breadth) else { return false }
        var conforms = true
        for (position, (name, member)) in members.enumerated() where isMeant(&self, name, position) {
            conforms = check(member, at: name, against: schema) && conforms
        }
        evaluated?.markAll()
        return conforms
    }

    private func missing(_ names: some Sequence<String>) -> Verdict {
        var rest = names.makeIterator()
        guard let first = rest.next() else { return .conforms }
        var count = 0
        while rest.next() != nil { count += 1 }
        let others = count == 0 ? "" : " and \(count) more"
        return violation("The member \(brief(.string(first)))\(others) is missing.")
    }
}
