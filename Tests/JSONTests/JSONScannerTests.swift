import JSON
import Testing

@Suite("A scanner")
struct JSONScannerTests {
    private let text = #" { "jsonrpc" : "2.0", "id":7 ,"p\u0061rams": [1, {"a": [ ]}] } "#

    @Test("finds the ranges of members and their values")
    func members() throws {
        let bytes = Array(text.utf8)
        let found = try withScanner(text) { scanner in
            var found: [[String]] = []
            try scanner.beginObject()
            var first = true
            while let name = try scanner.nextMember(first: &first) {
                let start = scanner.offset
                let value = try scanner.skipValue()
                #expect(value.lowerBound == start)
                found.append([
                    scanner.string(in: name), String(decoding: bytes[name], as: UTF8.self),
                    String(decoding: bytes[value], as: UTF8.self),
                ])
            }
            try scanner.expectEnd()
            return found
        }
        #expect(
            found == [
                ["jsonrpc", "jsonrpc", #""2.0""#], ["id", "id", "7"],
                ["params", #"p\u0061rams"#, #"[1, {"a": [ ]}]"#],
            ])
    }

    @Test("steps through arrays, empty ones too")
    func elements() throws {
        try withScanner("[ [] , {} ,3]") { scanner in
            try scanner.beginArray()
            var first = true
            #expect(try scanner.nextElement(first: &first))
            try scanner.beginArray()
            var innerFirst = true
            #expect(try !scanner.nextElement(first: &innerFirst))
            #expect(try scanner.nextElement(first: &first))
            try scanner.beginObject()
            innerFirst = true
            #expect(try scanner.nextMember(first: &innerFirst) == nil)
            #expect(try scanner.nextElement(first: &first))
            #expect(scanner.peek() == UInt8(ascii: "3"))
            #expect(try scanner.skipValue() == 11..<12)
            #expect(try !scanner.nextElement(first: &first))
            try scanner.expectEnd()
            #expect(scanner.peek() == nil)
        }
    }

    @Test("goes on where the offset is set, over several values")
    func severalValues() throws {
        try withScanner("1 [2]\n\"3\"  ") { scanner in
            let ranges = try (0..<3).map { _ in try scanner.skipValue() }
            #expect(ranges == [0..<1, 2..<5, 6..<9])
            scanner.offset = 3
            #expect(try scanner.skipValue() == 3..<4)
        }
    }

    @Test(
        "says what it expected",
        arguments: [
            ("1", "an object", 0), (#"{"a" 1}"#, "':'", 5), ("{1}", "a member's name in quotes", 1),
        ])
    func expectation(text: String, wanted: String, offset: Int) {
        withScanner(text) { scanner in
            let error = #expect(throws: JSONError.self) {
                try scanner.beginObject()
                var first = true
                _ = try scanner.nextMember(first: &first)
            }
            #expect(error?.message.hasPrefix("Expected \(wanted), found") == true)
            #expect(error?.offset == offset)
        }
    }
}
