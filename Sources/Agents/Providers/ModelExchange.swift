import HTTP
import JSON
import Secrets
import Synchronization
import WorkflowEngine
import WorkflowModel

/// One request to a model's service, and its answer as it comes.
final class ModelExchange: HTTPListener {
    private struct State: Sendable {
        var head: HTTPHead?
        /// Nil before the first byte of the body.
        var isStream: Bool?
        var events = ServerSentEvents()
        var reading: any AnswerReading
        /// The body of an answer that is no stream.
        var body: [UInt8] = []
        var hasText = false
        /// Whether it was told how the turn ended: what comes after that says nothing.
        var isOver = false

        var isRefused: Bool { !(200..<300).contains(head?.status ?? 200) }
    }

    private static let mostBytes = 16 << 20
    /// How much of what a service says instead of an answer is told.
    private static let mostCharacters = 1000

    private let call: ModelCall
    private let calls: ModelCalls
    private let state: Mutex<State>

    init(_ call: ModelCall, in calls: ModelCalls) {
        self.call = call
        self.calls = calls
        state = Mutex(State(reading: call.dialect.makeReading()))
    }

    func began(_ head: HTTPHead) {
        state.withLock { $0.head = head }
    }

    func received(_ bytes: UnsafeRawBufferPointer) {
        state.withLock { state in
            guard !state.isOver else { return }
            let isStream = state.isStream ?? (!state.isRefused && Self.isStream(bytes, state.head))
            state.isStream = isStream
            guard isStream else {
                if state.body.count < Self.mostBytes { state.body.append(contentsOf: bytes) }
                return
            }
            // What comes at once is told at once.
            var (text, isWhole) = ("", false)
            do throws(Failure) {
                isWhole = try read(bytes, &text, &state)
                say(text, &state)
            } catch {
                say(text, &state)
                return fail(error, &state)
            }
            if isWhole { answer(&state) }
        }
    }

    func ended(_ failure: HTTPFailure?) {
        state.withLock { state in
            guard !state.isOver else { return }
            do throws(Failure) {
                if state.isRefused { throw refusal(state) }
                if let failure { throw Failure(failure, hasBegun: state.head != nil) }
                if state.isStream == false { say(try Self.readWhole(&state), &state) }
            } catch {
                return fail(error, &state)
            }
            answer(&state)
        }
    }

    /// A server that does not stream says so, or it shows; so does one that shows a page in the place of an answer. Who does
    /// not say sends what was asked for.
    private static func isStream(_ bytes: UnsafeRawBufferPointer, _ head: HTTPHead?) -> Bool {
        if head?.headers["content-type"]?.lowercased().hasPrefix("application/json") ?? false { return false }
        let first = bytes.first { $0 > UInt8(ascii: " ") }
        return first.map { !"{[<".utf8.contains($0) } ?? true
    }

    /// True when the answer is whole: some servers keep the connection open after that, or break it off.
    private func read(
        _ bytes: UnsafeRawBufferPointer, _ text: inout String, _ state: inout State
    ) throws(Failure) -> Bool {
        guard let events = state.events.feed(bytes) else {
            throw .malformed("The model's service sent an event that is too large.")
        }
        for event in events {
            if event.data.elementsEqual("[DONE]".utf8) { return true }
            guard let event = try? JSONValue(parsing: event.data) else {
                throw .malformed("The model's service sent an event that is no JSON.")
            }
            // The reading, which has all of the text, is changed where it is: a copy would cost as much.
            text += try state.reading.take(event) ?? ""
            if state.reading.isOver { return true }
        }
        return false
    }

    private func say(_ text: String, _ state: inout State) {
        let thoughts = state.reading.takeThoughts()
        state.hasText = state.hasText || !text.isEmpty || !thoughts.isEmpty
        if !thoughts.isEmpty { call.reporter.report(.thinking(thoughts)) }
        if !text.isEmpty { call.reporter.report(.text(text)) }
    }

    private static func readWhole(_ state: inout State) throws(Failure) -> String {
        guard let answer = try? JSONValue(parsing: state.body) else {
            throw .malformed("The model's service sent an answer that is no JSON.")
        }
        guard let text = try state.reading.take(whole: answer) else {
            throw .malformed("The model's service sent JSON that is no answer of its API.")
        }
        return text
    }

