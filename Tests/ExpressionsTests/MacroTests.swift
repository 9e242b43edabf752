import Expressions
import Testing

@Test(
    "Macros run over the elements of lists and the keys of maps",
    arguments: [
        Row("[1, 2, 3].all(x, x > 0)", "true"), Row("[1, 2, 3].all(x, x > 1)", "false"),
        Row("[].all(x, false)", "true"),
        Row("[1, 2, 3].exists(x, x == 2)", "true"), Row("[].exists(x, true)", "false"),
        Row("[1, 2].exists(x, x > 2)", "false"),
        Row("[1, 2, 3].exists_one(x, x > 2)", "true"), Row("[1, 2, 3].exists_one(x, x > 1)", "false"),
        Row("[].exists_one(x, true)", "false"),
        Row("[1, 2, 3].map(x, x * x)", "[1,4,9]"), Row("[1, 2, 3].map(x, x > 1, x * 10)", "[20,30]"),
        Row("[].map(x, x)", "[]"),
        Row("[1, 2, 3].filter(x, x % 2 == 1)", "[1,3]"), Row("{'b': 1, 'a': 2}.map(k, k)", #"["b","a"]"#),
        Row("{1: 2}.filter(k, k == 1)", "[1]"),
        Row("state.all(k, state[k] != null)", "true"), Row("input.exists(k, k == 'none')", "true"),
        Row("{'a': 1}.exists_one(k, k == 'a')", "true"),
        Row("items.filter(i, i.ok).map(i, i.id)", #"["a","c"]"#), Row("items.exists(i, !i.ok)", "true"),
        Row("input.tags.map(t, t + '!')", #"["a!","b!"]"#),
        Row("[1, 2].map(x, [3, 4].map(y, x * y))", "[[3,4],[6,8]]"),
        Row("[[1], [2, 3]].map(x, x.map(x, x + 1))", "[[2],[3,4]]"),
        Row("[1].map(input, input)", "[1]"), Row("[1].map(iteration, .iteration)", "[2]"),
        Row("[1].map(x, x) + [iteration]", "[1,2]"),
        Row("[1, 2].map(x, x).map(x, x * 2)", "[2,4]"), Row("[3].map(int, int)", "[3]"),
        Row("[[1, 2], [3]].map(x, x.exists(y, y == 3))", "[false,true]"),
        Row("[1, 2, 3].filter(x, [2, 3].exists(y, y == x)).size()", "2"),
    ])
func macro(_ row: Row) throws { try check(row) }

@Test(
    "all and exists look past an error when an element decides",
    arguments: [
        Row("[0, 1, 2].exists(x, 2 / x == 1)", "true"), Row("[1, 0].all(x, 1 / x > 1)", "false"),
        Row("[0, 1].all(x, 1 / x > 1)", "false"),
        Row("['a', 1].exists(x, x == 1 || x)", "true"), Row("[1, 2].all(x, x)  || true", "true"),
    ])
func absorbing(_ row: Row) throws { try check(row) }

@Test(
    "Any other error in a macro is the macro's",
    arguments: [
        ("[0, 1].exists(x, 2 / x == 5)", "divided by zero"), ("[1, 2].all(x, x)", "must be true or false"),
        ("[1, 0].map(x, 1 / x)", "divided by zero"),
        ("[1, 0].filter(x, 1 / x == 1)", "divided by zero"), ("[1, 0].exists_one(x, 1 / x == 1)", "divided by zero"),
        ("[1].filter(x, x)", "must be true or false"),
        ("[1].map(x, x, x)", "must be true or false"), ("'abc'.map(c, c)", "`map` does not take a string"),
        ("1.all(x, true)", "`all` does not take an int"),
        ("null.filter(x, true)", "`filter` does not take null"), ("[1].map(x, y)", "`y`"),
        ("[1].map(x, x)[0] + x", "`x`"), ("[x].map(x, x)", "`x`"),
    ])
func macroFailure(_ source: String, _ words: String) { checkFailure(source, .evaluation, words) }
