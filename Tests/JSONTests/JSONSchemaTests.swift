import JSON
import Testing

@Suite("A schema")
struct JSONSchemaTests {
    /// A schema, instances that conform, and instances that do not.
    struct Row: Sendable, CustomTestStringConvertible {
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

    @Test(
        "asserts kinds and values",
        arguments: [
            Row("true", valid: ["1", "null"]), Row("{}", valid: ["1", "null"]), Row("false", invalid: ["1", "null"]),
            Row(#"{"type":"integer"}"#, valid: ["1", "1.0", "1e3", "-0"], invalid: ["1.5", "\"1\"", "null", "true"]),
            Row(#"{"type":"number"}"#, valid: ["1", "1.5"], invalid: ["\"1\"", "true"]),
            Row(#"{"type":["string","null"]}"#, valid: ["null", "\"\""], invalid: ["0", "[]"]),
            Row(#"{"type":"boolean"}"#, valid: ["true", "false"], invalid: ["0", "null"]),
            Row(#"{"type":"array"}"#, valid: ["[]"], invalid: ["{}"]),
            Row(#"{"type":"object"}"#, valid: ["{}"], invalid: ["[]"]),
            Row(
                #"{"enum":[1,"a",{"x":[1]}]}"#, valid: ["1.0", "\"a\"", #"{"x":[1e0]}"#], invalid: ["2", "\"A\"", "{}"]),
            Row(#"{"enum":[]}"#, invalid: ["1"]),
            Row(#"{"const":null}"#, valid: ["null"], invalid: ["0", "false"]),
            Row(#"{"const":{"a":1,"b":2}}"#, valid: [#"{"b":2,"a":1}"#], invalid: [#"{"a":1}"#]),
            Row(#"{"title":"x","format":"email","$comment":"y","unknown":{"type":7}}"#, valid: ["1", "\"no mail\""]),
        ])
    func values(row: Row) throws { try row.check() }

    @Test(
        "asserts numbers, exactly",
        arguments: [
            Row(#"{"minimum":1.5}"#, valid: ["1.5", "2", "\"0\""], invalid: ["1.49999999999999999999999", "-2"]),
            Row(#"{"maximum":9007199254740993}"#, valid: ["9007199254740993"], invalid: ["9007199254740994"]),
            Row(#"{"exclusiveMinimum":0}"#, valid: ["1e-999999999"], invalid: ["0", "-0.0", "-1"]),
            Row(#"{"exclusiveMaximum":0}"#, valid: ["-0.1"], invalid: ["0"]),
            Row(#"{"multipleOf":0.01}"#, valid: ["0.07", "19.99", "0", "1e300", "-4.02"], invalid: ["0.075", "1e-3"]),
            Row(
                #"{"multipleOf":3}"#, valid: ["9", "-3", "3e9", "111111111111111111111"],
                invalid: ["1", "1e99999999", "3.5"]),
            Row(#"{"multipleOf":1e-8}"#, valid: ["12391239123"], invalid: ["1e-9"]),
        ])
    func numbers(row: Row) throws { try row.check() }

    @Test(
        "asserts strings and arrays",
        arguments: [
            Row(#"{"minLength":2}"#, valid: ["\"ab\"", "\"éé\"", "1"], invalid: ["\"🎼\"", "\"\""]),
            Row(#"{"maxLength":2.0}"#, valid: ["\"🎼🎼\""], invalid: ["\"abc\""]),
            Row(#"{"minItems":1,"maxItems":2}"#, valid: ["[1]", "[1,2]", "{}"], invalid: ["[]", "[1,2,3]"]),
            Row(
                #"{"uniqueItems":true}"#, valid: ["[]", "[1,\"1\",true]", "[[1],[2]]"], invalid: ["[1,1.0]", "[{},{}]"]),
            Row(#"{"uniqueItems":false}"#, valid: ["[1,1]"]),
            Row(#"{"items":{"type":"integer"}}"#, valid: ["[]", "[1,2]", "\"x\""], invalid: ["[1,\"2\"]"]),
            Row(
                #"{"prefixItems":[{"type":"integer"},{"type":"string"}],"items":false}"#,
                valid: ["[]", "[1]", "[1,\"a\"]"], invalid: ["[\"a\"]", "[1,2]", "[1,\"a\",null]"]),
            Row(#"{"prefixItems":[{"type":"integer"}]}"#, valid: ["[1,null]"], invalid: ["[null]"]),
            Row(#"{"contains":{"const":1}}"#, valid: ["[0,1]", "[1,1]"], invalid: ["[]", "[0]"]),
            Row(
                #"{"contains":{"const":1},"minContains":2,"maxContains":3}"#,
                valid: ["[1,0,1]", "[1,1,1]"], invalid: ["[1]", "[1,1,1,1]"]),
            Row(#"{"contains":{"const":1},"minContains":0}"#, valid: ["[]", "[0]"]),
            Row(#"{"minContains":2,"maxContains":0}"#, valid: ["[]", "[1]"]),
        ])
    func stringsAndArrays(row: Row) throws { try row.check() }

    @Test(
        "asserts objects",
        arguments: [
            Row(#"{"required":["a","b"]}"#, valid: [#"{"a":1,"b":null}"#, "[]"], invalid: [#"{"a":1}"#, "{}"]),
            Row(
                #"{"minProperties":1,"maxProperties":2}"#, valid: [#"{"a":1}"#],
                invalid: ["{}", #"{"a":1,"b":1,"c":1}"#]),
            Row(
                #"{"properties":{"a":{"type":"integer"}},"additionalProperties":{"type":"string"}}"#,
                valid: ["{}", #"{"a":1,"b":"x"}"#], invalid: [#"{"a":"1"}"#, #"{"b":1}"#]),
            Row(
                #"{"properties":{"é":true},"additionalProperties":false}"#, valid: [#"{"é":1}"#],
                invalid: [#"{"e\u0301":1}"#]),
            Row(
                #"{"properties":{"\u00e9":{"type":"string"},"e\u0301":{"type":"integer"}}}"#,
                valid: [#"{"e\u0301":1}"#], invalid: [#"{"e\u0301":"1"}"#]),
            Row(#"{"properties":{"a":false}}"#, valid: ["{}", #"{"b":1}"#], invalid: [#"{"a":1}"#]),
            Row(#"{"propertyNames":{"maxLength":1}}"#, valid: [#"{"a":1}"#], invalid: [#"{"ab":1}"#]),
            Row(
                #"{"dependentRequired":{"a":["b","c"]}}"#,
                valid: ["{}", #"{"b":1}"#, #"{"a":1,"b":1,"c":1}"#], invalid: [#"{"a":1}"#, #"{"a":1,"b":1}"#]),
            Row(
                #"{"dependentSchemas":{"a":{"required":["b"]}}}"#,
                valid: ["{}", #"{"a":1,"b":1}"#], invalid: [#"{"a":1}"#]),
        ])
    func objects(row: Row) throws { try row.check() }

    @Test(
        "combines schemas",
        arguments: [
            Row(#"{"allOf":[{"minimum":1},{"maximum":2}]}"#, valid: ["1", "2"], invalid: ["0", "3"]),
            Row(#"{"anyOf":[{"type":"string"},{"minimum":2}]}"#, valid: ["\"\"", "2"], invalid: ["1"]),
            Row(#"{"oneOf":[{"minimum":2},{"maximum":4}]}"#, valid: ["1", "5"], invalid: ["3"]),
            Row(#"{"oneOf":[false,false]}"#, invalid: ["3"]),
            Row(#"{"not":{"type":"string"}}"#, valid: ["1"], invalid: ["\"\""]),
            Row(#"{"not":{"not":{"type":"string"}}}"#, valid: ["\"\""], invalid: ["1"]),
            Row(
                #"{"if":{"type":"string"},"then":{"minLength":1},"else":{"minimum":1}}"#,
                valid: ["\"a\"", "1"], invalid: ["\"\"", "0"]),
            Row(#"{"if":{"type":"string"},"else":{"minimum":1}}"#, valid: ["\"\"", "1"], invalid: ["0"]),
            Row(#"{"then":false,"else":false}"#, valid: ["1"]),
        ])
    func combinations(row: Row) throws { try row.check() }

    @Test(
        "refers to schemas within its document",
        arguments: [
            Row(##"{"$ref":"#/$defs/a","$defs":{"a":{"type":"integer"}}}"##, valid: ["1"], invalid: ["\"\""]),
            Row(
                ##"{"$ref":"#/$defs/a","minimum":2,"$defs":{"a":{"type":"integer"}}}"##, valid: ["2"],
                invalid: ["1", "2.5"]),
            Row(##"{"$ref":"#x","$defs":{"a":{"$anchor":"x","type":"integer"}}}"##, valid: ["1"], invalid: ["\"\""]),
            Row(##"{"$ref":"#/$defs/a~1b%20c","$defs":{"a/b c":false}}"##, invalid: ["1"]),
            Row(
                ##"{"$id":"https://x.test/s","$ref":"https://x.test/s#/$defs/a","$defs":{"a":false}}"##, invalid: ["1"]),
            Row(##"{"properties":{"a":{"type":"null"},"b":{"$ref":"#/properties/a"}}}"##, invalid: [#"{"b":1}"#]),
            Row(
                ##"{"type":"object","properties":{"next":{"$ref":"#"}},"additionalProperties":false}"##,
                valid: ["{}", #"{"next":{"next":{}}}"#], invalid: [#"{"next":{"next":{"x":1}}}"#, #"{"next":1}"#]),
        ])
    func references(row: Row) throws { try row.check() }

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
            (#"{"minItems":1e999999999}"#, "/minItems", "whole number"),
            (#"{"properties":{"a":{"items":[true]}}}"#, "/properties/a/items", "'prefixItems'"),
            (#"{"properties":[]}"#, "/properties", "must be an object"),
            (#"{"properties":{"a":3}}"#, "/properties/a", "A schema must be"),
            (#"{"allOf":[]}"#, "/allOf", "must be an array"),
            (#"{"required":[1]}"#, "/required", "array of names"),
            (#"{"dependentRequired":{"a":1}}"#, "/dependentRequired/a", "array of names"),
            (#"{"$defs":{"a":{"type":1}}}"#, "/$defs/a/type", "must name null"),
            (##"{"$ref":"#/nowhere"}"##, "/$ref", "leads nowhere"),
            (##"{"$ref":"#nowhere"}"##, "/$ref", "leads nowhere"),
            (##"{"$ref":"#/%2"}"##, "/$ref", "percent"), (#"{"$ref":"other.json"}"#, "/$ref", "within the document"),
            (#"{"$ref":1}"#, "/$ref", "must be a string"), (#"{"pattern":"a"}"#, "/pattern", "not supported"),
            (#"{"items":{"$id":"x"}}"#, "/items/$id", "root"),
            (#"{"$defs":{"a":{"$anchor":"x"},"b":{"$anchor":"x"}}}"#, "/$defs/b", "stands twice"),
        ])
    func refused(text: String, pointer: String, complaint: String) throws {
        let document = try JSONValue(parsing: text)
        let error = #expect(throws: SchemaError.self) { try JSONSchema(document) }
        #expect(error?.pointer.description == pointer)
        #expect(error?.message.contains(complaint) == true, "\(error?.message ?? "")")
    }

    @Test("is bounded in depth, effort and complaints")
    func bounds() throws {
        let endless = try JSONSchema(["$ref": "#"])
        #expect(endless.validate(1).map(\.instance) == [JSONPointer()])

        var doubling: JSONObject = ["a0": false]
        for level in 1...100 {
            let next: JSONValue = ["$ref": "#/$defs/a\(level - 1)"]
            doubling["a\(level)"] = ["anyOf": [next, next]]
        }
        let exponential = try JSONSchema(["$ref": "#/$defs/a100", "$defs": .object(doubling)])
        #expect(exponential.validate(1).last?.message.contains("given up") == true)
        let negated = try JSONSchema(["not": ["$ref": "#/$defs/a100"], "$defs": .object(doubling)])
        #expect(negated.validate(1).last?.message.contains("given up") == true)

        let strict = try JSONSchema(["items": false])
        #expect(strict.validate(.array(Array(repeating: 0, count: 1_000))).count == 100)

        let chain = (1...50_000).map { ("a\($0)", ["$ref": .string("#/$defs/a\($0 - 1)")] as JSONValue) }
        let long = try JSONSchema(["$ref": "#/$defs/a50000", "$defs": .object(JSONObject([("a0", true)] + chain))])
        #expect(long.validate(1).last?.message.contains("given up") == true)
    }
}
