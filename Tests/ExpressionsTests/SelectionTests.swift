import Expressions
import Testing

@Test(
    "Members and elements are selected",
    arguments: [
        Row("input.name", #""Ada""#), Row("input['name']", #""Ada""#), Row("state.deep.er.est", "42"),
        Row("input.none", "null"),
        Row("input.tags[0]", #""a""#), Row("input.tags[1u]", #""b""#), Row("input.tags[1.0]", #""b""#),
        Row("items[2].id", #""c""#),
        Row("input.`content-type`", #""text/plain""#), Row("items[iteration].ok", "true"), Row("{1: 'a'}[1]", #""a""#),
        Row("{1: 'a'}[1u]", #""a""#), Row("{1u: 'a'}[1.0]", #""a""#), Row("{true: 'a'}[true]", #""a""#),
        Row("{'while': 1}.while", "1"),
        Row("{18446744073709551615u: 'a'}[unsigned]", #""a""#), Row("{'type': 1}.type", "1"),
        Row(".input.name", #""Ada""#),
        Row("{'a': 1}['a']", "1"), Row("[1, 2, 3][input.n - 1]", "3"), Row("input.name.size()", "3"),
    ])
func selection(_ row: Row) throws { try check(row) }

@Test(
    "What is not there is an error that says what is missing",
    arguments: [
        ("nobody", "Nothing is called `nobody` here."), ("input.missing", "There is no `missing` here"),
        ("state.deep.x.y", "There is no `x` here"),
        ("input.name.first", "Only a map has members, and this is a string."),
        ("input.none.x", "Only a map has members, and this is null."),
        ("input.tags.a", "Only a map has members, and this is a list."), ("input['x']", "There is no `x` here"),
        ("{1: 2}[2]", "There is no `2` here"),
        ("input[1]", "There is no `1` here"), ("{'a': 1}[null]", "There is no `null` here"),
        ("{1: 2}[1.5]", "There is no"),
        ("input.tags[2]", "outside of the list, which has 2 elements"), ("input.tags[-1]", "outside of the list"),
        ("input.tags[0.5]", "The index of a list is a whole number"),
        ("input.tags['a']", "`[]` does not take a list and a string"),
        ("[1][great]", "The index of a list is a whole number"),
        ("input.name[0]", "`[]` does not take a string and an int"),
        ("null['a']", "`[]` does not take null and a string"), ("has(input.name.x)", "Only a map has members"),
        ("has(nobody.x)", "`nobody`"),
        ("{'a': 1, 'a': 2}", "The key `a` stands twice"), ("{1: 1, 1u: 2}", "The key `1u` stands twice"),
        ("{true: 1, true: 2}", "`true` stands twice"),
        ("{1.0: 1}", "The key of a map is a string, an int, a uint or a bool, and this is a double."),
        ("{null: 1}", "and this is null"),
        ("{[]: 1}", "and this is a list"), ("{price: 1}", "and this is a double"),
    ])
func missing(_ source: String, _ words: String) { checkFailure(source, .evaluation, words) }

@Test(
    "has asks for a member, in for a key or an element",
    arguments: [
        Row("has(input.name)", "true"), Row("has(input.none)", "true"), Row("has(input.missing)", "false"),
        Row("has(state.deep.er.est)", "true"),
        Row("has((input.name))", "true"), Row("has({'a': 1}.a)", "true"), Row("has({1: 1}.a)", "false"),
        Row("has(input.`content-type`)", "true"),
        Row("has(input.name) && input.name == 'Ada'", "true"), Row("!has(input.x) || input.x", "true"),
        Row("'a' in input.tags", "true"), Row("'z' in input.tags", "false"), Row("1.0 in [1]", "true"),
        Row("1 in []", "false"),
        Row("'name' in input", "true"), Row("'x' in input", "false"), Row("1 in {1u: 2}", "true"),
        Row("1 in input", "false"), Row("1.5 in {1: 2}", "false"),
        Row("[1] in [[1], [2]]", "true"), Row("null in [null]", "true"), Row("{'a': 1} in [{'a': 1.0}]", "true"),
        Row("'a' in {}", "false"),
    ])
func presence(_ row: Row) throws { try check(row) }

@Test(
    "in needs a list or a map",
    arguments: [
        ("'a' in 'abc'", "`in` does not take a string and a string"), ("1 in 1", "`in`"), ("1 in null", "`in`"),
    ])
func presenceFailure(_ source: String, _ words: String) { checkFailure(source, .evaluation, words) }
