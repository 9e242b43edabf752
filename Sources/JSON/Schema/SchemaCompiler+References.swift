extension SchemaCompiler {
    /// Takes note of the names that a schema gives itself. Errors point from the schema.
    mutating func identify(_ schema: ID, by members: JSONObject) throws(SchemaError) {
        if let id = members["$id"] { try rename(schema, id) }
        for keyword in ["$anchor", "$dynamicAnchor"] {
            guard let value = members[keyword] else { continue }
            guard let name = value.string, isAnchor(name) else {
                throw error(
                    keyword, "must be a name of letters, digits, '-', '_' and '.' that begins with a letter or '_'")
            }
            guard addAnchor(name, to: schema, isDynamic: keyword == "$dynamicAnchor") else {
                throw error(keyword, "gives the name '\(name)', which another schema has")
            }
        }
    }

    /// The URI that `$id` gives becomes that of a resource, whose root is the schema.
    private mutating func rename(_ schema: ID, _ id: JSONValue) throws(SchemaError) {
        guard let text = id.string else { throw error("$id", "must be a string") }
        let outer = compiled.schemas[schema].resource
        let uri = URIReference(text).resolved(against: resources[outer].uri)
        guard uri.fragment ?? "" == "" else { throw error("$id", "must have no fragment; '$anchor' names a schema") }
        let name = uri.withoutFragment
        if let known = resourceNames[name], resources[known].root != schema {
            throw error("$id", "gives the URI '\(name)', which another schema has")
        }
        guard resources[outer].root != schema else {
            resources[outer].uri = uri
            resourceNames[name] = outer
            return
        }
        resourceNames[name] = resources.count
        compiled.schemas[schema].resource = resources.count
        resources.append(Resource(uri: uri, root: schema))
    }

    mutating func target(of reference: Reference) throws(SchemaError) -> CompiledSchemas.Target {
        let base = resources[compiled.schemas[reference.origin].resource].uri
        let uri = URIReference(reference.text).resolved(against: base)
        func error(_ complaint: String) -> SchemaError {
            let pointer = compiled.location(of: reference.origin).appending(reference.keyword)
            return SchemaError(pointer: pointer, message: "The reference '\(reference.text)' \(complaint).")
        }
        guard let resource = resource(named: uri, for: reference) else {
            throw error("leads outside of the document, and nothing is fetched")
        }
        guard let fragment = decodePercents(uri.fragment ?? "") else { throw error("has a malformed percent escape") }
        if let path = JSONPointer(parsing: fragment) {
            guard let schema = schema(at: path, from: resources[resource].root) else { throw error("leads nowhere") }
            return CompiledSchemas.Target(schema: schema)
        }
        guard let anchor = resources[resource].anchors[MemberName(text: fragment)] else { throw error("leads nowhere") }
        let isDynamic = reference.keyword == "$dynamicRef"
        return CompiledSchemas.Target(schema: anchor.schema, dynamicAnchor: isDynamic ? anchor.dynamic : nil)
    }

    /// A built-in document becomes known with the first reference to it, and stands there.
    private mutating func resource(named uri: URIReference, for reference: Reference) -> CompiledSchema.ResourceID? {
        let name = uri.withoutFragment
        if let known = resourceNames[name] { return known }
        guard let document = MetaSchema.document(at: name) else { return nil }
        let place = place(reference.keyword, in: compiled.schemas[reference.origin].place)
        return adopt(document, uri: uri, at: place)
    }

    private func error(_ keyword: String, _ complaint: String) -> SchemaError {
        SchemaError(pointer: JSONPointer(tokens: [keyword]), message: "'\(keyword)' \(complaint).")
    }
}

private func isAnchor(_ name: String) -> Bool {
    guard let first = name.utf8.first, !first.isDigit, first != .minus, first != .dot else { return false }
    return name.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, .minus, .dot, UInt8(ascii: "_"): true
        default: false
        }
    }
}
