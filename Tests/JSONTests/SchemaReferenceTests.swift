import JSON
import Testing

@Suite("A reference of a schema")
struct SchemaReferenceTests {
    @Test(
        "leads to a schema of the document",
        arguments: [
            SchemaRow(##"{"$ref":"#/$defs/a","$defs":{"a":{"type":"integer"}}}"##, valid: ["1"], invalid: ["\"\""]),
            SchemaRow(
                ##"{"$ref":"#/$defs/a","minimum":2,"$defs":{"a":{"type":"integer"}}}"##, valid: ["2"],
                invalid: ["1", "2.5"]),
            SchemaRow(
                ##"{"$ref":"#x","$defs":{"a":{"$anchor":"x","type":"integer"}}}"##, valid: ["1"], invalid: ["\"\""]),
            SchemaRow(##"{"$ref":"#/$defs/a~1b%20c","$defs":{"a/b c":false}}"##, invalid: ["1"]),
            SchemaRow(##"{"$ref":"#/$defs//$defs/","$defs":{"":{"$defs":{"":false}}}}"##, invalid: ["1"]),
            SchemaRow(##"{"allOf":[true,{"$ref":"#/allOf/2"},{"not":{"$ref":"#/allOf/0"}}]}"##, invalid: ["1"]),
            SchemaRow(##"{"properties":{"a":{"type":"null"},"b":{"$ref":"#/properties/a"}}}"##, invalid: [#"{"b":1}"#]),
            SchemaRow(##"{"properties":{"$ref":{"type":"string"}}}"##, valid: [##"{"$ref":"#/no"}"##]),
            SchemaRow(
                ##"{"type":"object","properties":{"next":{"$ref":"#"}},"additionalProperties":false}"##,
                valid: ["{}", #"{"next":{"next":{}}}"#], invalid: [#"{"next":{"next":{"x":1}}}"#, #"{"next":1}"#]),
            // Where no keyword has schemas, what a reference leads to is one nevertheless.
            SchemaRow(
                ##"{"$ref":"#/x/y/0/not","allOf":[{"$ref":"#/x/y/0"}],"x":{"y":[{"not":{"type":"null"}}]}}"##,
                invalid: ["1", "null"]),
            SchemaRow(##"{"const":{"$ref":"#/nowhere","$id":1}}"##, valid: [##"{"$ref":"#/nowhere","$id":1}"##]),
        ])
    func pointers(row: SchemaRow) throws { try row.check() }

    @Test(
        "is resolved against the URI of what it stands in",
        arguments: [
            ("https://x.test/a/b", "https://x.test/c", "https://x.test/c"),
            ("https://x.test/a/b", "c", "https://x.test/a/c"), ("https://x.test/a/b", "/c", "https://x.test/c"),
            ("https://x.test/a/b", "../c", "https://x.test/c"),
            ("https://x.test/a/b/", "../../../c", "https://x.test/c"),
            ("https://x.test/a/b", "./c/./d/..", "https://x.test/a/c/"),
            ("https://x.test/a/b", "..", "https://x.test/"),
            ("https://x.test", "c", "https://x.test/c"), ("https://x.test/a", "//y.test/c", "https://y.test/c"),
            ("https://x.test/a?q=1", "?q=2", "https://x.test/a?q=2"),
            ("https://x.test/a/b?q/", "c", "https://x.test/a/c"),
            ("https://x.test/a", "c:d", "c:d"), ("file:///a/b.json", "c.json", "file:///a/c.json"),
            ("urn:example:a?=b", "urn:example:c", "urn:example:c"), ("a/b", "c", "c"), ("a", "../c", "c"),
            ("https://x.test/é/b", "ü", "https://x.test/é/ü"),
        ])
    func resolution(base: String, reference: String, target: String) throws {
        let schema = try JSONSchema([
            "$id": .string(base), "$ref": .string(reference),
            "$defs": ["a": ["$id": .string(target), "const": "here"]],
        ])
        #expect(schema.validate("here") == [])
        #expect(schema.validate("elsewhere").map(\.schema.description) == ["/$defs/a/const"])
    }

    @Test(
        "finds the names of the resource it stands in",
        arguments: [
            SchemaRow(
                ##"{"$id":"https://x.test/s","$ref":"https://x.test/s#/$defs/a","$defs":{"a":false}}"##, invalid: ["1"]),
            SchemaRow(
                ##"""
                {"$id":"https://x.test/s","$defs":{"x":{"const":0},
                 "a":{"$id":"t","$ref":"#/$defs/x","$defs":{"x":{"const":1}}}},"$ref":"t"}
                """##, valid: ["1"], invalid: ["0"]),
            SchemaRow(
                ##"""
                {"$id":"https://x.test/s","$ref":"t#n","$defs":{"a":{"$anchor":"n","const":0},
                 "b":{"$id":"t","$defs":{"a":{"$anchor":"n","const":1}}}}}
                """##, valid: ["1"], invalid: ["0"]),
            SchemaRow(##"{"$ref":"t","if":{"$id":"t","const":1}}"##, valid: ["1"], invalid: ["0"]),
            SchemaRow(##"{"$ref":"t","then":{"$id":"t","const":1}}"##, valid: ["1"], invalid: ["0"]),
            SchemaRow(##"{"$ref":"t","contentSchema":{"$id":"t","const":1}}"##, valid: ["1"], invalid: ["0"]),
            SchemaRow(##"{"$ref":"t","definitions":{"a":{"$id":"t","const":1}}}"##, valid: ["1"], invalid: ["0"]),
        ])
    func resources(row: SchemaRow) throws { try row.check() }

    @Test(
        "that is dynamic leads to the outermost schema of the name",
        arguments: [
            SchemaRow(
                ##"{"$dynamicRef":"#n","$defs":{"a":{"$dynamicAnchor":"n","const":1}}}"##, valid: ["1"], invalid: ["0"]),
            SchemaRow(##"{"$dynamicRef":"#n","$defs":{"a":{"$anchor":"n","const":1}}}"##, valid: ["1"], invalid: ["0"]),
            SchemaRow(##"{"$ref":"#n","$defs":{"a":{"$dynamicAnchor":"n","const":1}}}"##, valid: ["1"], invalid: ["0"]),
            SchemaRow(##"{"$dynamicRef":"#/$defs/a","$defs":{"a":{"const":1}}}"##, valid: ["1"], invalid: ["0"]),
            list(
                named: "$dynamicAnchor", by: "$dynamicRef", fallback: "$dynamicAnchor", valid: ["[1]"], invalid: ["[0]"]
            ),
            list(named: "$anchor", by: "$dynamicRef", fallback: "$dynamicAnchor", valid: ["[0]", "[1]"], invalid: []),
            list(named: "$dynamicAnchor", by: "$dynamicRef", fallback: "$anchor", valid: ["[0]", "[1]"], invalid: []),
            list(named: "$dynamicAnchor", by: "$ref", fallback: "$dynamicAnchor", valid: ["[0]", "[1]"], invalid: []),
            // A resource that the check has left has no say.
            SchemaRow(
                ##"""
                {"$id":"https://x.test/s","if":{"$id":"i","$defs":{"a":{"$dynamicAnchor":"n","const":0}}},
                 "then":{"$ref":"t"},"$defs":{"t":{"$id":"t","$dynamicRef":"#n",
                 "$defs":{"a":{"$dynamicAnchor":"n","const":1}}}}}
                """##, valid: ["1"], invalid: ["0"]),
        ])
    func dynamic(row: SchemaRow) throws { try row.check() }

    /// A document that says what the elements of a list are, which the list leaves open.
    private static func list(
        named anchor: String, by reference: String, fallback: String, valid: [String], invalid: [String]
    ) -> SchemaRow {
        SchemaRow(
            ##"""
            {"$id":"https://x.test/s","$ref":"list","$defs":{"one":{"\##(anchor)":"element","const":1},
             "list":{"$id":"list","items":{"\##(reference)":"#element"},"$defs":{"any":{"\##(fallback)":"element"}}}}}
            """##, valid: valid, invalid: invalid)
    }

    @Test("may lead to the meta-schema, which a schema of every keyword conforms to")
    func metaSchema() throws {
        let draft = "https://json-schema.org/draft/2020-12/"
        let meta = try JSONSchema(["$ref": .string(draft + "schema")])
        let schema = try JSONValue(
            parsing: ##"""
                {"$id":"https://x.test/s#","$schema":"https://json-schema.org/draft/2020-12/schema","$anchor":"a",
                 "$defs":{"a":true},"allOf":[{"$dynamicRef":"#a"}],"properties":{"a":{"type":["null","object"]}},
                 "prefixItems":[{"pattern":"a"}],"minItems":0,"unevaluatedItems":false,"multipleOf":0.1,"required":["a"],
                 "dependentRequired":{"a":["b"]},"format":"date","title":"t","contentSchema":{}}
                """##)
        #expect(meta.validate(schema) == [])
        #expect(
            meta.validate(["properties": ["a": ["items": ["minLength": 1, "maxLength": -1]]]]).map(\.instance)
                == [JSONPointer(parsing: "/properties/a/items/maxLength")])
        for wrong in ["type", "$anchor", "required", "$ref", "$defs", "unevaluatedItems", "title", "contentSchema"] {
            #expect(Set(meta.validate([wrong: 1]).map(\.instance.description)) == ["/" + wrong], "\(wrong)")
        }
        #expect(
            meta.validate(["minLength": -1]).map(\.schema.description) == [
                "/$ref/allOf/3/$ref/$defs/nonNegativeInteger/minimum"
            ])
        let strict = try JSONSchema([
            "$id": "https://x.test/strict", "$dynamicAnchor": "meta", "$ref": .string(draft + "schema"),
            "unevaluatedProperties": false,
        ])
        #expect(strict.validate(["items": ["title": "t"]]) == [])
        #expect(strict.validate(["items": ["tilte": "t"]]).map(\.instance.description) == ["/items/tilte"])
        let count = try JSONSchema(["$ref": .string(draft + "meta/validation#/$defs/nonNegativeInteger")])
        #expect(count.validate(-1) != [])
    }

    @Test(
        "or a name that is none is refused with its place",
        arguments: [
            (##"{"$ref":"#/nowhere"}"##, "/$ref", "leads nowhere"),
            (##"{"$ref":"#nowhere"}"##, "/$ref", "leads nowhere"),
            (##"{"$dynamicRef":"#nowhere"}"##, "/$dynamicRef", "leads nowhere"),
            (##"{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/a/b"}}}"##, "/$defs/a/$ref", "leads nowhere"),
            (##"{"items":{"$id":"t","$ref":"#a"},"$defs":{"a":{"$anchor":"a"}}}"##, "/items/$ref", "leads nowhere"),
            (##"{"$ref":"#/x","x":3}"##, "/x", "A schema must be"), (##"{"$ref":"#/%2"}"##, "/$ref", "percent"),
            (#"{"$ref":1}"#, "/$ref", "must be a string"), (#"{"$ref":"other.json"}"#, "/$ref", "nothing is fetched"),
            (#"{"$ref":"https://json-schema.org/draft-07/schema"}"#, "/$ref", "nothing is fetched"),
            (#"{"$ref":"https://json-schema.org/draft/2020-12/meta/no"}"#, "/$ref", "nothing is fetched"),
            (##"{"$id":"https://x.test/s","$ref":"t#/a"}"##, "/$ref", "nothing is fetched"),
            (#"{"items":{"$id":1}}"#, "/items/$id", "must be a string"), (##"{"$id":"#a"}"##, "/$id", "'$anchor'"),
            (#"{"$defs":{"a":{"$id":"x"},"b":{"$id":"./x"}}}"#, "/$defs/b/$id", "another schema has"),
            (#"{"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}}"#, "/$defs/b/$anchor", "another schema has"),
            (#"{"$anchor":"x","not":{"$dynamicAnchor":"x"}}"#, "/not/$dynamicAnchor", "another schema has"),
            (#"{"$anchor":"1x"}"#, "/$anchor", "must be a name"), (#"{"$anchor":"é"}"#, "/$anchor", "must be a name"),
            (#"{"$dynamicAnchor":""}"#, "/$dynamicAnchor", "must be a name"),
            (#"{"$anchor":1}"#, "/$anchor", "must be"),
        ])
    func refused(text: String, pointer: String, complaint: String) throws {
        let document = try JSONValue(parsing: text)
        let error = #expect(throws: SchemaError.self) { try JSONSchema(document) }
        #expect(error?.pointer.description == pointer)
        #expect(error?.message.contains(complaint) == true, "\(error?.message ?? "")")
    }
}
