package import JSON

/// What a workflow hides of its runs in whatever leaves the engine: the document's `redact`, paths as expressions write
/// them. The run itself goes on with the values.
package struct Redaction: Sendable, Hashable {
    /// What stands for any member, or any element.
    private static let any = "*"

    /// Within the input, the state and the output of a run.
    package private(set) var input: [[String]] = []
    package private(set) var state: [[String]] = []
    package private(set) var output: [[String]] = []
    /// Within what steps leave, by their names.
    package private(set) var results: [String: [[String]]] = [:]

    /// Adds a path, such as `input.card.number`, `state.token`, `steps.login.result.users.*.key` or `output`. Nil, and
    /// nothing added, where it leads nowhere.
    mutating func add(_ path: String) -> Void? {
        let names = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard !names.contains("") else { return nil }
        switch names[0] {
        case "input": input.append(Array(names.dropFirst()))
        case "state": state.append(Array(names.dropFirst()))
        case "output": output.append(Array(names.dropFirst()))
        case "steps":
            guard names.count >= 3, names[2] == "result" else { return nil }
            results[names[1], default: []].append(Array(names.dropFirst(3)))
        default: return nil
        }
        return ()
    }

    /// The value with what stands at the paths in it changed.
    package static func changing(
        _ value: JSONValue, at paths: [[String]], _ change: (JSONValue) -> JSONValue
    ) -> JSONValue {
        paths.reduce(value) { changing($0, at: $1[...], change) }
    }

    private static func changing(
        _ value: JSONValue, at path: ArraySlice<String>, _ change: (JSONValue) -> JSONValue
    ) -> JSONValue {
        guard let name = path.first else { return change(value) }
        let rest = path.dropFirst()
        switch value {
        case .object(var members):
            for key in Array(members.keys) where name == any || name == key {
                members[key] = members[key].map { changing($0, at: rest, change) }
            }
            return .object(members)
        case .array(let elements):
            return .array(
                elements.enumerated().map { index, element in
                    name == any || name == String(index) ? changing(element, at: rest, change) : element
                })
        default: return value
        }
    }
}

extension WorkflowParser {
    /// What the document hides; nil where that is nothing.
    mutating func redaction(_ object: JSONObject, at pointer: JSONPointer) -> Redaction? {
        guard let paths = reader.strings("redact", of: object, at: pointer), !paths.isEmpty else { return nil }
        var redaction = Redaction()
        for (index, path) in paths.enumerated() where redaction.add(path) == nil {
            reader.report(
                Problem(
                    "redact.badPath", at: pointer.appending("redact").appending(index),
                    "\"\(path)\" leads to nothing that a run has.",
                    hint: "Such as input.password, state.token, steps.login.result.key, or output.users.*.name."))
        }
        return redaction
    }
}
