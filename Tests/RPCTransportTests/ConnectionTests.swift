import Glibc
import JSON
import RPC
import Testing

@testable import RPCTransport

@Suite("Connection", .timeLimit(.minutes(2)))
struct ConnectionTests {
    private static let table: [([String], [String])] = [
        ([#"{"jsonrpc":"2.0","id":1,"method":"echo","params":[42,23]}"#], ["1: [42,23]"]),
        ([#"{"jsonrpc":"2.0","id":"a","method":"echo"}"#], [#""a": null"#]),
        ([#"{"jsonrpc":"2.0","id":1,"method":"echo","params":null}"#], ["1: null"]),
        ([#"{"jsonrpc":"2.0","id":null,"method":"echo"}"#], ["null: null"]),
        (
            ["{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":{\"n\":1.00,\"b\":12345678901234567890}}"],
            [#"1: {"n":1.00,"b":12345678901234567890}"#]
        ),
        ([#"{"jsonrpc":"2.0","method":"note","params":[1]}"#, #"{"jsonrpc":"2.0","method":"foobar"}"#], []),
        ([#"{"jsonrpc":"2.0","method":"foobar","id":"1"}"#], [#""1": -32601"#]),
        ([#"{"jsonrpc":"2.0","method":"note","id":1}"#], ["1: -32601"]),
        ([#"{"jsonrpc":"2.0","method":"foobar,"params":"bar","baz]"#], ["null: -32700"]),
        ([#"{"jsonrpc":"2.0","method":1,"params":"bar"}"#], ["null: -32600"]),
        ([#"[{"jsonrpc":"2.0","method":"echo","id":"1"},{"jsonrpc":"2.0","method"]"#], ["null: -32700"]),
        (["[]"], ["null: -32600"]), (["[1]"], ["[null: -32600]"]),
        (["[1,2,3]"], ["[null: -32600, null: -32600, null: -32600]"]),
        ([#"[{"jsonrpc":"2.0","method":"note"},{"jsonrpc":"2.0","method":"foobar"}]"#], []),
        ([#"[{"jsonrpc":"2.0","id":1,"result":1}]"#], []), ([#"{"jsonrpc":"2.0","id":1,"result":1}"#], []),
        (
            [
                #"[{"jsonrpc":"2.0","method":"echo","params":[1],"id":"1"},{"jsonrpc":"2.0","method":"note"},"#
                    + #"{"jsonrpc":"2.0","method":"echo","params":[2],"id":"2"},{"foo":"boo"},"#
                    + #"{"jsonrpc":"2.0","method":"foo.get","id":"5"},[],{"jsonrpc":"2.0","method":"echo","id":9}]"#
            ],
            [#"[null: -32600, "5": -32601, null: -32600, "1": [1], "2": [2], 9: null]"#]
        ),
        (
            [#"[{"jsonrpc":"2.0","method":"echo","id":1},{"jsonrpc":"2.0","method":"echo","id":1}]"#],
            ["[1: -32000 request.duplicateId, 1: null]"]
        ),
        (["{} {}"], ["null: -32700"]), (["{}"], ["null: -32600"]), (["nul"], ["null: -32700"]),
        ([#"{"jsonrpc":"2.0","id":1.5,"method":"echo"}"#], ["null: -32600"]),
        ([#"{"jsonrpc":"2.0","id":3,"method":"echo","params":"x"}"#], ["3: -32600"]),
        ([#"{"jsonrpc":"2.0","id":"\ud800","method":"echo"}"#], ["null: -32700"]),
        ([#"{"id":3,"method":"echo"}"#], ["3: -32600"]),
        ([String(repeating: "[", count: 600)], ["null: -32700"]),
        (
            [#"{"jsonrpc":"2.0","id":1,"method":"echo","params":["\#(String(repeating: "x", count: 5000))"]}"#],
            ["1: -32000 message.tooLarge"]
        ),
        (
            ["\"" + String(repeating: "x", count: 5000), #"{"jsonrpc":"2.0","id":1,"method":"echo"}"#],
            ["null: -32000 message.tooLarge", "1: null"]
        ),
        (["[" + Array(repeating: "1", count: 101).joined(separator: ",") + "]"], ["null: -32000 limit.exceeded"]),
    ]

    @Test("Each text has its answer, in both framings", arguments: table)
    func conversations(texts: [String], expected: [String]) throws {
        var configuration = Connection.Configuration.test
        configuration.maxMessageBytes = 4000
        configuration.maxBatch = 100
        let (output, ending) = converse([bytes(texts.joined(separator: "\n"))], configuration)
        #expect(try lines(output).map(summary).sorted() == expected.sorted())
        #expect(ending == .inputEnded)
        let (framedOutput, _) = converse([bytes(texts.map(framed).joined())], configuration)
        #expect(try unframed(framedOutput).map(summary).sorted() == expected.sorted())
    }

    @Test("Bytes that are no text are parse errors, and the next message is answered")
    func invalidBytes() throws {
        let request = bytes("\n" + #"{"jsonrpc":"2.0","id":1,"method":"echo"}"# + "\n")
        for hostile in [
            [0x7B, 0], [0xFF, 0xFE], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 1, 0x22],
        ]
            as [[UInt8]]
        {
            let (output, _) = converse([hostile + request])
            #expect(try lines(output).map(summary).sorted() == ["1: null", "null: -32700"])
        }
    }

    @Test("Input may break anywhere")
    func everyBreak() throws {
        let text = #"[{"jsonrpc":"2.0","id":1,"method":"echo","params":["é"]},7]"#
        for input in ["\u{FEFF}\r\n\(text)\r\n", framed(text)].map(bytes) {
            let (whole, _) = converse([input])
            #expect(whole.count > 100)
            let peer = Peer(.test, receive: echo)
            for byte in input { peer.write([byte]) }
            peer.finishInput()
            #expect(peer.readToEnd() == whole)
            peer.closeOutput()
            for cut in stride(from: 1, to: input.count, by: 7) {
                #expect(converse([Array(input[..<cut]), Array(input[cut...])]).output == whole)
            }
        }
    }

    @Test(
        "Half a message at the end is a parse error and an ordinary end",
        arguments: [
            #"{"jsonrpc":"2.0","#, "Content-Length: 10\r\n\r\n{", "Content-Length: 10\r\n", "Content-Le",
        ])
    func half(input: String) throws {
        let (output, ending) = converse([bytes(input)])
        let answers = input.hasPrefix("C") ? unframed(output) : lines(output)
        #expect(try answers.map(summary) == ["null: -32700"])
        #expect(ending == .inputEnded)
    }

    @Test(
        "A header that loses the boundary is told to the peer, after what was asked before it, and ends the connection")
    func framingLost() throws {
        let request = framed(#"{"jsonrpc":"2.0","id":1,"method":"echo"}"#)
        let ends = Shared(0)
        let (output, ending) = converse([bytes(request + "Content-Length: -1\r\n\r\n" + request)]) {
            connection, incoming in
            echo(connection, incoming)
            for case .inputEnded in incoming { ends.update { $0 += 1 } }
        }
        #expect(try unframed(output).map(summary).sorted() == ["1: null", "null: -32700"])
        #expect(ending == .framingLost)
        #expect(ends.value == 1)
    }

    @Test("A hundred thousand unknown methods get as many answers, in order")
    func unknownMethods() throws {
        let count = 100_000
        let input = (0..<count).map { #"{"jsonrpc":"2.0","id":\#($0),"method":"no/\#($0)"}"# }.joined(separator: "\n")
        let (output, _) = converse([bytes(input)])
        let answers = lines(output)
        #expect(answers.count == count)
        for (position, answer) in answers.enumerated()
        where !answer.contains(#""id":\#(position),"error":{"code":-32601"#) {
            Issue.record("answer \(position) is \(answer)")
        }
    }

    @Test(
        "The name of an unknown method comes back as it was written",
        arguments: ["", "a/b", #"\u00e9\"\n\\"#, "\u{1F600}"])
    func unknownName(name: String) throws {
        let (output, _) = converse([bytes(#"{"jsonrpc":"2.0","id":"\u0022","method":"\#(name)"}"#)])
        let answer = try JSONValue(parsing: output)
        let method = try JSONValue(parsing: "\"\(name)\"").string ?? "?"
        #expect(answer["id"] == "\"")
        #expect(try RPCError(answer: #require(answer["error"])) == .methodNotFound(method))
    }

    @Test("A batch of a hundred thousand is answered in one array")
    func largeBatch() throws {
        let count = 100_000
        let entries = (0..<count).map { #"{"jsonrpc":"2.0","id":\#($0),"method":"\#($0 % 2 == 0 ? "echo" : "no")"}"# }
        let (output, _) = converse([bytes("[" + entries.joined(separator: ",") + "]")])
        let answers = try JSONValue(parsing: output).array ?? []
        #expect(answers.count == count)
        #expect(Set(answers.compactMap { $0["id"]?.int }).count == count)
        #expect(answers.count { $0["result"] == .null } == count / 2)
    }

    @Test("What one read brings is handed on together and in order, and its answers leave together")
    func order() {
        let count = 80
        let peer = Peer(.test, receive: echo)
        let requests = (0..<count).map { #"{"jsonrpc":"2.0","id":\#($0),"method":"echo"}"# + "\n" }.joined()
        peer.write(requests)
        let first = peer.read(1 << 20)
        #expect(lines(first).count == count)
        peer.finishInput()
        #expect(peer.readToEnd().isEmpty)
        peer.closeOutput()
    }

    @Test("Answers of the peer arrive, errors and too large ones too")
    func responses() throws {
        var configuration = Connection.Configuration.test
        configuration.maxMessageBytes = 200
        let long = String(repeating: "x", count: 300)
        let texts = [
            #"{"jsonrpc":"2.0","id":"s1","result":{"a":1}}"#,
            #"{"jsonrpc":"2.0","id":"s2","error":{"code":5,"message":"no"}}"#,
            #"{"jsonrpc":"2.0","id":"s3","error":"what"}"#, #"{"jsonrpc":"2.0","id":"s4","result":"\#(long)"}"#,
        ]
        let seen = Shared<[String]>([])
        let (output, _) = converse([bytes(texts.joined(separator: "\n"))], configuration) { _, incoming in
            for case .response(.string(let id), let result) in incoming {
                switch result {
                case .success(let value): seen.update { $0.append("\(id) \(value)") }
                case .failure(let error): seen.update { $0.append("\(id) \(error.code)") }
                }
            }
        }
        #expect(output.isEmpty)
        #expect(seen.value == [#"s1 {"a":1}"#, "s2 5", "s3 -32603", "s4 -32000"])
    }
}

/// The texts of a framed output.
func unframed(_ output: [UInt8]) -> [String] {
    var decoder = FrameDecoder(maxMessageBytes: 1 << 24)
    var (rest, found) = (output[...], [String]())
    repeat {
        let count = decoder.fill { room in
            room.copyBytes(from: rest.prefix(room.count))
            return min(room.count, rest.count)
        }
        if count == 0 { decoder.finish() }
        rest = rest.dropFirst(count)
        while let frame = decoder.next() {
            guard case .message(let range) = frame else { return found + ["\(frame)"] }
            found.append(String(decoding: decoder.bytes(range), as: UTF8.self))
        }
        if count == 0 { return found }
    } while true
}
