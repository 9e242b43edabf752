import Expressions
import Testing

typealias Name = Expression.Name

@Test(
    "An expression tells which names it reads, as far as their members are constant",
    arguments: [
        ("1 + 2", []),
        ("input", [Name(path: ["input"], offset: 0)]),
        (
            "input.a.b == state.c",
            [Name(path: ["input", "a", "b"], offset: 0), Name(path: ["state", "c"], offset: 13)]
        ),
        ("steps['test'].result.`x-y`", [Name(path: ["steps", "test", "result", "x-y"], offset: 0)]),
        ("input.list[0].a", [Name(path: ["input", "list"], offset: 0)]),
        ("a[b.c].d", [Name(path: ["a"], offset: 0), Name(path: ["b", "c"], offset: 2)]),
        (
            "has(state.x) ? state.x : 1",
            [Name(path: ["state", "x"], offset: 4, isTested: true), Name(path: ["state", "x"], offset: 15)]
        ),
        ("has(state.x.y)", [Name(path: ["state", "x", "y"], offset: 4, isTested: true)]),
        (
            "input.items.map(i, i.x + state.y)",
            [Name(path: ["input", "items"], offset: 0), Name(path: ["state", "y"], offset: 25)]
        ),
        ("i.map(i, .i)", [Name(path: ["i"], offset: 0), Name(path: ["i"], offset: 10)]),
        ("[x].all(x, x) && x", [Name(path: ["x"], offset: 1), Name(path: ["x"], offset: 17)]),
        ("type(a) == int", [Name(path: ["a"], offset: 5)]),
        ("input.name.size() > size", [Name(path: ["input", "name"], offset: 0), Name(path: ["size"], offset: 20)]),
        ("{k: v.w}", [Name(path: ["k"], offset: 1), Name(path: ["v", "w"], offset: 4)]),
        ("'é' + a", [Name(path: ["a"], offset: 7)]),
    ])
func names(_ source: String, _ expected: [Name]) throws {
    #expect(try Expression(parsing: source).names == expected)
}

@Test("Expressions are equal by their source")
func equalExpressions() throws {
    let (one, same, other) = (
        try Expression(parsing: "1+1"), try Expression(parsing: "1+1"), try Expression(parsing: "1 + 1")
    )
    #expect(one == same)
    #expect(one.hashValue == same.hashValue)
    #expect(one != other)
    #expect(other.source == "1 + 1")
}
