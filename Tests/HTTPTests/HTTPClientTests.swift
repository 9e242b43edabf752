import Glibc
import HTTP
import LoopbackServer
import Testing
import Threads

/// Keeps what a transfer tells.
private final class Recorder: HTTPListener {
    struct Story: Sendable {
        var head: HTTPHead?
        var body = ""
        var isOver = false
        var failure: HTTPFailure?
    }

    let story = Monitor(Story())

    func began(_ head: HTTPHead) { change { $0.head = head } }

    func received(_ bytes: UnsafeRawBufferPointer) {
        let text = String(decoding: bytes, as: UTF8.self)
        change { $0.body += text }
    }

    func ended(_ failure: HTTPFailure?) {
        change {
            $0.failure = failure
            $0.isOver = true
        }
    }

    private func change(_ body: (inout Story) -> Void) {
        story.withLock(body)
        story.announce()
    }

    /// Its story, when it is over.
    var whole: Story {
        story.wait { $0.isOver }
        return story.withLock { $0 }
    }
}

@Suite("HTTP by the system's libcurl", .enabled(if: HTTPClient.obstacle == nil, "there is no libcurl here"))
struct HTTPClientTests {
    private let client = HTTPClient()

    private func send(_ request: HTTPRequest) -> Recorder {
        let recorder = Recorder()
        client.start(request, recorder)
        return recorder
    }

    @Test("A request's headers and body arrive, and the answer's come back")
    func exchange() {
        let server = LoopbackServer { exchange in
            exchange.begin(201, ["X-Answer: first", "Content-Type: text/plain"])
            exchange.send("hello ")
            exchange.send("world")
        }
        var request = HTTPRequest(url: server.url + "/path?q=1")
        request.headers = [("x-question", "why"), ("content-type", "application/json")]
        request.body = Array("{\"a\":\"ü\"}".utf8)
        let story = send(request).whole
        #expect(story.failure == nil)
        #expect(story.head?.status == 201)
        #expect(story.head?.headers["x-answer"] == "first")
        #expect(story.body == "hello world")
        #expect(server.requests[0].hasPrefix("POST /path?q=1 HTTP/1.1\r\n"))
        #expect(server.requests[0].contains("x-question: why\r\n"))
        #expect(server.requests[0].hasSuffix("\r\n\r\n{\"a\":\"ü\"}"))
    }

    @Test("The body comes as it is sent, not when it has ended")
    func streaming() {
        let mayEnd = Monitor(false)
        let server = LoopbackServer { exchange in
            exchange.begin()
            exchange.send("first")
            mayEnd.wait { $0 }
            exchange.send(", last")
        }
        let recorder = send(HTTPRequest(url: server.url))
        recorder.story.wait { $0.body == "first" }
        mayEnd.withLock { $0 = true }
        mayEnd.announce()
        #expect(recorder.whole.body == "first, last")
    }

    @Test("A server that says nothing is given up, before the first byte and after it")
    func silence() {
        let server = LoopbackServer { exchange in
            if exchange.request.hasPrefix("GET /late") { exchange.begin() }
            if exchange.request.hasPrefix("GET /late") { exchange.send("some") }
            exchange.waitForClose()
        }
        var request = HTTPRequest(url: server.url + "/never")
        request.connectTimeout = .milliseconds(100)
        request.firstByteTimeout = .milliseconds(100)
        request.silenceTimeout = .milliseconds(100)
        let never = send(request)
        request.url = server.url + "/late"
        let late = send(request)
        #expect(never.whole.failure?.kind == .timedOut)
        #expect(never.whole.head == nil)
        #expect(late.whole.failure?.kind == .timedOut)
        #expect(late.whole.body == "some")
    }

    @Test("A connection that breaks, and one that never was, are told apart")
    func broken() {
        let server = LoopbackServer { exchange in
            exchange.begin(200, ["Content-Length: 100"])
            exchange.send("some")
            exchange.breakOff()
        }
        let cut = send(HTTPRequest(url: server.url)).whole
        #expect(cut.failure?.kind == .interrupted)
        // Nobody listens on this port.
        #expect(send(HTTPRequest(url: "http://127.0.0.1:1/")).whole.failure?.kind == .unreachable)
    }

    @Test(
        "What is no answer of HTTP is told from no answer", arguments: ["\0\u{1} hello\r\n\r\n", "SSH-2.0-x\r\n", "{}"])
    func garbled(text: String) {
        let server = LoopbackServer { $0.send(text) }
        #expect(send(HTTPRequest(url: server.url)).whole.failure?.kind == .garbled)
    }

    @Test("A head is told though its body never comes")
    func headless() {
        let server = LoopbackServer { $0.begin(429, ["Content-Length: 10", "Retry-After: 7"]) }
        let story = send(HTTPRequest(url: server.url)).whole
        #expect(story.head?.headers["retry-after"] == "7")
        #expect(story.failure?.kind == .interrupted)
    }

    @Test(
        "Nothing but HTTP is spoken", arguments: ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://x", "nonsense:"])
    func schemes(url: String) {
        let story = send(HTTPRequest(url: url)).whole
        #expect(story.failure != nil)
        #expect(story.body.isEmpty)
    }

    @Test("A redirect is told, and not followed")
    func redirects() {
        let server = LoopbackServer { $0.begin(302, ["Location: /elsewhere"]) }
        #expect(send(HTTPRequest(url: server.url)).whole.head?.status == 302)
        #expect(server.requests.count == 1)
    }

    @Test("What is cancelled is closed, and says nothing more")
    func cancelling() {
        let isClosed = Monitor(false)
        let server = LoopbackServer { exchange in
            exchange.begin()
            exchange.send("first")
            exchange.waitForClose()
            isClosed.withLock { $0 = true }
            isClosed.announce()
        }
        let recorder = Recorder()
        let transfer = client.start(HTTPRequest(url: server.url), recorder)!
        recorder.story.wait { $0.body == "first" }
        client.cancel(transfer)
        isClosed.wait { $0 }
        #expect(!recorder.story.withLock { $0.isOver })
    }

    @Test("Many at once do not wait for each other")
    func many() {
        let arrived = Monitor(0)
        let server = LoopbackServer { exchange in
            arrived.withLock { $0 += 1 }
            arrived.announce()
            arrived.wait { $0 == 20 }
            exchange.begin()
            exchange.send("all are here")
        }
        let recorders = (1...20).map { _ in send(HTTPRequest(url: server.url)) }
        for recorder in recorders { #expect(recorder.whole.body == "all are here") }
    }
}
