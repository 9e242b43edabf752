import Glibc
import HTTP
import JSON
import LoopbackServer
import Synchronization
import Testing
import WorkflowEngine
import WorkflowModel

@testable import Agents

@Suite("A model's service that refuses", .enabled(if: HTTPClient.obstacle == nil, "there is no libcurl here"))
struct RefusalTests {
    private static let error: JSONValue = ["error": ["type": "whatever", "message": "So it is."]]

    @Test(
        "Each status has its kind, and says whether another attempt may do better",
        arguments: [
            (400, "model.badRequest", false), (401, "model.unauthorized", false), (403, "model.unauthorized", false),
            (404, "model.badRequest", false), (413, "model.badRequest", false), (500, "model.unavailable", true),
            (502, "model.unavailable", true),
        ])
    func statuses(status: Int, kind: String, isRetryable: Bool) throws {
        let bench = ProviderBench({ .openAI($0, $1) }) { exchange in
            exchange.begin(status)
            exchange.send(Self.error.serialized())
        }
        bench.ask()
        let failure = try bench.failure()
        #expect(failure.kind == kind)
        #expect(failure.isRetryable == isRetryable)
        #expect(failure.message == "The model's service answered with status \(status): So it is.")
        #expect(bench.server.requests.count == 1)
    }

    @Test("A service that is busy is asked again when it says, five times", arguments: [429, 503, 529])
    func busy(status: Int) throws {
        let bench = ProviderBench({ .anthropic($0, $1) }) { exchange in
            exchange.begin(status, ["Retry-After: 0"])
            exchange.send(Self.error.serialized())
        }
        bench.ask()
        #expect(try bench.failure().kind == (status == 429 ? "model.rateLimited" : "model.unavailable"))
        #expect(bench.server.requests.count == 6)
    }

    @Test("A service that wants to be left alone for long is, by whoever comes next")
    func patience() throws {
        let bench = ProviderBench({ .openAI($0, $1) }) { $0.begin(503, ["Retry-After: 301"]) }
        bench.ask()
        let first = try bench.failure()
        #expect(first.kind == "model.unavailable")
        #expect(
            first.message
                == "The model's service answered with status 503. (It wants to be left alone for 301 seconds)")
        bench.ask()
        let second = try bench.failure()
        #expect(second.kind == "model.rateLimited")
        #expect(second.isRetryable)
        #expect(bench.server.requests.count == 1)
    }

    @Test(
        "Whatever is written as the time to wait, it is a time or none",
        arguments: [
            ("7", 7), ("2.5", 2.5), ("0", 0), ("99999999999999999999", 1e9), ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
            ("1e30", nil), ("1e400", nil), ("inf", nil), ("nan", nil), ("-5", nil), ("0x2", nil), ("", nil),
            ("soon", nil),
        ] as [(String, Double?)])
    func wishes(header: String, seconds: Double?) {
        #expect(RetryAfter.asked(header) == seconds.map { .seconds($0) })
    }

    @Test("Half of a key is not told either")
    func halfKey() throws {
        setenv("FERMATA_TEST_KEY", "sk-secret-1", 1)
        var settings = ProviderSettings()
        settings.keyVariable = "FERMATA_TEST_KEY"
        let bench = ProviderBench({ .openAI($0, $1) }, settings: settings) { exchange in
            exchange.begin(400)
            let before = String(repeating: "x", count: 951)
            exchange.send("{\"error\":{\"message\":\"\(before)sk-secret-1 c2stc2VjcmV0LTE=\"}}")
        }
        bench.ask()
        #expect(try bench.failure().message.hasSuffix("xxx•••"))
    }

    private static let page = "<html><body>Please sign in.</body></html>"

    @Test(
        "What comes in the place of an answer is told from one that broke off",
        arguments: [
            ("text/html", page, "model.malformed"), ("text/event-stream", page, "model.malformed"),
            ("Application/JSON", "{}", "model.malformed"), ("text/plain", "[]", "model.malformed"),
            ("text/plain", "{\"error\":{\"message\":\"x\",\"code\":\"401\"}}", "model.unauthorized"),
            ("application/json", "{\"error\":{\"type\":\"authentication_error\"}}", "model.unauthorized"),
            ("text/event-stream", "data: {\"error\":{\"code\":404}}\n\n", "model.badRequest"),
            ("text/event-stream", "", "model.interrupted"),
        ])
    func others(type: String, body: String, kind: String) throws {
        let bench = ProviderBench({ .openAI($0, $1) }) { exchange in
            exchange.begin(200, ["Content-Type: \(type)"])
            exchange.send(body)
        }
        bench.ask()
        #expect(try bench.failure().kind == kind)
    }

    @Test("One that was busy is heard when it answers")
    func recovered() throws {
        let count = Mutex(0)
        let bench = ProviderBench({ .openAI($0, $1) }) { exchange in
            let isFirst = count.withLock { count in
                count += 1
                return count == 1
            }
            if isFirst { return exchange.begin(429, ["Retry-After: 0"]) }
            exchange.stream([["choices": [["delta": ["content": "here"], "finish_reason": "stop"]]]])
        }
        bench.ask()
        #expect(try bench.answer().text == "here")
    }

    @Test("A key is sent where it belongs, and nowhere told")
    func keys() throws {
        setenv("FERMATA_TEST_KEY", "sk-secret-1", 1)
        var settings = ProviderSettings()
        settings.keyVariable = "FERMATA_TEST_KEY"
        let bench = ProviderBench({ .openAI($0, $1) }, settings: settings) { exchange in
            exchange.begin(401)
            exchange.send("{\"error\":{\"message\":\"Bad key sk-secret-1, sk-secret-1!\"}}")
        }
        bench.ask()
        let failure = try bench.failure()
        #expect(bench.server.requests[0].contains("authorization: Bearer sk-secret-1\r\n"))
        #expect(failure.message.hasSuffix("Bad key •••, •••!"))
    }

    @Test("Without a key the real services are not even asked")
    func missingKey() throws {
        unsetenv("FERMATA_TEST_MISSING")
        var settings = ProviderSettings()
        settings.keyVariable = "FERMATA_TEST_MISSING"
        let bench = ProviderBench({ name, given in
            settings.headers = given.headers
            return .anthropic(name, settings)
        }) { _ in }
        bench.ask()
        let failure = try bench.failure()
        #expect(failure.kind == "model.unauthorized")
        #expect(failure.message.contains("FERMATA_TEST_MISSING"))
    }

    @Test("A turn that is no longer wanted is closed")
    func stopped() {
        let isClosed = Mutex(false)
        let bench = ProviderBench({ .openAI($0, $1) }) { exchange in
            exchange.stream([["choices": [["delta": ["content": "x"]]]]])
            exchange.waitForClose()
            isClosed.withLock { $0 = true }
        }
        bench.ask()
        guard case .text(let text)? = bench.next(), text == "x" else {
            Issue.record("There is no text.")
            return
        }
        bench.provider.stop(ProviderBench.key)
        while !isClosed.withLock({ $0 }) { sched_yield() }
    }
}
