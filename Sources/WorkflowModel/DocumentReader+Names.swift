import Expressions
import JSON

/// What an expression may name where the reader is.
struct Surroundings {
    /// Names bound everywhere, then those of the scopes around.
    var roots = Scope.boundNames
    /// The flows around, outer ones first, each with its steps as the document has them.
    var flows: [JSONObject] = []
    /// The steps that `result` may come from, as the document has them.
    var before: [JSONValue] = []
    /// Every member that the state may ever have; nil when nobody can say.
    var state: Set<String>?
    /// Whether it stands for itself, and any step of the document may come to use it.
    var isAnywhere = false
    /// The schema of the input.
    var input: JSONValue = .bool(true)

    /// A step that is seen from here, as the document has it.
    func step(_ name: String) -> JSONValue? {
        for flow in flows.reversed() where name != Flow.startName {
            if let step = flow[name] { return step }
        }
        return nil
    }
}

/// Names that do not stand for anything.
extension DocumentReader {
    /// `text` is what the expression's offsets count in.
    mutating func check(_ expression: Expression, in text: String, at pointer: JSONPointer) {
        let names = expression.names
        var told: Set<ArraySlice<String>> = []
        for function in expression.unknownFunctions {
            let place = TextPlace(offset: function.offset, in: text)
            report(
                Problem(
                    "expression.unknownFunction", at: pointer,
                    "\(place): There is no function \"\(function.path.joined(separator: "."))\"."))
        }
        for name in names {
            guard let complaint = complaint(about: name.path) else { continue }
            let mistaken = name.path.prefix(complaint.length)
            guard complaint.length == 1 || !Self.asks(for: mistaken, in: names), told.insert(mistaken).inserted
            else { continue }
            let place = TextPlace(offset: name.offset, in: text)
            report(
                Problem(
                    complaint.kind, at: pointer, "\(place): \(complaint.message)",
                    hint: hint(for: mistaken.last ?? "", among: complaint.known()), severity: complaint.severity))
        }
    }

    private struct Complaint {
        var kind: String
        /// How many names of the path it takes to the mistake.
        var length: Int
        var message: String
        var known: () -> [String]
        var severity = Problem.Severity.error
    }

    private func complaint(about path: [String]) -> Complaint? {
        guard let root = path.first else { return nil }
        let around = around
        guard around.roots.contains(root) else {
            return Complaint(
                kind: "expression.unknownName", length: 1, message: "Nothing is called \"\(root)\" here.",
                known: { around.roots })
        }
        guard path.count > 1 else { return nil }
        switch root {
        case "steps": return complaint(aboutStep: path)
        case "state":
            guard let state = around.state, !state.contains(path[1]) else { return nil }
            return Complaint(
                kind: "expression.unknownMember", length: 2,
                message: "The state never has a member \"\(path[1])\".", known: { state.sorted() },
                severity: .warning)
        case "input":
            var schema = around.input
            for (index, member) in path.enumerated().dropFirst() {
                guard let known = Self.members(of: schema) else { return nil }
                guard let inner = known[member] else {
                    return Complaint(
                        kind: "expression.unknownMember", length: index + 1,
                        message: "The schema of the input has no \"\(path[1...index].joined(separator: "."))\".",
                        known: { Array(known.keys) }, severity: .warning)
                }
                schema = inner
            }
            return nil
        default: return nil
        }
    }

    private func complaint(aboutStep path: [String]) -> Complaint? {
        let around = around
        guard around.isAnywhere || around.step(path[1]) != nil else {
            return Complaint(
                kind: "expression.unknownStep", length: 2,
                message: "There is no step \"\(path[1])\" that could be seen from here.",
                known: { around.flows.reversed().flatMap { $0.keys.filter { $0 != Flow.startName } } })
        }
        guard path.count > 2, !Scope.resultMembers.contains(path[2]) else { return nil }
        return Complaint(
            kind: "expression.unknownMember", length: 3,
            message: "A step has no \"\(path[2])\"; what it left is steps.\(path[1]).result.",
            known: { Scope.resultMembers })
    }

    /// Whether the expression makes sure of something by itself, with `has` or by looking into the map around it.
    private static func asks(for path: ArraySlice<String>, in names: [Expression.Name]) -> Bool {
        names.contains { name in
            name.isTested
                ? name.path.starts(with: path) && name.path.count == path.count
                : name.path.elementsEqual(path.dropLast())
        }
    }

    /// The members that a value of a schema can have; nil when there may be others.
    private static func members(of schema: JSONValue) -> JSONObject? {
        guard case .object(let keywords) = schema, case .object(let members)? = keywords["properties"] else {
            return nil
        }
        let others = [
            "patternProperties", "$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "dependentSchemas",
            "unevaluatedProperties",
        ]
        guard !others.contains(where: { keywords[$0] != nil }) else { return nil }
        switch keywords["additionalProperties"] {
        case nil, .bool(false): return members
        default: return nil
        }
    }
}
