import Expressions
import JSON
import Testing

@Test(
    "A name with dots is bound as a whole before any part of it is",
    arguments: [
        ("a.b.c", 1), ("a.b.d", 2), ("a.e", 3), ("a.b.c.f", 4), ("a['b']", 5), ("has(a.b.d)", true),
        ("has(a.b.x)", false), (".a.b.c", 1),
        ("[{'b': {'c': 9}}].map(a, a.b.c)[0]", 9), ("{'a': {'b': {'c': 8}}}.a.b.c", 8),
    ] as [(String, JSONValue)])
func qualifiedName(_ source: String, _ expected: JSONValue) throws {
    let bindings: Bindings = [
        "a": ["b": 5, "e": 3], "a.b": ["c": 7, "d": 2], "a.b.c": 1, "a.b.c.f": 4,
    ]
    #expect(try Expression(parsing: source).evaluate(bindings) == expected)
}

@Test("The dotted names of types are no names to be bound")
func typeNames() throws {
    #expect(try Expression(parsing: "google.protobuf.Timestamp != google.protobuf.Duration").names.isEmpty)
    let other = try Expression(parsing: "google.protobuf.Any")
    #expect(other.names == [Name(path: ["google", "protobuf", "Any"], offset: 0)])
    let bound: Bindings = ["google": ["protobuf": ["Any": 1]]]
    #expect(try other.evaluate(bound) == 1)
}
