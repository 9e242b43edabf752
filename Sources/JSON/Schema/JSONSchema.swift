/// A JSON Schema, draft 2020-12, ready to be applied.
///
/// It knows the core, applicator, validation and unevaluated vocabularies whole. `format` and the other annotations
/// assert nothing, as the draft has it by default. References stay within the document and the draft's own meta-schema:
/// nothing is fetched. Patterns are those of ECMAScript that can be matched in linear time, which leaves out
/// look-around and back-references.
package struct JSONSchema: Sendable {
    /// Where an instance departs from its schema.
    package struct Violation: Sendable, Hashable {
        /// The offending value, from the root of the instance.
        package var instance: JSONPointer
        /// The keyword that it offends, from the root of the schema, with references followed. The meta-schema stands
        /// where the first reference to it does.
        package var schema: JSONPointer
        /// One sentence for a person.
        package var message: String
    }

    private let schemas: CompiledSchemas

    /// The work is linear in the size of the document.
    package init(_ document: JSONValue) throws(SchemaError) {
        schemas = try SchemaCompiler.compile(document)
    }

    /// What is wrong with `instance`: nothing when it conforms, and about a hundred violations at most.
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