    private func refusal(_ state: State) -> Failure {
        let text = String(decoding: state.body, as: UTF8.self)
        return Failure(service: (try? JSONValue(parsing: state.body)) ?? .string(text), status: state.head?.status)
    }

    /// Nothing more will come of it.
    private func answer(_ state: inout State) {
        do throws(Failure) {
            guard var answer = try state.reading.answer() else {
                throw Failure(
                    kind: "model.interrupted", message: "The model's service ended its answer in the midst of it.")
            }
            if let prices = call.prices { answer.usage.costMicros = prices.micros(answer.usage) }
            state.isOver = true
            calls.ended(call.reporter.key)
            call.reporter.report(.answered(answer))
        } catch {
            fail(error, &state)
        }
    }

    /// A service that is busy is asked again when it says so; what is streamed already cannot be taken back.
    private func fail(_ failure: Failure, _ state: inout State) {
        state.isOver = true
        var failure = failure
        let wish = failure.isRetryable ? RetryAfter.asked(state.head?.headers["retry-after"]) : nil
        if let wish { calls.leave(call.model, alone: wish) }
        let isPatient = (wish ?? .zero) <= RetryAfter.most
        if failure.kind == "model.rateLimited" || wish != nil, failure.isRetryable, !state.hasText, isPatient,
            call.retries < ModelCall.mostRetries
        {
            return calls.retry(call, after: wish ?? RetryAfter.backoff(retries: call.retries))
        }
        if let mask = SecretMask(call.secret.map { [$0] } ?? [], inBase64: true) {
            failure.message = mask.hide(failure.message)
        }
        // Only now: half of a key would not be known as one.
        failure.message = String(failure.message.prefix(Self.mostCharacters))
        if let wish, !isPatient { failure.message += " (It" + RetryAfter.wish(wish) + ")" }
        calls.stop(call.reporter.key)
        call.reporter.report(.failed(failure))
    }
}

extension Failure {
    /// What a service said instead of an answer: `{error: {type, message}}` mostly.
    init(service body: JSONValue, status: Int?) {
        let said = body["error"]?["message"]?.string ?? body["error"]?.string ?? body["message"]?.string ?? body.string
        let (kind, isRetryable): (String, Bool) =
            switch status ?? Self.status(of: body["error"]) {
            case 401, 403: ("model.unauthorized", false)
            case 429: ("model.rateLimited", true)
            case 408, 409, 425, 500...: ("model.unavailable", true)
            default: ("model.badRequest", false)
            }
        let place = status.map { "answered with status \($0)" } ?? "broke off"
        let reason = said.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? "."
        self.init(kind: kind, message: "The model's service \(place)\(reason)", isRetryable: isRetryable)
    }

    /// The status that an error within a stream would have had at its start. Proxies say it, as a number or a text.
    private static func status(of error: JSONValue?) -> Int {
        let said = error?["code"].flatMap { $0.int ?? $0.string.flatMap { Int($0) } }
        if let said, (400..<600).contains(said) { return said }
        for type in [error?["type"]?.string, error?["code"]?.string] {
            switch type {
            case "authentication_error", "permission_error", "invalid_api_key": return 401
            case "rate_limit_error", "rate_limit_exceeded", "insufficient_quota": return 429
            case "invalid_request_error", "not_found_error", "request_too_large": return 400
            default: continue
            }
        }
        return 500
    }

    fileprivate init(_ failure: HTTPFailure, hasBegun: Bool) {
        let (kind, isRetryable): (String, Bool) =
            switch failure.kind {
            case .invalid: ("model.badRequest", false)
            case .unreachable: ("model.unavailable", true)
            case .interrupted: (hasBegun ? "model.interrupted" : "model.unavailable", true)
            case .timedOut: ("model.timedOut", true)
            case .garbled: ("model.malformed", true)
            }
        let place =
            switch failure.kind {
            case .invalid, .unreachable: "cannot be reached"
            case .interrupted: "broke off"
            case .timedOut: "fell silent"
            case .garbled: "does not speak HTTP"
            }
        self.init(kind: kind, message: "The model's service \(place): \(failure.message)", isRetryable: isRetryable)
    }
}
