/// Reads one keyword of a schema.
struct KeywordReader {
    typealias Assertion = CompiledSchema.Assertion

    let keyword: String
    let value: JSONValue
    let siblings: JSONObject
    let schema: JSONPointer

    /// What the keyword demands; nil when it is an annotation, unknown, or read with a sibling.
    func assertion(_ compiler: inout SchemaCompiler) throws(SchemaError) -> Assertion? {
        if let assertion = try valueAssertion() { return assertion }
        if let assertion = try sizeAssertion() { return assertion }
        if let assertion = try arrayAssertion(&compiler) { return assertion }
        if let assertion = try objectAssertion(&compiler) { return assertion }
        return try logicAssertion(&compiler)
    }

    private func valueAssertion() throws(SchemaError) -> Assertion? {
        switch keyword {
        case "type": return .type(try types())
        case "enum":
            guard let values = value.array else { throw error("must be an array") }
            return .values(values)
        case "const": return .values([value])
        case "minimum": return .bound(.minimum, try number())
        case "maximum": return .bound(.maximum, try number())
        case "exclusiveMinimum": return .bound(.exclusiveMinimum, try number())
        case "exclusiveMaximum": return .bound(.exclusiveMaximum, try number())
        case "multipleOf":
            guard let divisor = try number().decimal.divisor else {
                throw error("must be a number above 0 of at most 18 significant digits")
            }
            return .multiple(of: divisor)
        default: return nil
        }
    }

    private func sizeAssertion() throws(SchemaError) -> Assertion? {
        switch keyword {
        case "minLength": .size(.characters, atLeast: try count(), atMost: .max)
        case "maxLength": .size(.characters, atLeast: 0, atMost: try count())
        case "minItems": .size(.elements, atLeast: try count(), atMost: .max)
        case "maxItems": .size(.elements, atLeast: 0, atMost: try count())
        case "minProperties": .size(.members, atLeast: try count(), atMost: .max)
        case "maxProperties": .size(.members, atLeast: 0, atMost: try count())
        case "pattern", "patternProperties", "$dynamicRef", "unevaluatedProperties", "unevaluatedItems":
            throw error("is not supported")
        case "$id" where !schema.tokens.isEmpty: throw error("is supported at the root alone")
        default: nil
        }
    }

    private func arrayAssertion(_ compiler: inout SchemaCompiler) throws(SchemaError) -> Assertion? {
        switch keyword {
        case "uniqueItems":
            guard let demanded = value.bool else { throw error("must be a boolean") }
            return demanded ? .uniqueElements : nil
        case "prefixItems":
            return .prefix(try subschemas(&compiler))
        case "items":
            guard value.array == nil else { throw error("must be one schema; an array of them is 'prefixItems'") }
            let prefix = siblings["prefixItems"]?.array?.count ?? 0
            return .rest(subschema(&compiler), from: prefix)
        case "contains":
            let atLeast = try sibling("minContains")?.count() ?? 1
            let atMost = try sibling("maxContains")?.count() ?? .max
            return .contains(subschema(&compiler), atLeast: atLeast, atMost: atMost)
        default: return nil
        }
    }

    private func objectAssertion(_ compiler: inout SchemaCompiler) throws(SchemaError) -> Assertion? {
        switch keyword {
        case "required": return .required(try names())
        case "dependentRequired":
            var dependencies: [(name: String, required: [String])] = []
            for name in try members().keys { dependencies.append((name, try at(name).names())) }
            return .requiredBeside(dependencies)
        case "properties":
            return .members(try namedSchemas(&compiler))
        case "additionalProperties":
            let named = siblings["properties"]?.object?.keys.map { MemberName(text: $0) } ?? []
            return .otherMembers(than: Set(named), subschema(&compiler))
        case "propertyNames": return .names(subschema(&compiler))
        case "dependentSchemas": return .beside(try namedSchemas(&compiler))
        case "$defs":
            // Compiled for their mistakes, even when nothing refers to them.
            _ = try namedSchemas(&compiler)
            return nil
        default: return nil
        }
    }

    private func logicAssertion(_ compiler: inout SchemaCompiler) throws(SchemaError) -> Assertion? {
        switch keyword {
        case "allOf": return .all(try subschemas(&compiler))
        case "anyOf": return .any(try subschemas(&compiler))
        case "oneOf": return .one(try subschemas(&compiler))
        case "not": return .not(subschema(&compiler))
        case "if":
            let then = sibling("then")?.subschema(&compiler)
            let otherwise = sibling("else")?.subschema(&compiler)
            return .choice(if: subschema(&compiler), then: then, else: otherwise)
        case "$ref":
            guard let reference = value.string else { throw error("must be a string") }
            return .all([try compiler.identifier(ofReference: reference, at: location)])
        default: return nil
        }
    }
}

extension KeywordReader {
    private var location: JSONPointer { schema.appending(keyword) }

    private func error(_ complaint: String) -> SchemaError {
        SchemaError(pointer: location, message: "'\(keyword)' \(complaint).")
    }

    private func sibling(_ keyword: String) -> KeywordReader? {
        siblings[keyword].map { KeywordReader(keyword: keyword, value: $0, siblings: siblings, schema: schema) }
    }

    /// The member or element of the keyword's value, as though it were the keyword.
    private func at(_ name: String) -> KeywordReader {
        KeywordReader(keyword: name, value: value[name] ?? .null, siblings: siblings, schema: location)
    }

    private func subschema(_ compiler: inout SchemaCompiler) -> CompiledSchema.ID {
        compiler.identifier(of: value, at: location)
    }

    private func subschemas(_ compiler: inout SchemaCompiler) throws(SchemaError) -> [CompiledSchema.ID] {
        guard let elements = value.array, !elements.isEmpty else { throw error("must be an array of schemas") }
        return elements.enumerated().map { compiler.identifier(of: $1, at: location.appending($0)) }
    }

    private func namedSchemas(
        _ compiler: inout SchemaCompiler
    ) throws(SchemaError) -> [CompiledSchema.NamedSchema] {
        try members().keys.map { CompiledSchema.NamedSchema(name: $0, schema: at($0).subschema(&compiler)) }
    }

    private func number() throws(SchemaError) -> JSONNumber {
        guard let number = value.number else { throw error("must be a number") }
        return number
    }

    private func count() throws(SchemaError) -> Int {
        guard let count = value.number?.decimal.int, count >= 0 else { throw error("must be a whole number from 0 up") }
        return count
    }

    private func members() throws(SchemaError) -> JSONObject {
        guard let members = value.object else { throw error("must be an object") }
        return members
    }

    private func names() throws(SchemaError) -> [String] {
        guard let elements = value.array else { throw error("must be an array of names") }
        let names = elements.compactMap(\.string)
        guard names.count == elements.count else { throw error("must be an array of names") }
        return names
    }

    private func types() throws(SchemaError) -> [CompiledSchema.InstanceType] {
        let names = value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? []
        let types = names.compactMap(CompiledSchema.InstanceType.init(rawValue:))
        let isWhole = types.count == max(1, value.array?.count ?? 1)
        guard isWhole else {
            throw error("must name null, boolean, integer, number, string, array or object, or be an array of these")
        }
        return types
    }
}
