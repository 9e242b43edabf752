/// Applies compiled schemas to one instance.
struct SchemaValidator {
    /// A schema within a schema, or a step into the instance, is a level.
    private static let greatestDepth = 512
    /// Rules applied and values compared: room for an instance of a million elements, and an end to what grows as a power.
    private static let greatestEffort = 2_000_000
    private static let greatestViolationCount = 100

    private let schemas: [CompiledSchema]
    private var found: [JSONSchema.Violation] = []
    private var location = JSONPointer()
    private var depth = 0
    private var effort = 0
    private var gaveUp = false
    /// Above 0 while an alternative is tried, whose failure is no violation yet.
    private var trials = 0

    init(_ schemas: [CompiledSchema]) { self.schemas = schemas }

    mutating func violations(of instance: JSONValue) -> [JSONSchema.Violation] {
        _ = check(instance, against: 0)
        if gaveUp {
            let message = "The check was given up: the instance or the schema is too deep, or takes too long."
            found.append(JSONSchema.Violation(instance: JSONPointer(), schema: JSONPointer(), message: message))
        }
        return found
    }

    /// Whether `value` conforms. Every rule is tried, so that a person sees all that is wrong at once.
    mutating func check(_ value: JSONValue, against id: CompiledSchema.ID) -> Bool {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.greatestDepth else {
            gaveUp = true
            return false
        }
        var conforms = true
        for rule in schemas[id].rules {
            guard spend(1) else { return false }
            let verdict = verdict(on: value, rule.assertion)
            if case .conforms = verdict { continue }
            guard trials == 0 else { return false }
            conforms = false
            if case .violates(let message) = verdict { report(message, rule, of: schemas[id]) }
        }
        return conforms
    }

    /// Whether `value` conforms, with nothing reported.
    mutating func conforms(_ value: JSONValue, to id: CompiledSchema.ID) -> Bool {
        trials += 1
        defer { trials -= 1 }
        return check(value, against: id)
    }

    mutating func check(_ value: JSONValue, at token: String, against id: CompiledSchema.ID) -> Bool {
        location.append(token)
        defer { location.removeLast() }
        return check(value, against: id)
    }

    /// False once the bounds are reached.
    mutating func spend(_ amount: Int) -> Bool {
        effort += amount
        if effort > Self.greatestEffort { gaveUp = true }
        return !gaveUp
    }

    private mutating func report(_ message: String, _ rule: CompiledSchema.Rule, of schema: CompiledSchema) {
        guard found.count < Self.greatestViolationCount else { return }
        let place = rule.keyword.isEmpty ? schema.location : schema.location.appending(rule.keyword)
        found.append(JSONSchema.Violation(instance: location, schema: place, message: message))
    }
}
