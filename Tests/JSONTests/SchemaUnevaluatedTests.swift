import JSON
import Testing

@Suite("What a schema has not evaluated")
struct SchemaUnevaluatedTests {
    @Test(
        "are the members that no keyword beside or within it has seen",
        arguments: [
            members("", valid: ["{}", "[1]", "1"], invalid: [#"{"a":1}"#]),
            members(#""properties":{"a":true}"#, valid: [#"{"a":1}"#], invalid: [#"{"a":1,"b":1}"#]),
            members(#""patternProperties":{"^a":true}"#, valid: [#"{"ab":1}"#], invalid: [#"{"ba":1}"#]),
            members(#""additionalProperties":{"type":"null"}"#, valid: [#"{"a":null}"#], invalid: [#"{"a":1}"#]),
            members(#""propertyNames":{"const":"a"}"#, invalid: [#"{"a":1}"#]),
            members(
                #""properties":{"a":{"properties":{"b":true}}}"#, valid: [#"{"a":{"b":1}}"#],
                invalid: [#"{"a":1,"b":1}"#]),
            members(
                ##""allOf":[{"properties":{"a":true}},{"$ref":"#/$defs/b"}],"$defs":{"b":{"properties":{"b":true}}}"##,
                valid: [#"{"a":1,"b":1}"#], invalid: [#"{"c":1}"#]),
            members(
                #""anyOf":[{"properties":{"a":{"const":1}}},{"properties":{"a":{"const":2},"b":true}},"#
                    + #"{"required":["c"],"properties":{"c":true}}]"#,
                valid: [#"{"a":1}"#, #"{"a":2,"b":2}"#, #"{"b":1}"#, #"{"b":1,"c":1}"#],
                invalid: [#"{"a":1,"b":2}"#, #"{"d":1}"#]),
            members(
                #""oneOf":[{"required":["a"],"properties":{"a":true}},{"required":["b"],"properties":{"b":true}}]"#,
                valid: [#"{"a":1}"#, #"{"b":1}"#], invalid: [#"{"a":1,"c":1}"#, #"{"a":1,"b":1}"#]),
            members(#""not":{"not":{"properties":{"a":true}}}"#, invalid: [#"{"a":1}"#]),
            members(
                #""if":{"properties":{"a":{"const":1}},"required":["a"]},"#
                    + #""then":{"properties":{"b":true}},"else":{"properties":{"c":true}}"#,
                valid: [#"{"a":1,"b":1}"#, #"{"c":1}"#], invalid: [#"{"a":1,"c":1}"#, #"{"b":1}"#, #"{"a":2,"c":1}"#]),
            members(#""if":{"properties":{"a":{"const":1}}}"#, valid: [#"{"a":1}"#], invalid: [#"{"a":2}"#]),
            members(
                #""dependentSchemas":{"a":{"properties":{"a":true,"b":true}}}"#, valid: [#"{"a":1,"b":1}"#],
                invalid: [#"{"b":1}"#]),
            members(
                #""allOf":[{"unevaluatedProperties":{"type":"null"}}]"#, valid: [#"{"a":null}"#], invalid: [#"{"a":1}"#]
            ),
        ])
    func ofMembers(row: SchemaRow) throws { try row.check() }

    private static func members(_ beside: String, valid: [String] = [], invalid: [String]) -> SchemaRow {
        let rest = beside.isEmpty ? "" : "," + beside
        return SchemaRow(#"{"unevaluatedProperties":false\#(rest)}"#, valid: valid, invalid: invalid)
    }

    @Test(
        "are the elements that no keyword beside or within it has seen",
        arguments: [
            elements("", valid: ["[]", "{\"a\":1}"], invalid: ["[1]"]),
            elements(#""prefixItems":[true]"#, valid: ["[1]"], invalid: ["[1,2]"]),
            elements(#""items":{"type":"integer"}"#, valid: ["[1,2]"], invalid: ["[null]"]),
            elements(#""contains":{"const":1}"#, valid: ["[1,1]"], invalid: ["[1,2]", "[]"]),
            elements(#""contains":{"const":1},"minContains":0"#, valid: ["[]", "[1]"], invalid: ["[2]"]),
            elements(
                #""prefixItems":[true],"anyOf":[{"prefixItems":[true,{"const":1}]},"#
                    + #"{"prefixItems":[true,true,{"const":2}]}]"#,
                valid: ["[0]", "[0,1]", "[0,1,2]", "[0,0,2]"], invalid: ["[0,0,2,3]", "[0,1,1]"]),
            elements(
                #""allOf":[{"contains":{"multipleOf":2}},{"contains":{"multipleOf":3}}]"#,
                valid: ["[2,3,4,6]"], invalid: ["[2,3,5]"]),
            elements(#""prefixItems":[{"prefixItems":[true,true]}]"#, valid: ["[[1,2]]"], invalid: ["[[1,2],2]"]),
        ])
    func ofElements(row: SchemaRow) throws { try row.check() }

    private static func elements(_ beside: String, valid: [String], invalid: [String]) -> SchemaRow {
        let rest = beside.isEmpty ? "" : "," + beside
        return SchemaRow(#"{"unevaluatedItems":false\#(rest)}"#, valid: valid, invalid: invalid)
    }

    @Test(
        "is not seen from a cousin, and seen from around it",
        arguments: [
            SchemaRow(
                #"{"allOf":[{"properties":{"a":true}},{"unevaluatedProperties":false}]}"#, valid: ["{}"],
                invalid: [#"{"a":1}"#]),
            SchemaRow(
                ##"{"$ref":"#/$defs/x","properties":{"a":true},"$defs":{"x":{"unevaluatedProperties":false}}}"##,
                valid: ["{}"], invalid: [#"{"a":1}"#]),
            SchemaRow(
                #"{"allOf":[{"properties":{"a":true},"unevaluatedProperties":true}],"unevaluatedProperties":false}"#,
                valid: [#"{"a":1,"b":1}"#]),
            SchemaRow(
                #"{"properties":{"a":true},"allOf":[{"properties":{"b":true},"unevaluatedProperties":{"const":1}}]}"#,
                valid: [#"{"a":1,"b":2}"#], invalid: [#"{"a":2}"#]),
            SchemaRow(
                ##"{"properties":{"x":{"$ref":"#"}},"unevaluatedProperties":false}"##,
                valid: [#"{"x":{"x":{}}}"#], invalid: [#"{"x":{"y":{}}}"#]),
            SchemaRow(
                ##"""
                {"$id":"https://x.test/s","$ref":"base","properties":{"a":true},"$defs":{
                 "more":{"$dynamicAnchor":"more","properties":{"c":true}},
                 "base":{"$id":"base","unevaluatedProperties":false,"$dynamicRef":"#more","properties":{"b":true},
                 "$defs":{"none":{"$dynamicAnchor":"more"}}}}}
                """##, valid: [#"{"b":1,"c":1}"#], invalid: [#"{"a":1}"#]),
        ])
    func scopes(row: SchemaRow) throws { try row.check() }

    @Test("is told of only where all else conforms")
    func complaints() throws {
        let schema = try JSONSchema(
            JSONValue(
                parsing: #"""
                    {"anyOf":[{"required":["kind"],"properties":{"kind":{"const":"a"},"size":true}},
                              {"required":["kind"],"properties":{"kind":{"const":"b"},"name":true}}],
                     "properties":{"id":true},"unevaluatedProperties":false}
                    """#))
        #expect(schema.validate(["id": 1, "kind": "c", "size": 1]).map(\.schema.description) == ["/anyOf"])
        let violations = schema.validate(["id": 1, "kind": "a", "size": 1, "name": 1])
        #expect(violations.map { "\($0.instance) \($0.schema)" } == ["/name /unevaluatedProperties"])
    }
}
