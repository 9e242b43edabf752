internal import RegularExpressions

/// Reads one keyword of a schema. Errors point from the schema.
struct KeywordReader {
    typealias Assertion = CompiledSchema.Assertion
    typealias ID = CompiledSchema.ID

    let keyword: String
    let value: JSONValue
    let siblings: JSONObject
    let schema: ID

    /// What the keyword demands; nil when it is an annotation, unknown, or read with a sibling.
    func assertion(_ compiler: inout SchemaCompiler) throws(SchemaError) -> Assertion? {
        if let assertion = try valueAssertion() { return assertion }
        if let assertion = try sizeAssertion(&compiler) { return assertion }
        if let assertion = try arrayAssertion(&compiler) { return assertion }
        if let assertion = try objectAssertion(&compiler) { return assertion }
        return try logicAssertion(&compiler)
    }

    private func valueAssertion() throws(SchemaError) -> Assertion? {
        switch keyword {
        case "type": return .type(try types())
        case "enum":
            guard let values = value.array else { throw error("must be an array") }
            return .values(values, Set(values))
        case "const": return .values([value], [value])
        case "minimum": return .bound(.minimum, try number())
        case "maximum": return .bound(.maximum, try number())
        case "exclusiveMinimum": return .bound(.exclusiveMinimum, try number())
        case "exclusiveMaximum": return .bound(.exclusiveMaximum, try number())
        case "multipleOf":
            let divisor = try number()
            guard divisor > 0 else { throw error("must be a number above 0") }
            return .multiple(of: divisor)
        default: return nil
        }
    }

    private func sizeAssertion(_ compiler: inout SchemaCompiler) throws(SchemaError) -> Assertion? {
        switch keyword {
        case "minLength": .size(.characters, atLeast: try count(), atMost: .max)
        case "maxLength": .size(.characters, atLeast: 0, atMost: try count())
        case "minItems": .size(.elements, atLeast: try count(), atMost: .max)
        case "maxItems": .size(.elements, atLeast: 0, atMost: try count())
        case "minProperties": .size(.members, atLeast: try count(), atMost: .max)
        case "maxProperties": .size(.members, atLeast: 0, atMost: try count())
        case "pattern": .pattern(try pattern(value, &compiler))
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
        case "unevaluatedItems": return .unevaluatedElements(subschema(&compiler))
        default: return nil
        }
    }

    private func objectAssertion(_ compiler: inout SchemaCompiler) throws(SchemaError) -> Assertion? {
        switch keyword {
        case "required": return .required(try names(value))
        case "dependentRequired":
            var dependencies: [(name: String, required: [String])] = []
            for (name, value) in try members() { dependencies.append((name, try names(value, at: name))) }
            return .requiredBeside(dependencies)
        case "properties":
            let schemas = try namedSchemas(&compiler)
            let byName = schemas.map { (MemberName(text: $0.name), $0.schema) }
            return .members(schemas, Dictionary(uniqueKeysWithValues: byName))
        case "patternProperties":
            var schemas: [CompiledSchema.PatternSchema] = []
            for named in try namedSchemas(&compiler) {
                let pattern = try pattern(.string(named.name), at: named.name, &compiler)
                schemas.append(CompiledSchema.PatternSchema(pattern: pattern, schema: named.schema))
            }
            return .membersLike(schemas)
        case "additionalProperties":
            let named = siblings["properties"]?.object?.keys.map { MemberName(text: $0) } ?? []
            var patterns: [RegularExpression] = []
            if let sibling = sibling("patternProperties") {
                for source in try sibling.members().keys {
                    patterns.append(try sibling.pattern(.string(source), at: source, &compiler))
                }
            }
            return .otherMembers(than: Set(named), patterns, subschema(&compiler))
        case "propertyNames": return .names(subschema(&compiler))
        case "dependentSchemas": return .beside(try namedSchemas(&compiler))
        case "unevaluatedProperties": return .unevaluatedMembers(subschema(&compiler))
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
        case "$ref", "$dynamicRef":
            guard let text = value.string else { throw error("must be a string") }
            let reference = SchemaCompiler.Reference(keyword: keyword, text: text, origin: schema)
            return .reference(compiler.target(reference))
        case "$defs", "definitions":
            // Read for their mistakes and the names they give, even when nothing refers to them.
            _ = try namedSchemas(&compiler)
            return nil
        case "then", "else", "contentSchema":
            _ = subschema(&compiler)
            return nil
        default: return nil
        }
    }
}

extension KeywordReader {
    private func error(_ complaint: String, at name: String? = nil) -> SchemaError {
        let path = JSONPointer(tokens: [keyword])
        let end = complaint.hasSuffix(".") ? "" : "."
        return SchemaError(
            pointer: name.map { path.appending($0) } ?? path, message: "'\(name ?? keyword)' \(complaint)\(end)")
    }

    private func sibling(_ keyword: String) -> KeywordReader? {
        siblings[keyword].map { KeywordReader(keyword: keyword, value: $0, siblings: siblings, schema: schema) }
    }

    private func place(_ compiler: inout SchemaCompiler) -> CompiledSchemas.Place.ID {
        compiler.place(keyword, in: compiler.compiled.schemas[schema].place)
    }

    private func subschema(_ compiler: inout SchemaCompiler) -> ID {
        compiler.schema(value, at: place(&compiler), in: compiler.compiled.schemas[schema].resource)
    }

    private func subschemas(_ compiler: inout SchemaCompiler) throws(SchemaError) -> [ID] {
        guard let elements = value.array, !elements.isEmpty else { throw error("must be an array of schemas") }
        return elements.enumerated().map { subschema($1, named: String($0), &compiler) }
    }

    private func namedSchemas(_ compiler: inout SchemaCompiler) throws(SchemaError) -> [CompiledSchema.NamedSchema] {
        try members().map { member in
            CompiledSchema.NamedSchema(
                name: member.key, schema: subschema(member.value, named: member.key, &compiler))
        }
    }

    private func subschema(_ value: JSONValue, named name: String, _ compiler: inout SchemaCompiler) -> ID {
        let place = compiler.place(name, in: place(&compiler))
        return compiler.schema(value, at: place, in: compiler.compiled.schemas[schema].resource)
    }

    private func number() throws(SchemaError) -> JSONNumber {
        guard let number = value.number else { throw error("must be a number") }
        return number
    }

    private func count() throws(SchemaError) -> Int {
        guard let number = value.number?.decimal, number.isWhole, !number.isNegative else {
            throw error("must be a whole number from 0 up")
        }
        // What is greater than any size may as well be the greatest `Int`.
        return number.int ?? .max
    }

    private func members() throws(SchemaError) -> JSONObject {
        guard let members = value.object else { throw error("must be an object") }
        return members
    }

    private func names(_ value: JSONValue, at name: String? = nil) throws(SchemaError) -> [String] {
        let elements = value.array
        let names = elements?.compactMap(\.string)
        guard let names, names.count == elements?.count else { throw error("must be an array of names", at: name) }
        return names
    }

    private func pattern(
        _ source: JSONValue, at name: String? = nil, _ compiler: inout SchemaCompiler
    ) throws(SchemaError) -> RegularExpression {
        guard let source = source.string else { throw error("must be a string") }
        let pattern: RegularExpression?
        do {
            pattern = try compiler.pattern(source)
        } catch {
            throw self.error("is a pattern that cannot be used: \(error.message)", at: name)
        }
        guard let pattern else { throw error("makes the patterns of the schema too great together", at: name) }
        return pattern
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
