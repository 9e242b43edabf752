import JSON
import Testing

@Suite("A writer")
struct JSONWriterTests {
    @Test("sets the commas")
    func commas() {
        var writer = JSONWriter(reservingCapacity: 100)
        writer.beginObject()
        writer.field("a", 1)
        writer.field("b", true)
        writer.field("c", "x")
        writer.field("d", ["y": nil] as JSONValue)
        writer.key("e")
        writer.beginArray()
        writer.null()
        writer.int(-5)
        writer.bool(false)
        writer.beginArray()
        writer.endArray()
        writer.beginObject()
        writer.endObject()
        writer.raw(Array("[1,2]".utf8))
        writer.string(",")
        writer.number(1)
        writer.endArray()
        writer.field("f", Celsius(degrees: 20))
        writer.endObject()
        let expected = #"{"a":1,"b":true,"c":"x","d":{"y":null},"e":[null,-5,false,[],{},[1,2],",",1],"f":{"°":20}}"#
        #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    }

    @Test("begins anew after a newline, so that a buffer holds several texts")
    func lines() {
        var writer = JSONWriter()
        for number in 1...3 {
            writer.value([JSONValue(number)])
            writer.bytes.append(UInt8(ascii: "\n"))
        }
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "[1]\n[2]\n[3]\n")
        writer.removeAll(keepingCapacity: true)
        writer.null()
        #expect(writer.bytes == Array("null".utf8))
    }

    @Test("writes every integer", arguments: [0, 7, -7, 10, 99, 100, 1_234_567_890, Int.max, Int.min])
    func integers(value: Int) {
        var writer = JSONWriter()
        writer.int(value)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == String(value))
    }

    @Test("escapes quotes, backslashes and controls, and nothing else")
    func escapes() throws {
        let named: [UInt8: String] = [
            0x22: #"\""#, 0x5C: #"\\"#, 8: #"\b"#, 9: #"\t"#, 10: #"\n"#, 12: #"\f"#, 13: #"\r"#,
        ]
        for byte in UInt8(0)..<0x80 {
            let character = String(Unicode.Scalar(byte))
            let hex = "\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            let expected = named[byte] ?? (byte < 0x20 ? hex : character)
            for padding in [0, 1, 7, 8, 13] {
                let plain = String(repeating: "é", count: padding)
                let text = JSONValue(plain + character + plain).serialized()
                #expect(text == "\"" + plain + expected + plain + "\"", "\(byte)")
                #expect(try JSONValue(parsing: text).string == plain + character + plain)
            }
        }
        #expect(JSONValue("/\u{7F}\u{2028}🎼").serialized() == "\"/\u{7F}\u{2028}🎼\"")
    }

    @Test("writes pretty text with two spaces a level")
    func pretty() {
        let value: JSONValue = ["a": [1, [], ["b": nil]], "c": [:]]
        let expected = """
            {
              "a": [
                1,
                [],
                {
                  "b": null
                }
              ],
              "c": {}
            }
            """
        #expect(value.serialized(pretty: true) == expected)
        #expect(value.serialized(pretty: false) == value.serialized())
    }
}

private struct Celsius: JSONEncodable {
    var degrees: Int

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("°", degrees)
        writer.endObject()
    }
}
