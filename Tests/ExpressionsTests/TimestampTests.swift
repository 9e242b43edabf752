import Expressions
import Testing

@Test(
    "A timestamp is read, written, compared and moved",
    arguments: [
        Row("timestamp('2009-02-13T23:31:30Z')", #""2009-02-13T23:31:30Z""#),
        Row("timestamp('2023-08-26T12:39:00.5-07:00')", #""2023-08-26T19:39:00.500Z""#),
        Row("timestamp('2023-08-26T12:39:00.000001Z')", #""2023-08-26T12:39:00.000001Z""#),
        Row("[timestamp(0), timestamp(timestamp(1))]", #"["1970-01-01T00:00:00Z","1970-01-01T00:00:01Z"]"#),
        Row("{'at': timestamp(iteration)}", #"{"at":"1970-01-01T00:00:02Z"}"#),
        Row("string(timestamp('0001-01-01T00:00:00Z'))", #""0001-01-01T00:00:00Z""#),
        Row("string(timestamp('9999-12-31T23:59:59.999999999Z'))", #""9999-12-31T23:59:59.999999999Z""#),
        Row("int(timestamp('1969-12-31T23:59:59.5Z'))", "-1"), Row("int(timestamp(1234567890))", "1234567890"),
        Row("type(timestamp(0)) == google.protobuf.Timestamp", "true"),
        Row("timestamp('2009-02-13T23:31:30Z') == timestamp('2009-02-14T00:31:30+01:00')", "true"),
        Row("timestamp(0) == timestamp('1970-01-01T00:00:00.000000001Z')", "false"), Row("timestamp(0) == 0", "false"),
        Row("timestamp(0) != null", "true"), Row("timestamp(1) in [timestamp(0), timestamp(1)]", "true"),
        Row("timestamp(0) < timestamp(1) && timestamp(1) <= timestamp(1)", "true"),
        Row("timestamp(0) > timestamp(1) || timestamp(0) >= timestamp(1)", "false"),
        Row("timestamp(0) + duration('1h') == timestamp(3600)", "true"),
        Row("duration('1.5s') + timestamp(0)", #""1970-01-01T00:00:01.500Z""#),
        Row("timestamp(0) - duration('1ns')", #""1969-12-31T23:59:59.999999999Z""#),
        Row("timestamp('2024-03-01T00:00:00Z') - timestamp('2024-02-28T12:00:00Z')", #""129600s""#),
        Row("timestamp(0) - timestamp('1970-01-01T00:00:00.25Z')", #""-0.250s""#),
    ])
func timestamp(_ row: Row) throws { try check(row) }

@Test(
    "The parts of a timestamp are those of UTC, or of a zone",
    arguments: [
        Row(
            "[timestamp('2009-02-13T23:31:30.123456789Z')].map(t, [t.getFullYear(), t.getMonth(), t.getDate(), t.getDayOfMonth()])",
            "[[2009,1,13,12]]"),
        Row(
            "[timestamp('2009-02-13T23:31:30.123456789Z')].map(t, [t.getHours(), t.getMinutes(), t.getSeconds(), t.getMilliseconds()])",
            "[[23,31,30,123]]"),
        Row("[timestamp('2009-02-13T23:31:30Z')].map(t, [t.getDayOfWeek(), t.getDayOfYear()])", "[[5,43]]"),
        Row(
            "[timestamp('1969-12-31T23:59:59.5Z')].map(t, [t.getFullYear(), t.getSeconds(), t.getMilliseconds()])",
            "[[1969,59,500]]"),
        Row("timestamp('2024-12-31T00:00:00Z').getDayOfYear()", "365"),
        Row("timestamp('2024-12-29T00:00:00Z').getDayOfWeek()", "0"),
        Row(
            "[timestamp('2009-12-31T23:31:30Z')].map(t, [t.getFullYear('+01:00'), t.getMonth('01:00'), t.getDate('+01:00')])",
            "[[2010,0,1]]"),
        Row("timestamp('2009-02-13T23:31:30Z').getDayOfYear('-23:59')", "42"), Row("timestamp(0).getHours('UTC')", "0"),
        Row("timestamp(0).getDayOfWeek('-00:01')", "3"), Row("timestamp(0).getMinutes('-09:30')", "30"),
        Row("timestamp(0).getSeconds('+05:45')", "0"), Row("timestamp(0).getMilliseconds('+05:45')", "0"),
        Row("timestamp('9999-12-31T23:59:59Z').getFullYear('+01:00')", "10000"),
        Row("timestamp('0001-01-01T00:00:00Z').getDayOfMonth('-01:00')", "30"),
    ])
func timestampPart(_ row: Row) throws { try check(row) }

@Test(
    "A duration is read, written, compared and added",
    arguments: [
        Row("duration('1h30m')", #""5400s""#), Row("duration('-1.5h')", #""-5400s""#), Row("duration('0')", #""0s""#),
        Row("duration('+1m1ms')", #""60.001s""#), Row("duration('1h34us')", #""3600.000034s""#),
        Row("duration('1ns')", #""0.000000001s""#), Row("duration('-.5s')", #""-0.500s""#),
        Row("duration('1.s')", #""1s""#),
        Row("duration('1µs') == duration('1us')", "true"), Row("duration('0.0000000019s')", #""0.000000001s""#),
        Row("duration('-2562047h47m16.854775808s')", #""-9223372036.854775808s""#),
        Row("[duration(duration('1s')), {'d': duration('2s')}]", #"["1s",{"d":"2s"}]"#),
        Row("string(duration('1m1ms'))", #""60.001s""#),
        Row("type(duration('1s')) == google.protobuf.Duration", "true"),
        Row("duration('1h') == duration('60m') && duration('1s') != duration('1ms')", "true"),
        Row("duration('1s') == 1 || duration('0') == null", "false"),
        Row("duration('2h') + duration('1h1m') >= duration('3h')", "true"),
        Row(
            "duration('-1s') < duration('0') && duration('1s') > duration('999ms') && duration('1s') <= duration('1s')",
            "true"),
        Row("duration('1m') - duration('1s')", #""59s""#),
        Row(
            "[duration('-3730.5s')].map(d, [d.getHours(), d.getMinutes(), d.getSeconds(), d.getMilliseconds()])",
            "[[-1,-62,-3730,-500]]"),
        Row("duration('123.321456789s').getMilliseconds()", "321"),
    ])
func duration(_ row: Row) throws { try check(row) }

@Test(
    "What is no timestamp or duration, or out of their range, is an error",
    arguments: [
        ("timestamp('2009-02-13')", "This value, a string, cannot become a timestamp."),
        ("timestamp('')", "cannot become a timestamp"),
        ("timestamp('2009-02-30T00:00:00Z')", "cannot become a timestamp"),
        ("timestamp(1.5)", "cannot become a timestamp"),
        ("timestamp(1u)", "This value, a uint, cannot become a timestamp."),
        ("timestamp(null)", "cannot become a timestamp"),
        ("timestamp(duration('1s'))", "This value, a duration, cannot become a timestamp."),
        ("timestamp('0000-12-31T23:59:59Z')", "between the years 1 and 9999"),
        ("timestamp(great)", "cannot become a timestamp"),
        ("timestamp(253402300800)", "between the years 1 and 9999"),
        ("timestamp(-62135596801)", "between the years 1 and 9999"),
        ("timestamp(9223372036854775807)", "between the years 1 and 9999"),
        ("timestamp('9999-12-31T23:59:59Z') + duration('1s')", "between the years 1 and 9999"),
        ("timestamp('0001-01-01T00:00:00Z') - duration('1ns')", "between the years 1 and 9999"),
        ("timestamp('9999-12-31T23:59:59Z') - timestamp('0001-01-01T00:00:00Z')", "some 292 years"),
        ("duration('2562047h47m16.854775808s')", "some 292 years"),
        ("duration('-2562047h47m16.854775809s')", "some 292 years"),
        ("duration('99999999999999999999s')", "some 292 years"), ("duration('9999999999h')", "some 292 years"),
        ("duration('2562047h') + duration('2562047h')", "some 292 years"),
        ("duration('-2562047h') - duration('2562047h')", "some 292 years"),
        ("timestamp(0) - duration('-2562047h47m16.854775808s')", "some 292 years"),
        ("duration('1')", "This value, a string, cannot become a duration."),
        ("duration('')", "cannot become a duration"),
        ("duration('-')", "cannot become a duration"), ("duration('s')", "cannot become a duration"),
        ("duration('.s')", "cannot become"),
        ("duration('1d')", "cannot become a duration"), ("duration('1h ')", "cannot become a duration"),
        ("duration('1h-1m')", "cannot become"),
        ("duration(1)", "This value, an int, cannot become a duration."),
        ("duration('1h0')", "cannot become a duration"),
        ("int(duration('1s'))", "This value, a duration, cannot become an int."),
        ("double(timestamp(0))", "cannot become a double"),
        ("timestamp(0) + timestamp(0)", "`+` does not take a timestamp and a timestamp"),
        ("duration('1s') - timestamp(0)", "`-` does not take a duration and a timestamp"),
        ("timestamp(0) + 1", "`+` does not take a timestamp and an int"),
        ("-duration('1s')", "`-` does not take a duration"),
        ("duration('1s') * duration('1s')", "`*` does not take a duration and a duration"),
        ("timestamp(0) < duration('1s')", "`<` does not take a timestamp and a duration"),
        ("timestamp(0) < '1970'", "`<` does not take a timestamp and a string"),
        ("{timestamp(0): 1}", "this is a timestamp"),
        ("timestamp(0).getHours('Nowhere/Land')", "`Nowhere/Land` is no time zone"),
        ("timestamp(0).getHours('')", "no time zone"),
        ("timestamp(0).getHours('../../etc/passwd')", "no time zone"),
        ("timestamp(0).getHours(1)", "`getHours` does not take a timestamp and an int"),
        ("1.getHours()", "does not take an int"),
        ("duration('1s').getFullYear()", "`getFullYear` does not take a duration"),
        ("'a'.getDate()", "does not take a string"),
        ("duration('1s').getHours('UTC')", "`getHours` does not take a duration and a string"),
    ])
func timeFailure(_ source: String, _ words: String) { checkFailure(source, .evaluation, words) }

@Test("A getter takes a zone and nothing else, and a type is no JSON")
func timeUsage() {
    checkFailure(
        "timestamp(0).getDate('UTC', 1)", .syntax, "`getDate` is called as moment.getDate() or moment.getDate(zone).")
    checkFailure("getDate(timestamp(0))", .syntax, "`getDate` is called as")
    checkFailure("timestamp(0, 1)", .syntax, "`timestamp` is called as timestamp(x).")
    checkFailure("google.protobuf.Timestamp", .notJSON, "A type (`google.protobuf.Timestamp`)")
}
