/// Turns a schema document into numbered schemas. It works through a queue, so that neither deep nesting nor a long
/// chain of references needs a deep stack, and a schema that refers to itself needs no special care.
struct SchemaCompiler {
    private let document: JSONValue
    private var anchors: [MemberName: JSONPointer] = [:]
    private var queue: [(location: JSONPointer, schema: JSONValue)] = []
    private var identifiers: [JSONPointer: CompiledSchema.ID] = [:]

    static func compile(_ document: JSONValue) throws(SchemaError) -> [CompiledSchema] {
        var compiler = SchemaCompiler(document: document)
        try compiler.collectAnchors(in: document, at: JSONPointer())
        _ = compiler.identifier(of: document, at: JSONPointer())
        var schemas: [CompiledSchema] = []
        while schemas.count < compiler.queue.count {
            let (location, schema) = compiler.queue[schemas.count]
            schemas.append(CompiledSchema(location: location, rules: try compiler.rules(of: schema, at: location)))
        }
        return schemas
    }

    private init(document: JSONValue) { self.document = document }

    /// The number of a schema, which is its place in the queue.
    mutating func identifier(of schema: JSONValue, at location: JSONPointer) -> CompiledSchema.ID {
        if let known = identifiers[location] { return known }
        let new = queue.count
        identifiers[location] = new
        queue.append((location, schema))
        return new
    }

    /// The schema that a `$ref` names: a pointer or an anchor behind `#`, perhaps after the document's own `$id`.
    mutating func identifier(
        ofReference reference: String, at location: JSONPointer
    ) throws(SchemaError) -> CompiledSchema.ID {
        var fragment = reference
        if let id = document["$id"]?.string, reference.hasPrefix(id) { fragment.removeFirst(id.count) }
        guard fragment.isEmpty || fragment.first == "#" else {
            throw SchemaError(pointer: location, message: "A reference must stay within the document.")
        }
        guard let name = decodePercents(fragment.dropFirst()) else {
            throw SchemaError(pointer: location, message: "A reference has a malformed percent escape.")
        }
        guard let target = JSONPointer(parsing: name) ?? anchors[MemberName(text: name)],
            let schema = target.resolve(in: document)
        else { throw SchemaError(pointer: location, message: "The reference '\(reference)' leads nowhere.") }
        return identifier(of: schema, at: target)
    }

    private mutating func rules(
        of schema: JSONValue, at location: JSONPointer
    ) throws(SchemaError) -> [CompiledSchema.Rule] {
        switch schema {
        case .bool(true): return []
        case .bool(false): return [CompiledSchema.Rule(keyword: "", assertion: .never)]
        case .object(let members):
            var rules: [CompiledSchema.Rule] = []
            for (keyword, value) in members {
                let reader = KeywordReader(keyword: keyword, value: value, siblings: members, schema: location)
                guard let assertion = try reader.assertion(&self) else { continue }
                rules.append(CompiledSchema.Rule(keyword: keyword, assertion: assertion))
            }
            return rules
        default:
            throw SchemaError(pointer: location, message: "A schema must be an object or a boolean.")
        }
    }

    private mutating func collectAnchors(in value: JSONValue, at location: JSONPointer) throws(SchemaError) {
        switch value {
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                try collectAnchors(in: element, at: location.appending(index))
            }
        case .object(let members):
            if let anchor = members["$anchor"]?.string,
                anchors.updateValue(location, forKey: MemberName(text: anchor)) != nil
            {
                throw SchemaError(pointer: location, message: "The anchor '\(anchor)' stands twice.")
            }
            for (key, member) in members where !["const", "enum", "default", "examples"].contains(key) {
                try collectAnchors(in: member, at: location.appending(key))
            }
        default: break
        }
    }
}

/// Nil when a percent sign is not followed by two hexadecimal digits, or the bytes are not UTF-8.
private func decodePercents(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        guard let high = rest.popFirst()?.hexDigit, let low = rest.popFirst()?.hexDigit else { return nil }
        bytes.append(UInt8(high << 4 | low))
    }
    return String(validating: bytes, as: UTF8.self)
}
