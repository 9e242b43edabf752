package import JSON

/// What the names in an expression stand for. Meant for a handful of names: they are searched one after the other, and
/// no value is copied or converted before an expression touches it.
package struct Bindings: Sendable {
    private var entries: [(name: String, value: JSONValue)]

    package init() { entries = [] }

    /// Where a name is repeated, the last one counts.
    package init(_ entries: (String, JSONValue)...) { self.entries = entries.map { ($0, $1) } }

    package init(_ values: [String: JSONValue]) { entries = values.map { ($0.key, $0.value) } }

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
            if let newValue { entries.append((name, newValue)) }
        }
    }
}

extension Bindings: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral entries: (String, JSONValue)...) { self.entries = entries.map { ($0, $1) } }
}
