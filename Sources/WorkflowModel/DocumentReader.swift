import Expressions
import JSON

/// Reads the members of a document and collects everything that is wrong with it, instead of stopping at the first.
struct DocumentReader {
    private(set) var problems: [Problem] = []
    /// What expressions may name where the reader is.
    var boundNames = Scope.boundNames

    mutating func report(_ problem: Problem) {
        problems.append(problem)
    }

    /// The object at a place, its member names checked; nil, and a problem, when it is something else.
    mutating func object(_ value: JSONValue, at pointer: JSONPointer, members known: [String]) -> JSONObject? {
        guard case .object(let object) = value else {
            reportType(value, at: pointer, expected: "an object")
            return nil
        }
        for (name, _) in object where !known.contains(name) {
            let near = Spelling.nearest(to: name, among: known)
            report(
                Problem(
                    "document.unknownMember", at: pointer.appending(name), "There is no member \"\(name)\" here.",
                    hint: near.map { "Did you mean \"\($0)\"?" } ?? "Known here: \(known.joined(separator: ", "))."))
        }
        return object
    }

    mutating func reportType(_ value: JSONValue, at pointer: JSONPointer, expected: String) {
        report(Problem("document.wrongType", at: pointer, "Expected \(expected), found \(value.typeName)."))
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

    mutating func requiredString(_ name: String, of object: JSONObject, at pointer: JSONPointer) -> String? {
        if present(name, in: object) == nil { reportMissing(name, at: pointer) }
        return string(name, of: object, at: pointer)
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
            Problem("document.unknownValue", at: pointer.appending(name), "\"\(text)\" is none of \(known)."))
        return nil
    }

    mutating func template(_ name: String, of object: JSONObject, at pointer: JSONPointer) -> Template? {
        present(name, in: object).flatMap { template($0, at: pointer.appending(name)) }
    }

    mutating func template(_ value: JSONValue, at pointer: JSONPointer) -> Template? {
        do {
            let template = try Template(parsing: value)
            for (place, expression) in template.expressions {
                check(expression, at: JSONPointer(parsing: pointer.description + place.description) ?? pointer)
            }
            return template
        } catch {
            let place = JSONPointer(parsing: pointer.description + error.pointer.description) ?? pointer
            report(Problem(error.error.kind.name, at: place, "\(error.error)"))
            return nil
        }
    }

    mutating func expression(_ source: String, at pointer: JSONPointer) -> Expression? {
        do {
            let expression = try Expression(parsing: source)
            check(expression, at: pointer)
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
            let place = JSONPointer(parsing: pointer.description + error.pointer.description) ?? pointer
            report(Problem("schema.invalid", at: place, error.message))
            return nil
        }
    }

    /// A member that is there and not null: null counts as absent.
    func present(_ name: String, in object: JSONObject) -> JSONValue? {
        guard let value = object[name], !value.isNull else { return nil }
        return value
    }

    private mutating func check(_ expression: Expression, at pointer: JSONPointer) {
        for name in expression.names {
            guard let root = name.path.first, !boundNames.contains(root) else { continue }
            let near = Spelling.nearest(to: root, among: boundNames)
            report(
                Problem(
                    "expression.unknownName", at: pointer,
                    "\"\(root)\" at column \(name.offset + 1) of \"\(expression.source)\" is not known here.",
                    hint: near.map { "Did you mean \"\($0)\"?" }
                        ?? "Known here: \(boundNames.joined(separator: ", "))."))
        }
    }
}
