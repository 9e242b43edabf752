import JSON
import Testing

@Suite("A schema")
struct JSONSchemaTests {
    @Test(
        "asserts kinds and values",
        arguments: [
            SchemaRow("true", valid: ["1", "null"]), SchemaRow("{}", valid: ["1", "null"]),
            SchemaRow("false", invalid: ["1", "null"]),
            SchemaRow(
                #"{"type":"integer"}"#, valid: ["1", "1.0", "1e3", "-0"], invalid: ["1.5", "\"1\"", "null", "true"]),
            SchemaRow(#"{"type":"number"}"#, valid: ["1", "1.5"], invalid: ["\"1\"", "true"]),
            SchemaRow(#"{"type":["string","null"]}"#, valid: ["null", "\"\""], invalid: ["0", "[]"]),
            SchemaRow(#"{"type":"boolean"}"#, valid: ["true", "false"], invalid: ["0", "null"]),
            SchemaRow(#"{"type":"array"}"#, valid: ["[]"], invalid: ["{}"]),
            SchemaRow(#"{"type":"object"}"#, valid: ["{}"], invalid: ["[]"]),
            SchemaRow(
                #"{"enum":[1,"a",{"x":[1]}]}"#, valid: ["1.0", "\"a\"", #"{"x":[1e0]}"#], invalid: ["2", "\"A\"", "{}"]),
            SchemaRow(#"{"enum":[]}"#, invalid: ["1"]),
            SchemaRow(#"{"const":null}"#, valid: ["null"], invalid: ["0", "false"]),
            SchemaRow(#"{"const":{"a":1,"b":2}}"#, valid: [#"{"b":2,"a":1}"#], invalid: [#"{"a":1}"#]),
            SchemaRow(
                #"{"title":"x","format":"email","$comment":"y","unknown":{"type":7}}"#, valid: ["1", "\"no mail\""]),
        ])
    func values(row: SchemaRow) throws { try row.check() }

    @Test(
        "asserts numbers, exactly",
        arguments: [
            SchemaRow(
                #"{"minimum":1.5}"#, valid: ["1.5", "2", "\"0\""], invalid: ["1.49999999999999999999999", "-2"]),
            SchemaRow(#"{"maximum":9007199254740993}"#, valid: ["9007199254740993"], invalid: ["9007199254740994"]),
            SchemaRow(#"{"exclusiveMinimum":0}"#, valid: ["1e-999999999"], invalid: ["0", "-0.0", "-1"]),
            SchemaRow(#"{"exclusiveMaximum":0}"#, valid: ["-0.1"], invalid: ["0"]),
            SchemaRow(
                #"{"multipleOf":0.01}"#, valid: ["0.07", "19.99", "0", "1e300", "-4.02"], invalid: ["0.075", "1e-3"]),
            SchemaRow(
                #"{"multipleOf":3}"#, valid: ["9", "-3", "3e9", "111111111111111111111"],
                invalid: ["1", "1e99999999", "3.5"]),
            SchemaRow(#"{"multipleOf":1e-8}"#, valid: ["12391239123"], invalid: ["1e-9"]),
            SchemaRow(#"{"multipleOf":4}"#, valid: ["8", "8.0", "1e2", "-0"], invalid: ["10", "1e1", "2.0"]),
            SchemaRow(
                #"{"multipleOf":123456789012345678901234567.5}"#,
                valid: [
                    "123456789012345678901234567.5", "-246913578024691357802469135", "0",
                    "1234567890123456789012345675e40",
                ],
                invalid: ["123456789012345678901234567.25", "246913578024691357802469136", "1"]),
            SchemaRow(
                #"{"multipleOf":18446744073709551616}"#,
                valid: ["18446744073709551616", "1e64", "1e9999999999"], invalid: ["9223372036854775808", "1e63", "1"]),
        ])
    func numbers(row: SchemaRow) throws { try row.check() }

    @Test(
        "asserts strings and arrays",
        arguments: [
            SchemaRow(#"{"minLength":2}"#, valid: ["\"ab\"", "\"éé\"", "1"], invalid: ["\"🎼\"", "\"\""]),
            SchemaRow(#"{"maxLength":2.0}"#, valid: ["\"🎼🎼\""], invalid: ["\"abc\""]),
            SchemaRow(#"{"maxLength":1e400}"#, valid: ["\"abc\""]),
            SchemaRow(#"{"pattern":"^a+$"}"#, valid: ["\"aa\"", "1"], invalid: ["\"ab\"", "\"\""]),
            SchemaRow(#"{"pattern":"b"}"#, valid: ["\"abc\""], invalid: ["\"ac\""]),
            SchemaRow(#"{"pattern":"^\\p{Letter}.$"}"#, valid: ["\"π🎼\""], invalid: ["\"1🎼\""]),
            SchemaRow(#"{"minItems":1,"maxItems":2}"#, valid: ["[1]", "[1,2]", "{}"], invalid: ["[]", "[1,2,3]"]),
            SchemaRow(
                #"{"uniqueItems":true}"#, valid: ["[]", "[1,\"1\",true]", "[[1],[2]]"], invalid: ["[1,1.0]", "[{},{}]"]),
            SchemaRow(#"{"uniqueItems":false}"#, valid: ["[1,1]"]),
            SchemaRow(#"{"items":{"type":"integer"}}"#, valid: ["[]", "[1,2]", "\"x\""], invalid: ["[1,\"2\"]"]),
            SchemaRow(
                #"{"prefixItems":[{"type":"integer"},{"type":"string"}],"items":false}"#,
                valid: ["[]", "[1]", "[1,\"a\"]"], invalid: ["[\"a\"]", "[1,2]", "[1,\"a\",null]"]),
            SchemaRow(#"{"prefixItems":[{"type":"integer"}]}"#, valid: ["[1,null]"], invalid: ["[null]"]),
            SchemaRow(#"{"contains":{"const":1}}"#, valid: ["[0,1]", "[1,1]"], invalid: ["[]", "[0]"]),
            SchemaRow(
                #"{"contains":{"const":1},"minContains":2,"maxContains":3}"#,
                valid: ["[1,0,1]", "[1,1,1]"], invalid: ["[1]", "[1,1,1,1]"]),
            SchemaRow(#"{"contains":{"const":1},"minContains":0}"#, valid: ["[]", "[0]"]),
            SchemaRow(#"{"minContains":2,"maxContains":0}"#, valid: ["[]", "[1]"]),
        ])
    func stringsAndArrays(row: SchemaRow) throws { try row.check() }

    @Test(
        "asserts objects",
        arguments: [
            SchemaRow(#"{"required":["a","b"]}"#, valid: [#"{"a":1,"b":null}"#, "[]"], invalid: [#"{"a":1}"#, "{}"]),
            SchemaRow(
                #"{"minProperties":1,"maxProperties":2}"#, valid: [#"{"a":1}"#],
                invalid: ["{}", #"{"a":1,"b":1,"c":1}"#]),
            SchemaRow(
                #"{"properties":{"a":{"type":"integer"}},"additionalProperties":{"type":"string"}}"#,
                valid: ["{}", #"{"a":1,"b":"x"}"#], invalid: [#"{"a":"1"}"#, #"{"b":1}"#]),
            SchemaRow(
                #"{"properties":{"é":true},"additionalProperties":false}"#, valid: [#"{"é":1}"#],
                invalid: [#"{"e\u0301":1}"#]),
            SchemaRow(
                #"{"properties":{"\u00e9":{"type":"string"},"e\u0301":{"type":"integer"}}}"#,
                valid: [#"{"e\u0301":1}"#], invalid: [#"{"e\u0301":"1"}"#]),
            SchemaRow(
                #"{"properties":{"a":{"minimum":1},"b":{"minimum":2},"c":{"minimum":3}}}"#,
                valid: [#"{"c":3}"#, #"{"d":0}"#], invalid: [#"{"c":2}"#, #"{"a":0,"b":2,"c":3,"d":4}"#]),
            SchemaRow(
                #"{"patternProperties":{"^n":{"type":"integer"},"s$":{"minimum":1}}}"#,
                valid: [#"{"n":0,"as":1,"ns":1,"a":"x"}"#, "[]"],
                invalid: [#"{"n":"0"}"#, #"{"as":0}"#, #"{"ns":0}"#, #"{"ns":1.5}"#]),
            SchemaRow(
                #"{"properties":{"a":true},"patternProperties":{"^x-":true},"additionalProperties":false}"#,
                valid: [#"{"a":1,"x-":2}"#], invalid: [#"{"b":1}"#, #"{"ax-":1}"#]),
            SchemaRow(#"{"properties":{"a":false}}"#, valid: ["{}", #"{"b":1}"#], invalid: [#"{"a":1}"#]),
            SchemaRow(#"{"propertyNames":{"maxLength":1}}"#, valid: [#"{"a":1}"#], invalid: [#"{"ab":1}"#]),
            SchemaRow(
                #"{"dependentRequired":{"a":["b","c"]}}"#,
                valid: ["{}", #"{"b":1}"#, #"{"a":1,"b":1,"c":1}"#], invalid: [#"{"a":1}"#, #"{"a":1,"b":1}"#]),
            SchemaRow(
                #"{"dependentSchemas":{"a":{"required":["b"]}}}"#,
                valid: ["{}", #"{"a":1,"b":1}"#], invalid: [#"{"a":1}"#]),
        ])
    func objects(row: SchemaRow) throws { try row.check() }

    @Test(
        "combines schemas",
        arguments: [
            SchemaRow(#"{"allOf":[{"minimum":1},{"maximum":2}]}"#, valid: ["1", "2"], invalid: ["0", "3"]),
            SchemaRow(#"{"anyOf":[{"type":"string"},{"minimum":2}]}"#, valid: ["\"\"", "2"], invalid: ["1"]),
            SchemaRow(#"{"oneOf":[{"minimum":2},{"maximum":4}]}"#, valid: ["1", "5"], invalid: ["3"]),
            SchemaRow(#"{"oneOf":[false,false]}"#, invalid: ["3"]),
            SchemaRow(#"{"not":{"type":"string"}}"#, valid: ["1"], invalid: ["\"\""]),
            SchemaRow(#"{"not":{"not":{"type":"string"}}}"#, valid: ["\"\""], invalid: ["1"]),
            SchemaRow(
                #"{"if":{"type":"string"},"then":{"minLength":1},"else":{"minimum":1}}"#,
                valid: ["\"a\"", "1"], invalid: ["\"\"", "0"]),
            SchemaRow(#"{"if":{"type":"string"},"else":{"minimum":1}}"#, valid: ["\"\"", "1"], invalid: ["0"]),
            SchemaRow(#"{"then":false,"else":false}"#, valid: ["1"]),
        ])
    func combinations(row: SchemaRow) throws { try row.check() }

    @Test("says what is wrong and where, all at once")
    func violations() throws {
        let schema = try JSONSchema(
            JSONValue(
                parsing: ##"""
                    {"properties":{"a/b":{"$ref":"#/$defs/count"},"list":{"items":{"enum":["x","y"]}}},
                     "required":["name","list"],"additionalProperties":false,
                     "$defs":{"count":{"type":"integer","minimum":1}}}
                    """##))
        let violations = schema.validate(["a/b": 0, "list": ["x", "z", 1], "extra": nil])
        #expect(
            violations.map { "\($0.instance) \($0.schema) \($0.message)" } == [
                "/a~1b /$defs/count/minimum Expected a number at least 1, found 0.",
                #"/list/1 /properties/list/items/enum Expected one of "x", "y", found "z"."#,
                #"/list/2 /properties/list/items/enum Expected one of "x", "y", found 1."#,
                #" /required The member "name" is missing."#,
                "/extra /additionalProperties Nothing is allowed here.",
            ])
        #expect(schema.validate(["name": "n", "list": []]).map(\.instance.description) == ["/name"])
    }

    @Test(
        "that is none is refused with its place",
        arguments: [
            ("1", "", "A schema must be"), (#"{"type":"text"}"#, "/type", "must name null"),
            (#"{"type":["string",1]}"#, "/type", "must name null"), (#"{"type":[]}"#, "/type", "must name null"),
            (#"{"enum":1}"#, "/enum", "must be an array"), (#"{"minimum":"1"}"#, "/minimum", "must be a number"),
            (#"{"multipleOf":0}"#, "/multipleOf", "above 0"), (#"{"multipleOf":-1}"#, "/multipleOf", "above 0"),
            (#"{"minLength":-1}"#, "/minLength", "whole number"), (#"{"minLength":1.5}"#, "/minLength", "whole number"),
            (#"{"contains":true,"maxContains":-1}"#, "/maxContains", "whole number"),
            (#"{"properties":{"a":{"items":[true]}}}"#, "/properties/a/items", "'prefixItems'"),
            (#"{"properties":[]}"#, "/properties", "must be an object"),
            (#"{"properties":{"a":3}}"#, "/properties/a", "A schema must be"),
            (#"{"allOf":[]}"#, "/allOf", "must be an array"),
            (#"{"required":[1]}"#, "/required", "array of names"),
            (#"{"dependentRequired":{"a":1}}"#, "/dependentRequired/a", "array of names"),
            (#"{"$defs":{"a":{"type":1}}}"#, "/$defs/a/type", "must name null"),
            (#"{"then":3}"#, "/then", "A schema must be"),
            (#"{"contentSchema":3}"#, "/contentSchema", "A schema must be"),
            (#"{"uniqueItems":1}"#, "/uniqueItems", "must be a boolean"),
            (#"{"pattern":1}"#, "/pattern", "must be a string"), (#"{"pattern":"("}"#, "/pattern", "cannot be used"),
            (#"{"pattern":"(?=a)"}"#, "/pattern", "cannot be used"),
            (#"{"pattern":"(a)\\1"}"#, "/pattern", "cannot be used"),
            (#"{"patternProperties":{"a/(":true}}"#, "/patternProperties/a~1(", "cannot be used"),
            (
                #"{"allOf":[\#((0..<300).map { #"{"pattern":"a{9000}\#($0)"}"# }.joined(separator: ","))]}"#,
                "/allOf/111/pattern", "too great together"
            ),
            (#"{"additionalProperties":true,"patternProperties":[]}"#, "/patternProperties", "must be an object"),
        ])
    func refused(text: String, pointer: String, complaint: String) throws {
        let document = try JSONValue(parsing: text)
        let error = #expect(throws: SchemaError.self) { try JSONSchema(document) }
        #expect(error?.pointer.description == pointer)
        #expect(error?.message.contains(complaint) == true, "\(error?.message ?? "")")
    }
}
