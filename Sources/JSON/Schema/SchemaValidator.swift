internal import RegularExpressions

/// Applies compiled schemas to one instance.
struct SchemaValidator {
    typealias ID = CompiledSchema.ID

    /// A schema within a schema, or a step into the instance, is a level.
    private static let greatestDepth = 512
    /// Schemas and rules applied, and values compared, some 50 nanoseconds each: the more there is to check the more it
    /// may take, up to a second or two, and what grows as a power comes to an end.
    private static let leastAllowance = 1_000_000
    private static let allowancePerWeight = 64
    private static let greatestAllowance = 20_000_000
    private static let greatestViolationCount = 100
    /// A step of a pattern is that much less than a rule.
    private static let patternStepsPerEffort = 8

    private enum Excess: String {
        case depth = "the references of the schema go round in a circle, or it and the value nest too deep"
        case effort = "it takes too many steps"
    }

    let compiled: CompiledSchemas
    /// What has been evaluated of the value at hand; nil when nobody asks.
    var evaluated: Evaluated?

    private var found: [JSONSchema.Violation] = []
    private var location = JSONPointer()
    /// The resources that the schemas under way belong to, from the outermost.
    private var scope: [CompiledSchema.ResourceID] = []
    private var depth = 0
    private var allowance = 0
    private var excess: Excess?
    /// Above 0 while an alternative is tried, whose failure is no violation yet.
    private var trials = 0

    init(_ compiled: CompiledSchemas) { self.compiled = compiled }

    mutating func violations(of instance: JSONValue) -> [JSONSchema.Violation] {
        allowance = Self.leastAllowance + Self.allowancePerWeight * instance.weight
        allowance = min(allowance, Self.greatestAllowance)
        _ = check(instance, against: 0)
        if let excess {
            let message = "The check was given up: \(excess.rawValue)."
            found.append(JSONSchema.Violation(instance: JSONPointer(), schema: JSONPointer(), message: message))
        }
        return found
    }

    /// Whether `value`, the one at hand, conforms. Every rule is tried, so that a person sees at once all that is
    /// wrong.
    mutating func check(_ value: JSONValue, against id: ID) -> Bool {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.greatestDepth else {
            excess = excess ?? .depth
            return false
        }
        guard spend(1) else { return false }
        let isEntered = scope.last != compiled.schemas[id].resource
        if isEntered { scope.append(compiled.schemas[id].resource) }
        defer { if isEntered { scope.removeLast() } }
        guard !compiled.schemas[id].restRules.isEmpty else {
            return apply(compiled.schemas[id].rules, of: id, to: value)
        }
        return checkAlone(value, against: id)
    }

    /// A schema that asks for what is not evaluated sees what it evaluated itself, and nothing of its surroundings.
    private mutating func checkAlone(_ value: JSONValue, against id: ID) -> Bool {
        guard spend(value.count / 64) else { return false }
        let outer = evaluated
        evaluated = Evaluated()
        // Only of a value that conforms so far is it known what has been evaluated.
        let conforms =
            apply(compiled.schemas[id].rules, of: id, to: value)
            && apply(compiled.schemas[id].restRules, of: id, to: value)
        let inner = evaluated
        evaluated = outer
        if conforms, let inner { evaluated?.formUnion(inner) }
        return conforms
    }

    private mutating func apply(_ rules: [CompiledSchema.Rule], of id: ID, to value: JSONValue) -> Bool {
        let breadth = value.breadth
        var conforms = true
        for rule in rules {
            guard spend(rule.toll + breadth) else { return false }
            let verdict = verdict(on: value, rule.assertion)
            if case .conforms = verdict { continue }
            guard trials == 0 else { return false }
            conforms = false
            if case .violates(let message) = verdict { report(message, rule.keyword, of: id) }
        }
        return conforms
    }

    private mutating func report(_ message: String, _ keyword: String, of id: ID) {
        let schema = compiled.location(of: id)
        let place = keyword.isEmpty ? schema : schema.appending(keyword)
        found.append(JSONSchema.Violation(instance: location, schema: place, message: message))
    }
}

extension SchemaValidator {
    /// Whether `value`, the one at hand, conforms, with nothing reported. What a failure evaluated is forgotten.
    mutating func conforms(_ value: JSONValue, to id: ID) -> Bool {
        trials += 1
        defer { trials -= 1 }
        guard evaluated != nil, spend(value.count / 64) else { return check(value, against: id) }
        let before = evaluated
        let conforms = check(value, against: id)
        if !conforms { evaluated = before }
        return conforms
    }

    /// Whether a value conforms that is not the one at hand, or whose evaluation does not count, with nothing reported.
    mutating func conformsApart(_ value: JSONValue, to id: ID) -> Bool {
        let outer = evaluated
        evaluated = nil
        defer { evaluated = outer }
        return conforms(value, to: id)
    }

    /// Checks a member or element of the value at hand.
    mutating func check(_ part: JSONValue, at token: String, against id: ID) -> Bool {
        let outer = evaluated
        evaluated = nil
        location.append(token)
        defer {
            location.removeLast()
            evaluated = outer
        }
        return check(part, against: id)
    }

    /// The message is made only where it is told.
    func violation(_ message: @autoclosure () -> String) -> Verdict {
        let isTold = trials == 0 && excess == nil && found.count < Self.greatestViolationCount
        return isTold ? .violates(message()) : .violatesWithin
    }

    func isEvaluated(_ position: Int) -> Bool { evaluated?.contains(position) ?? false }

    /// Where a reference leads from here.
    mutating func schema(of target: Int) -> ID {
        let target = compiled.targets[target]
        guard let anchor = target.dynamicAnchor, spend(scope.count) else { return target.schema }
        let outermost = scope.first { compiled.dynamicAnchors[anchor][$0] != nil }
        return outermost.flatMap { compiled.dynamicAnchors[anchor][$0] } ?? target.schema
    }

    /// False when it does not match, or the bounds are reached.
    mutating func matches(_ text: String, _ pattern: RegularExpression) -> Bool {
        // To begin with a text takes as long as some rules do.
        guard spend(4) else { return false }
        var steps = allowance * Self.patternStepsPerEffort
        let isMatch = pattern.matches(text, spending: &steps)
        allowance = steps / Self.patternStepsPerEffort
        if isMatch == nil { excess = .effort }
        return isMatch ?? false
    }

    /// False once the bounds are reached.
    mutating func spend(_ amount: Int) -> Bool {
        allowance -= amount
        if allowance < 0 { excess = excess ?? .effort }
        return excess == nil
    }
}
