import Expressions
import Testing

@Test(
    "Values are equal by type and content, numbers on one line",
    arguments: [
        Row("1 == 1", "true"), Row("1 == 1u", "true"), Row("1 == 1.0", "true"), Row("1u == 1.0", "true"),
        Row("1 == 1.5", "false"),
        Row("1 != 2", "true"), Row("-1 == 18446744073709551615u", "false"), Row("price == 1.1", "true"),
        Row("hundred == 100", "true"),
        Row("'a' == 'a'", "true"), Row("'a' == 'b'", "false"), Row(#"'é' == 'e\u0301'"#, "false"),
        Row("'' == ''", "true"),
        Row("b'a' == b'a'", "true"), Row("'a' == b'a'", "false"), Row("null == null", "true"),
        Row("null == 0", "false"),
        Row("input.none == null", "true"), Row("true == 1", "false"), Row("'1' == 1", "false"),
        Row("[1] == 1", "false"),
        Row("[1, 2.0] == [1.0, 2]", "true"), Row("[1, 2] == [2, 1]", "false"), Row("[1] == [1, 2]", "false"),
        Row("[] == {}", "false"),
        Row("{'a': 1, 'b': 2} == {'b': 2.0, 'a': 1u}", "true"), Row("{'a': 1} == {'a': 2}", "false"),
        Row("{'a': 1} == {'b': 1}", "false"),
        Row("{1: 'x'} == {1u: 'x'}", "true"), Row("input.tags == ['a', 'b']", "true"),
        Row("['a', 'b'] == input.tags", "true"),
        Row("state.deep == {'er': {'est': 42}}", "true"), Row("{'er': {'est': 42.0}} == state.deep", "true"),
        Row("state == state", "true"),
        Row("0.0 / 0.0 == 0.0 / 0.0", "false"), Row("0.0 / 0.0 != 0.0 / 0.0", "true"),
        Row("[0.0 / 0.0] == [0.0 / 0.0]", "false"),
        Row("-0.0 == 0.0", "true"), Row("great == great", "true"), Row("great == 1", "false"),
        Row("unsigned == 18446744073709551615u", "true"),
        Row("type(1) == int", "true"), Row("int == uint", "false"), Row("type(int) == type", "true"),
        Row("int == 'int'", "false"),
        // By the conformance suite of the specification, an int beside a double is rounded to one.
        Row("9223372036854775807 == 9223372036854775808.0", "true"),
    ])
func equality(_ row: Row) throws { try check(row) }

@Test(
    "Numbers, strings, bytes and bools have an order",
    arguments: [
        Row("1 < 2", "true"), Row("2 < 2", "false"), Row("2 <= 2", "true"), Row("3 > 2", "true"),
        Row("2 >= 3", "false"), Row("2 >= 2", "true"),
        Row("1 < 1u", "false"), Row("-1 < 0u", "true"), Row("0u > -1", "true"), Row("1 < 1.5", "true"),
        Row("2u > 1.5", "true"),
        Row("1.5 <= 1.5", "true"), Row("'a' < 'b'", "true"), Row("'a' < 'aa'", "true"), Row("'B' < 'a'", "true"),
        Row("'' < 'a'", "true"),
        Row(#"'\uffff' < '\U00010000'"#, "true"), Row("'a' >= 'a'", "true"), Row("b'a' < b'b'", "true"),
        Row("b'b' > b'aa'", "true"),
        Row("b'a' <= b'a'", "true"), Row("false < true", "true"), Row("true <= true", "true"),
        Row("true > false", "true"),
        Row("0.0 / 0.0 < 1.0", "false"), Row("0.0 / 0.0 >= 1.0", "false"), Row("great > 9223372036854775807", "true"),
        Row("great > unsigned", "true"), Row("great < 1e30", "true"), Row("1 < great", "true"),
        Row("1u <= great", "true"),
        Row("great < 1.0 / 0.0", "true"), Row("unsigned >= 18446744073709551615u", "true"),
        Row("input.ratio > iteration", "true"),
    ])
func order(_ row: Row) throws { try check(row) }

@Test(
    "What has no order cannot be compared",
    arguments: [
        ("1 < 'a'", "`<` does not take an int and a string"), ("null < null", "`<` does not take null and null"),
        ("[1] < [2]", "`<` does not take a list and a list"), ("{} >= {}", "`>=` does not take a map and a map"),
        ("true > 0", "`>` does not take a bool and an int"), ("'a' <= b'a'", "`<=` does not take a string and a bytes"),
        ("int < int", "`<` does not take a type and a type"),
    ])
func orderFailure(_ source: String, _ words: String) { checkFailure(source, .evaluation, words) }
