import JSON
import RPC
import Testing

@testable import RPCTransport

@Suite("Replies", .timeLimit(.minutes(2)))
struct ReplyTests {
    @Test("An id is refused while its request is unanswered, and free once it is answered")
    func duplicates() throws {
        let waiting = Shared<[Reply]>([])
        let peer = Peer(.test) { _, incoming in
            for case .request(let method, _, let reply) in incoming {
                if method == "wait" { waiting.update { $0.append(reply) } } else { reply.succeed(JSONValue("free")) }
            }
        }
        let (wait, free) = (request(1, "wait"), request(1, "echo"))
        peer.write([wait, free, wait, ""].joined(separator: "\n"))
        #expect(try peer.readLines(2).map(summary) == Array(repeating: "1: -32000 request.duplicateId", count: 2))
        #expect(waiting.value.count == 1)
        waiting.value[0].succeed(JSONValue("first"))
        #expect(try peer.readLines(1).map(summary) == [#"1: "first""#])
        peer.write(free + "\n")
        #expect(try peer.readLines(1).map(summary) == [#"1: "free""#])
        peer.write(request("1", "echo") + "\n")
        #expect(try peer.readLines(1).map(summary) == [#""1": "free""#])
        peer.finishInput()
        #expect(peer.readToEnd().isEmpty)
        peer.closeOutput()
    }

    @Test("A dropped reply answers with an internal error, also within a batch")
    func dropped() throws {
        let (output, _) = converse([
            bytes(request(1, "wait") + "\n[" + request(2, "wait") + "," + request(3, "echo") + "]")
        ]) {
            _, incoming in
            for case .request("echo", _, let reply) in incoming { reply.succeed(JSONValue(true)) }
        }
        let found = try lines(output).map(summary)
        #expect(found.contains("1: -32603"))
        #expect(found.contains("[3: true, 2: -32603]"))
        #expect(found.count == 2)
    }

    @Test("A second answer stops the program")
    func twice() async {
        await #expect(processExitsWith: .failure) {
            _ = converse([bytes(request(1, "echo"))]) { _, incoming in
                for case .request(_, _, let reply) in incoming {
                    reply.succeed(JSONValue(1))
                    reply.succeed(JSONValue(2))
                }
            }
        }
    }

    @Test("Within a batch a request must not wait, and its answers come together with the last")
    func batch() throws {
        let waiting = Shared<[Reply]>([])
        let (input, single) = ("[" + request(1, "wait") + "," + request(2, "wait") + "]\n", request(3, "wait"))
        let peer = Peer(.test) { connection, incoming in
            for case .request(_, _, let reply) in incoming { waiting.update { $0.append(reply) } }
            if case .inputEnded? = incoming.last { return }
            if waiting.value.count == 3 { connection.send { $0.notification("ready") { $0.null() } } }
        }
        peer.write(input + single + "\n")
        #expect(peer.readLines(1) == [#"{"jsonrpc":"2.0","method":"ready","params":null}"#])
        let replies = waiting.value
        #expect(replies.map(\.mayWait) == [false, false, true])
        #expect(replies.map(\.id) == [1, 2, 3])
        replies[1].succeed(JSONValue("b"))
        replies[2].fail(.requestCancelled)
        #expect(try peer.readLines(1).map(summary) == ["3: -32800"])
        replies[0].succeed(JSONValue("a"))
        #expect(try peer.readLines(1).map(summary) == [#"[2: "b", 1: "a"]"#])
        peer.finishInput()
        #expect(peer.readToEnd().isEmpty)
        peer.closeOutput()
    }

    @Test(
        "What is put into one outgoing batch leaves in its order, when it is sent and not before",
        arguments: [true, false])
    func outgoing(isFramed: Bool) throws {
        let waiting = Shared<[Reply]>([])
        let hasAnswered = Shared(false)
        let peer = Peer(.test) { connection, incoming in
            for case .request(_, _, let reply) in incoming { waiting.update { $0.append(reply) } }
            guard let reply = waiting.value.first, !hasAnswered.value else { return }
            hasAnswered.update { $0 = true }
            var batch = connection.makeBatch()
            #expect(batch.isEmpty)
            batch.succeed(reply) { $0.string("done\n") }
            batch.notification("run/completed") { $0.value(["seq": 1]) }
            batch.request("s-1", "step/execute") { $0.value([]) }
            #expect(batch.byteCount > 0)
            connection.send { $0.notification("earlier") { $0.null() } }
            connection.send(batch)
        }
        let input = request(1, "wait")
        peer.write(isFramed ? framed(input) : input)
        peer.finishInput()
        let output = peer.readToEnd()
        #expect(
            (isFramed ? unframed(output) : lines(output)) == [
                #"{"jsonrpc":"2.0","method":"earlier","params":null}"#, #"{"jsonrpc":"2.0","id":1,"result":"done\n"}"#,
                #"{"jsonrpc":"2.0","method":"run/completed","params":{"seq":1}}"#,
                #"{"jsonrpc":"2.0","id":"s-1","method":"step/execute","params":[]}"#,
            ])
        peer.closeOutput()
    }
}

private func request(_ id: JSONValue, _ method: String) -> String {
    #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)"}"#
}
