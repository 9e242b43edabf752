import Dispatch
import Glibc
import JSON
import RPC
import Testing
import Threads

@testable import RPCTransport

@Suite("A peer that reads slowly, or not at all", .timeLimit(.minutes(2)))
struct BackpressureTests {
    private static var narrow: Connection.Configuration {
        var configuration = Connection.Configuration.test
        configuration.highWater = 200_000
        configuration.lowWater = 50_000
        return configuration
    }

    @Test("It holds up its own requests and nobody else, and loses nothing")
    func flood() throws {
        let (count, extra) = (50_000, 2000)
        let drained = DispatchSemaphore(value: 0)
        let isWritten = Shared(false)
        let peer = Peer(Self.narrow) { connection, incoming in
            echo(connection, incoming)
            for case .outputDrained in incoming { drained.signal() }
        }
        let isStarted = startThread {
            for id in 0..<count {
                peer.write(#"{"jsonrpc":"2.0","id":\#(id),"method":"\#(id % 3 == 0 ? "echo" : "no")"}"# + "\n")
            }
            isWritten.update { $0 = true }
            peer.finishInput()
        }
        #expect(isStarted)
        while !peer.connection.isCongested { sched_yield() }
        for number in 0..<extra { peer.connection.send { $0.notification("tick") { $0.int(number) } } }
        // What one read of requests can add beyond the mark, and what was sent just now.
        #expect(peer.connection.pendingBytes < 200_000 + 65536 * 4 + extra * 100)
        #expect(!isWritten.value)

        let output = lines(peer.readToEnd())
        #expect(output.count == count + extra)
        let messages = try output.map { try JSONValue(parsing: $0) }
        #expect(messages.filter { $0["method"] == "tick" }.compactMap { $0["params"]?.int } == Array(0..<extra))
        #expect(messages.compactMap { $0["error"] == nil ? nil : $0["id"]?.int } == (0..<count).filter { $0 % 3 != 0 })
        #expect(messages.compactMap { $0["result"] == nil ? nil : $0["id"]?.int } == (0..<count).filter { $0 % 3 == 0 })
        drained.wait()
        #expect(peer.waitForEnding() == .inputEnded)
        #expect(!peer.connection.isCongested)
        peer.closeOutput()
    }

    @Test("A turn whose answers pass the mark is no congestion while the peer takes them")
    func narrowMarks() {
        var configuration = Connection.Configuration.test
        (configuration.highWater, configuration.lowWater) = (100, 10)
        let peer = Peer(configuration, receive: echo)
        let text = String(repeating: "x", count: 5000)
        for turn in 0..<20 {
            for id in 0..<3 {
                peer.write(#"{"jsonrpc":"2.0","id":\#(turn * 3 + id),"method":"echo","params":["\#(text)"]}"# + "\n")
            }
            #expect(peer.readLines(3).count == 3)
        }
        peer.finishInput()
        peer.closeOutput()
        #expect(peer.waitForEnding() == .inputEnded)
    }

    @Test(
        "A message greater than any pipe leaves whole, and its sender does not wait",
        arguments: [1_000_000, 70_000, 5000])
    func largeMessage(size: Int) {
        let peer = Peer(.test) { _, _ in }
        let text = String(repeating: "x", count: size)
        peer.connection.send { $0.notification("large") { $0.string(text) } }
        peer.connection.send { $0.notification("small") { $0.null() } }
        let output = peer.readLines(2)
        #expect(output.map(\.utf8.count) == [size + 46, 48])
        peer.finishInput()
        peer.closeOutput()
        #expect(peer.waitForEnding() == .inputEnded)
    }

    @Test("Many threads send at once, and each one's messages keep their order")
    func concurrency() throws {
        let (senders, count) = (8, 3000)
        let peer = Peer(Self.narrow, receive: echo)
        for sender in 0..<senders {
            let isStarted = startThread {
                for number in 0..<count { peer.connection.send { $0.notification("\(sender)") { $0.int(number) } } }
            }
            #expect(isStarted)
        }
        var next = [Int](repeating: 0, count: senders)
        for line in peer.readLines(senders * count) {
            let message = try JSONValue(parsing: line)
            let sender = Int(message["method"]?.string ?? "") ?? 0
            #expect(message["params"]?.int == next[sender])
            next[sender] += 1
        }
        #expect(next == Array(repeating: count, count: senders))
        peer.finishInput()
        peer.closeOutput()
        #expect(peer.waitForEnding() == .inputEnded)
    }

    @Test("A peer that has gone is told of once, and ends no thread's work", arguments: [true, false])
    func lost(whileBlocked: Bool) {
        let lost = DispatchSemaphore(value: 0)
        let count = Shared(0)
        let peer = Peer(Self.narrow) { _, incoming in
            for case .outputLost in incoming {
                count.update { $0 += 1 }
                lost.signal()
            }
        }
        if whileBlocked {
            while !peer.connection.isCongested { peer.connection.send { $0.notification("a") { $0.null() } } }
        }
        peer.closeOutput()
        peer.connection.send { $0.notification("b") { $0.null() } }
        lost.wait()
        for _ in 0..<10_000 { peer.connection.send { $0.notification("c") { $0.null() } } }
        peer.connection.flush()
        #expect(peer.connection.pendingBytes == 0)
        #expect(!peer.connection.isCongested)
        peer.write(#"{"jsonrpc":"2.0","id":1,"method":"no"}"# + "\n")
        peer.finishInput()
        #expect(peer.waitForEnding() == .inputEnded)
        #expect(count.value == 1)
    }

    @Test("Flushing waits until the peer has taken all but what the pipe holds")
    func flush() {
        let peer = Peer(.test) { _, _ in }
        let text = String(repeating: "x", count: 500_000)
        peer.connection.send { $0.notification("large") { $0.string(text) } }
        let isFlushed = DispatchSemaphore(value: 0)
        let isStarted = startThread {
            peer.connection.flush()
            isFlushed.signal()
        }
        #expect(isStarted)
        #expect(peer.connection.pendingBytes > 0)
        #expect(peer.readLines(1).count == 1)
        isFlushed.wait()
        #expect(peer.connection.pendingBytes == 0)
        peer.finishInput()
        peer.closeOutput()
        #expect(peer.waitForEnding() == .inputEnded)
    }
}
