/// A JSON Schema, draft 2020-12, ready to be applied.
///
/// It knows every validation keyword and applicator except `pattern`, `patternProperties`, `$dynamicRef`,
/// `unevaluatedProperties` and `unevaluatedItems`, which it refuses by name rather than pass what they would not.
/// References stay within the document. `format` is an annotation, as the draft has it by default.
package struct JSONSchema: Sendable {
    /// Where an instance departs from its schema.
    package struct Violation: Sendable, Hashable {
        /// The offending value, from the root of the instance.
        package var instance: JSONPointer
        /// The keyword that it offends, from the root of the schema, with references followed.
        package var schema: JSONPointer
        /// One sentence for a person.
        package var message: String
    }

    private let schemas: [CompiledSchema]

    package init(_ document: JSONValue) throws(SchemaError) {
        schemas = try SchemaCompiler.compile(document)
    }

    /// What is wrong with `instance`: nothing when it conforms, and at most a hundred violations when it does not.
    ///
    /// The work is bounded. An instance that cannot be checked within the bounds does not conform.
    package func validate(_ instance: JSONValue) -> [Violation] {
        var validator = SchemaValidator(schemas)
        return validator.violations(of: instance)
    }
}

/// Why a document is no schema, or none that can be applied here.
package struct SchemaError: Error, Sendable, Hashable {
    /// The place in the schema.
    package let pointer: JSONPointer
    /// One sentence for a person.
    package let message: String
}
