import JSON
import Testing

@Suite("A schema is bounded")
struct SchemaBoundsTests {
    /// A schema that applies `leaf` two to the hundredth times.
    private static func doubling(_ leaf: JSONValue, by keyword: String) -> JSONSchema? {
        var definitions: JSONObject = ["a0": leaf]
        for level in 1...100 {
            let next: JSONValue = ["$ref": "#/$defs/a\(level - 1)"]
            definitions["a\(level)"] = .object([keyword: [next, next]])
        }
        return try? JSONSchema(["$ref": "#/$defs/a100", "$defs": .object(definitions)])
    }

    private static let numbers = JSONValue.array((0..<200).map { JSONValue($0) })
    private static let text = JSONValue.string(String(repeating: "x", count: 20_000))

    @Test(
        "in effort, whatever it repeats",
        arguments: [
            ("anyOf", false, 1), ("allOf", ["minLength": 1], text), ("allOf", ["pattern": "x$"], text),
            ("allOf", ["contains": ["const": 199]], numbers), ("allOf", ["unevaluatedItems": true], numbers),
            ("allOf", ["items": true], numbers),
        ] as [(String, JSONValue, JSONValue)])
    func effort(keyword: String, leaf: JSONValue, instance: JSONValue) throws {
        let schema = try #require(Self.doubling(leaf, by: keyword))
        #expect(schema.validate(instance).map(\.message) == ["The check was given up: it takes too many steps."])
    }

    @Test("in effort also where what is given up is ruled out")
    func negation() throws {
        let digits = String(repeating: "7", count: 20_000)
        let schema = try JSONSchema(["not": ["multipleOf": JSONValue(parsing: digits)]])
        #expect(schema.validate(try JSONValue(parsing: digits + digits)).last?.message.contains("given up") == true)
    }

    @Test(
        "in depth, where its references go round in a circle",
        arguments: [
            ##"{"$ref":"#"}"##, ##"{"allOf":[{"anyOf":[{"$ref":"#"}]}]}"##, ##"{"not":{"$ref":"#"}}"##,
            ##"{"$dynamicAnchor":"a","$dynamicRef":"#a"}"##, ##"{"if":{"$ref":"#/else"},"else":{"$ref":"#/if"}}"##,
            ##"{"unevaluatedProperties":false,"$ref":"#"}"##,
        ])
    func circles(text: String) throws {
        let schema = try JSONSchema(JSONValue(parsing: text))
        #expect(schema.validate(1).last?.message.contains("round in a circle") == true)
        #expect(schema.validate(1).last?.instance == JSONPointer())
    }

    @Test("in depth, where it is a long chain")
    func chain() throws {
        let links = (1...50_000).map { ("a\($0)", ["$ref": .string("#/$defs/a\($0 - 1)")] as JSONValue) }
        let long = try JSONSchema(["$ref": "#/$defs/a50000", "$defs": .object(JSONObject([("a0", true)] + links))])
        #expect(long.validate(1).last?.message.contains("nest too deep") == true)
        let short = try JSONSchema(["$ref": "#/$defs/a500", "$defs": .object(JSONObject([("a0", true)] + links))])
        #expect(short.validate(1) == [])
    }

    @Test("in complaints")
    func complaints() throws {
        let strict = try JSONSchema(["items": false])
        #expect(strict.validate(.array(Array(repeating: 0, count: 1_000))).count == 100)
    }

    @Test("in the number of schemas, wherever its references lead")
    func places() throws {
        // Each reference leads into one nest, where no keyword has schemas. Read anew for each, it would be 4 million.
        var nest: JSONValue = ["properties": .object(JSONObject((0..<10_000).map { ("p\($0)", true) }))]
        for _ in 0..<400 { nest = ["not": nest] }
        let references = (0..<400).map { depth -> JSONValue in
            ["$ref": .string("#/x" + String(repeating: "/not", count: depth))]
        }
        let schema = try JSONSchema(["x": nest, "anyOf": .array(references)])
        #expect(schema.validate(1) == [])
    }

    @Test("and takes large values")
    func large() throws {
        let names = (0..<20_000).map { "n\($0)" }
        let object = JSONValue.object(JSONObject(names.map { ($0, 1) }))
        let schema = try JSONSchema([
            "type": "object", "required": .array(names.map { .string($0) }), "unevaluatedProperties": false,
            "allOf": [["properties": .object(JSONObject(names.map { ($0, ["type": "integer", "minimum": 1]) }))]],
        ])
        #expect(schema.validate(object) == [])
        #expect(schema.validate(["n0": 1]).map(\.message) == [#"The member "n1" and 19998 more is missing."#])
    }
}
