import JSON
import Testing

/// A schema, instances that conform, and instances that do not.
struct SchemaRow: Sendable, CustomTestStringConvertible {
    var schema: String
    var valid: [String]
    var invalid: [String]
    var testDescription: String { schema }

    init(_ schema: String, valid: [String] = [], invalid: [String] = []) {
        (self.schema, self.valid, self.invalid) = (schema, valid, invalid)
    }

    func check() throws {
        let compiled = try JSONSchema(JSONValue(parsing: schema))
        for text in valid {
            #expect(compiled.validate(try JSONValue(parsing: text)) == [], "\(text)")
        }
        for text in invalid {
            #expect(compiled.validate(try JSONValue(parsing: text)) != [], "\(text)")
        }
    }
}
