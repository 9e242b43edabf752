import JSON
import ServiceProtocol
import WorkflowModel

/// Holds what a file says against the table of what it may say. It stops at the first thing that is wrong.
struct ConfigurationCheck {
    struct Complaint {
        var kind = ConfigurationProblem.Kind.invalid
        var pointer: JSONPointer
        var sentence: String
        var hint: String?
    }

    let layer: ConfigurationLayer
    /// What relative paths start from.
    let folder: String
    let home: String?
    private(set) var complaint: Complaint?

    init(layer: ConfigurationLayer, folder: String, home: String?) {
        self.layer = layer
        self.folder = folder
        self.home = home
    }

    /// The members that are there, null counting as absent, and with their paths absolute.
    mutating func members(
        of value: JSONValue, _ known: [ConfigurationMember], at pointer: JSONPointer
    ) -> JSONObject {
        guard let object = object(value, at: pointer) else { return [:] }
        var checked = JSONObject()
        for (name, value) in object where complaint == nil {
            let place = pointer.appending(name)
            guard let member = known.first(where: { $0.name == name }) else {
                refuse(unknown: name, among: known.map(\.name), at: place)
                continue
            }
            if value.isNull { continue }
            if layer == .workspace, let reserve = member.reserve {
                forbid(place, reserve.rawValue)
                continue
            }
            checked[name] = self.value(value, member.value, at: place)
        }
        return checked
    }

    private mutating func value(
        _ value: JSONValue, _ wanted: ConfigurationMember.Value, at pointer: JSONPointer
    ) -> JSONValue {
        switch wanted {
        case .text: expect(value.string != nil, "a string", value, at: pointer)
        case .choice(let known):
            let isKnown = value.string.map(known.contains) ?? false
            expect(isKnown, "one of " + known.joined(separator: ", "), value, at: pointer)
        case .path: return path(value, at: pointer)
        case .secretText:
            let isFine = (try? SecretText(parameter: value, at: pointer)) != nil
            expect(isFine, SecretText.expectation, nil, at: pointer)
        case .variable:
            // What stands there may be the key itself, so it is not repeated.
            let isName = value.string?.isVariableName ?? false
            expect(isName, "the name of an environment variable, never its value", nil, at: pointer)
        case .url:
            let isURL = value.string.map { $0.hasPrefix("http://") || $0.hasPrefix("https://") } ?? false
            expect(isURL, "an address that begins with http:// or https://", value, at: pointer)
        case .count(let range):
            let fits = value.int.map(range.contains) ?? false
            expect(fits, "an integer from \(range.lowerBound) to \(range.upperBound)", value, at: pointer)
        case .number: expect(value.double != nil, "a number", value, at: pointer)
        case .texts, .variables:
            expect(value.array != nil, "a list", value, at: pointer)
            let inner: ConfigurationMember.Value = if case .texts = wanted { .text } else { .variable }
            for (index, element) in (value.array ?? []).enumerated() where complaint == nil {
                _ = self.value(element, inner, at: pointer.appending(index))
            }
        case .object(let members): return .object(self.members(of: value, members, at: pointer))
        case .map(let inner):
            var checked = JSONObject()
            for (name, value) in object(value, at: pointer) ?? [:] where complaint == nil && !value.isNull {
                checked[name] = self.value(value, inner, at: pointer.appending(name))
            }
            return .object(checked)
        case .runOptions: checkOptions(value, at: pointer)
        }
        return value
    }

    private mutating func checkOptions(_ value: JSONValue, at pointer: JSONPointer) {
        do throws(InvalidWorkflow) {
            _ = try RunOptions.parse(value)
        } catch {
            // What is missing may stand in another layer.
            guard let problem = error.problems.first(where: { $0.kind != "document.missingMember" }) else { return }
            let place = pointer.appending(problem.pointer)
            complaint = Complaint(pointer: place, sentence: "\(place.words): \(problem.message)", hint: problem.hint)
            return
        }
        guard layer == .workspace, let options = value.object else { return }
        if let name = ConfigurationMember.reservedOptions.first(where: { options[$0] != nil }) {
            forbid(pointer.appending(name), ConfigurationMember.Reserve.limits.rawValue)
        }
    }

    private mutating func path(_ value: JSONValue, at pointer: JSONPointer) -> JSONValue {
        guard let text = value.string, !text.isEmpty else {
            expect(false, "a path", value, at: pointer)
            return value
        }
        let path = FilePlace.absolute(text, in: folder, home: home)
        if layer == .workspace, !FilePlace.isWithin(folder, path) {
            forbid(pointer, "it leads out of the workspace \(folder)")
        }
        return .string(path)
    }

    private mutating func object(_ value: JSONValue, at pointer: JSONPointer) -> JSONObject? {
        expect(value.object != nil, "an object", value, at: pointer)
        return value.object
    }

    private mutating func expect(_ fits: Bool, _ wanted: String, _ value: JSONValue?, at pointer: JSONPointer) {
        guard !fits, complaint == nil else { return }
        let found = value.map { value in
            if let text = value.string, text.utf8.count <= 40 { return ", not \"\(text)\"" }
            return ", not \(value.typeName)"
        }
        complaint = Complaint(pointer: pointer, sentence: "\(pointer.words) must be \(wanted)\(found ?? "").")
    }

    private mutating func refuse(unknown name: String, among known: [String], at pointer: JSONPointer) {
        let near = Spelling.nearest(to: name, among: known)
        let hint = near.map { "Did you mean \"\($0)\"?" } ?? "Known here: \(known.joined(separator: ", "))."
        complaint = Complaint(
            pointer: pointer, sentence: "There is no member \(pointer.words). \(hint)", hint: hint)
    }

    private mutating func forbid(_ pointer: JSONPointer, _ reason: String) {
        guard complaint == nil else { return }
        complaint = Complaint(
            kind: .forbidden, pointer: pointer,
            sentence: "\(pointer.words) may not stand in the file of a workspace, since \(reason).",
            hint: "Say it in your own file, by a flag or in initialize.")
    }
}

extension JSONPointer {
    /// As a person writes it: `"providers.openai.baseURL"`.
    var words: String { tokens.isEmpty ? "The configuration" : "\"\(tokens.joined(separator: "."))\"" }
}
