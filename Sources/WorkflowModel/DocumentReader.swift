import Expressions
import JSON

/// Reads the members of a document and collects everything that is wrong with it, instead of stopping at the first.
struct DocumentReader {
    /// How many problems of a severity are told; a document with more is beyond being mended one by one.
    private static let mostProblems = 1000

    private(set) var problems: [Problem] = []
    var around = Surroundings()
    private var counts: [Problem.Severity: Int] = [:]
    /// How many names may still be compared to find what somebody meant.
    private var comparisons = 20_000

    mutating func report(_ problem: Problem) {
        counts[problem.severity, default: 0] += 1
        if counts[problem.severity, default: 0] <= Self.mostProblems { problems.append(problem) }
    }

    /// The object at a place, its member names checked; nil, and a problem, when it is something else.
    mutating func object(_ value: JSONValue, at pointer: JSONPointer, members known: [String]) -> JSONObject? {
        guard case .object(let object) = value else {
            reportType(value, at: pointer, expected: "an object")
            return nil
        }
        for name in object.keys where !known.contains(name) {
            report(
                Problem(
                    "document.unknownMember", at: pointer.appending(name),
                    "There is no member \"\(name.excerpt)\" here.",
                    hint: hint(for: name, among: known)))
        }
        return object
    }

    /// The object at a place, its members those of the form, and none missing that it requires.
    mutating func object(_ value: JSONValue, at pointer: JSONPointer, as form: Form) -> JSONObject? {
        guard let object = object(value, at: pointer, members: form.names) else { return nil }
        for member in form.members where member.isRequired && present(member.name, in: object) == nil {
            reportMissing(member.name, at: pointer)
        }
        return object
    }

    /// What somebody probably meant, else what there is.
    mutating func hint(for name: String, among known: @autoclosure () -> [String]) -> String? {
        guard comparisons > 0 else { return nil }
        let known = known()
        return nearest(to: name, among: known).map { "Did you mean \"\($0)\"?" } ?? Self.list(known)
    }

    static func list(_ known: [String]) -> String? {
        if known.isEmpty { return nil }
        let list = known.prefix(12).map(\.excerpt).joined(separator: ", ")
        return "Known here: \(list)\(known.count > 12 ? ", …" : ".")"
    }

    /// The nearest name, if it is near enough to be a slip. In a document with very many names and slips not all are
    /// compared: nil then, too.
    mutating func nearest(to name: String, among known: [String]) -> String? {
        guard comparisons > 0 else { return nil }
        comparisons -= known.count
        return Spelling.nearest(to: name, among: known)
    }

    mutating func reportType(_ value: JSONValue, at pointer: JSONPointer, expected: String) {
        report(
            Problem(
                "document.wrongType", at: pointer,
                "Expected \(expected), found \(value.number?.text ?? value.typeName)."))
    }

    mutating func reportMissing(_ name: String, at pointer: JSONPointer, hint: String? = nil) {
        report(Problem("document.missingMember", at: pointer, "The member \"\(name)\" is missing.", hint: hint))
    }

    mutating func string(_ name: String, of object: JSONObject, at pointer: JSONPointer) -> String? {
        guard let value = present(name, in: object) else { return nil }
        guard case .string(let text) = value else {
            reportType(value, at: pointer.appending(name), expected: "a string")
            return nil
        }
        return text
    }

    mutating func integer(
        _ name: String, of object: JSONObject, at pointer: JSONPointer, minimum: Int
    ) -> Int? {
        guard let value = present(name, in: object) else { return nil }
        guard let number = value.int, number >= minimum else {
            reportType(value, at: pointer.appending(name), expected: "an integer of at least \(minimum)")
            return nil
        }
        return number
    }

    /// A number from 0 to 1.
    mutating func fraction(_ name: String, of object: JSONObject, at pointer: JSONPointer) -> Double? {
        guard let value = present(name, in: object) else { return nil }
        guard let number = value.double, (0...1).contains(number) else {
            reportType(value, at: pointer.appending(name), expected: "a number from 0 to 1")
            return nil
        }
        return number
    }

    mutating func number(_ name: String, of object: JSONObject, at pointer: JSONPointer) -> Double? {
        guard let value = present(name, in: object) else { return nil }
        guard let number = value.double, number.isFinite else {
            reportType(value, at: pointer.appending(name), expected: "a number")
            return nil
        }
        return number
    }

    mutating func strings(_ name: String, of object: JSONObject, at pointer: JSONPointer) -> [String]? {
        guard let value = present(name, in: object) else { return nil }
        let strings = value.array?.compactMap(\.string)
        guard let strings, strings.count == value.array?.count else {
            reportType(value, at: pointer.appending(name), expected: "a list of strings")
            return nil
        }
        return strings
    }

    /// A duration in milliseconds.
    mutating func duration(_ name: String, of object: JSONObject, at pointer: JSONPointer) -> Duration? {
        integer(name, of: object, at: pointer, minimum: 0).map { .milliseconds($0) }
    }

    mutating func choice<Choice>(
        _ name: String, of object: JSONObject, at pointer: JSONPointer, as: Choice.Type = Choice.self
    ) -> Choice? where Choice: CaseIterable & RawRepresentable, Choice.RawValue == String {
        guard let text = string(name, of: object, at: pointer) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let known = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        report(
            Problem("document.unknownValue", at: pointer.appending(name), "\"\(text.excerpt)\" is none of \(known)."))
        return nil
    }

    mutating func template(_ name: String, of object: JSONObject, at pointer: JSONPointer) -> Template? {
        present(name, in: object).flatMap { template($0, at: pointer.appending(name)) }
    }

    mutating func template(_ value: JSONValue, at pointer: JSONPointer) -> Template? {
        do {
            let template = try Template(parsing: value)
            for (place, expression) in template.expressions {
                let text = place.resolve(in: value)?.string ?? expression.source
                check(expression, in: text, at: pointer.appending(place))
            }
            return template
        } catch {
            report(Problem(error.error.kind.name, at: pointer.appending(error.pointer), "\(error.error)"))
            return nil
        }
    }

    mutating func expression(_ source: String, at pointer: JSONPointer) -> Expression? {
        do {
            let expression = try Expression(parsing: source)
            check(expression, in: source, at: pointer)
            return expression
        } catch {
            report(Problem(error.kind.name, at: pointer, "\(error)"))
            return nil
        }
    }

    mutating func schema(_ value: JSONValue, at pointer: JSONPointer) -> JSONSchema? {
        do {
            return try JSONSchema(value)
        } catch {
            report(Problem("schema.invalid", at: pointer.appending(error.pointer), error.message))
            return nil
        }
    }

    /// A member that is there and not null: null counts as absent.
    func present(_ name: String, in object: JSONObject) -> JSONValue? {
        guard let value = object[name], !value.isNull else { return nil }
        return value
    }
}
