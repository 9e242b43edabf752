package import JSON

/// What the names in an expression stand for. Meant for a handful of names: they are searched one after the other, and
/// no value is copied or converted before an expression touches it.
package struct Bindings: Sendable {
    private var entries: [(name: String, value: JSONValue)] = []

    package init() {}

    /// Where a name is repeated, the last one counts.
    package init(_ entries: (name: String, value: JSONValue)...) { self.entries = entries }

    package init(_ values: [String: JSONValue]) { entries = values.map { ($0.key, $0.value) } }

    /// Whether there are names such as `a.b`, for which selections must be looked up as a whole.
    var haveQualifiedNames: Bool { entries.contains { $0.name.utf8.contains(.dot) } }

    /// Setting nil removes the name.
    package subscript(name: String) -> JSONValue? {
        get {
            // A plain loop: to hand each entry to a closure would retain it.
            for index in entries.indices.reversed() where entries[index].name.isIdentical(to: name) {
                return entries[index].value
            }
            return nil
        }
        set {
            entries.removeAll { $0.name.isIdentical(to: name) }
            guard let newValue else { return }
            entries.append((name, newValue))
        }
    }
}

extension Bindings: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral entries: (String, JSONValue)...) {
        self.entries = entries.map { ($0, $1) }
    }
}
