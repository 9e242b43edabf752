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
        var events = ServerSentEvents()
        var reading: any AnswerReading
        /// The body of an answer that is no stream.
        var body: [UInt8] = []
        var hasText = false
        var failure: Failure?

        var isStream: Bool {
            guard let head, head.status == 200 else { return false }
            // Who does not say sends what was asked for.
            return !(head.headers["content-type"] ?? "").hasPrefix("application/json")
        }
    }

    private static let mostBytes = 16 << 20

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
            guard state.isStream else {
                if state.body.count < Self.mostBytes { state.body.append(contentsOf: bytes) }
                return
            }
            guard state.failure == nil else { return }
            // What comes at once is told at once.
            var text = ""
            do throws(Failure) {
                guard let events = state.events.feed(bytes) else {
                    throw .malformed("The model's service sent an event that is too large.")
                }
                for event in events where !event.data.elementsEqual("[DONE]".utf8) {
                    guard let event = try? JSONValue(parsing: event.data) else {
                        throw .malformed("The model's service sent an event that is no JSON.")
                    }
                    // The reading, which has all of the text, is changed where it is: a copy would cost as much.
                    text += try state.reading.take(event) ?? ""
                }
            } catch {
                state.failure = error
            }
            say(text, after: state.reading.takeThoughts(), &state)
        }
    }

    private func say(_ text: String, after thoughts: String, _ state: inout State) {
        state.hasText = state.hasText || !text.isEmpty || !thoughts.isEmpty
        if !thoughts.isEmpty { call.reporter.report(.thinking(thoughts)) }
        if !text.isEmpty { call.reporter.report(.text(text)) }
    }

    func ended(_ failure: HTTPFailure?) {
        state.withLock { state in
            do throws(Failure) {
                if let failure = state.failure { throw failure }
                if let failure { throw Failure(failure, hasBegun: state.head != nil) }
                guard let head = state.head, head.status == 200 else { throw Self.refusal(state) }
                if !state.isStream {
                    let text = try Self.readWhole(&state) ?? ""
                    say(text, after: state.reading.takeThoughts(), &state)
                }
                guard var answer = try state.reading.answer() else {
                    throw Failure(
                        kind: "model.interrupted", message: "The model's service ended its answer in the midst of it.")
                }
                if let prices = call.prices { answer.usage.costMicros = prices.micros(answer.usage) }
                calls.ended(call.reporter.key)
                call.reporter.report(.answered(answer))
            } catch {
                fail(error, state)
            }
        }
    }

    private static func readWhole(_ state: inout State) throws(Failure) -> String? {
        guard let answer = try? JSONValue(parsing: state.body) else {
            throw .malformed("The model's service sent an answer that is no JSON.")
        }
        return try state.reading.take(whole: answer)
    }

    private static func refusal(_ state: State) -> Failure {
        let text = String(decoding: state.body, as: UTF8.self)
        return Failure(service: (try? JSONValue(parsing: state.body)) ?? .string(text), status: state.head?.status)
    }

    /// A service that is busy is asked again when it says so; what is streamed already cannot be taken back.
    private func fail(_ failure: Failure, _ state: State) {
        let isBusy = failure.kind == "model.rateLimited" || state.head?.headers["retry-after"] != nil
        if isBusy, failure.isRetryable, !state.hasText, call.retries < ModelCall.mostRetries {
            let delay = RetryAfter.delay(state.head?.headers["retry-after"], retries: call.retries)
            return calls.retry(call, after: delay)
        }
        var failure = failure
        if let mask = SecretMask(call.secret.map { [$0] } ?? []) { failure.message = mask.hide(failure.message) }
        calls.ended(call.reporter.key)
        call.reporter.report(.failed(failure))
    }
}

extension Failure {
    /// What a service said instead of an answer: `{error: {type, message}}` mostly.
    init(service body: JSONValue, status: Int?) {
        let said = body["error"]?["message"]?.string ?? body["error"]?.string ?? body["message"]?.string ?? body.string
        let type = body["error"]?["type"]?.string
        let (kind, isRetryable): (String, Bool) =
            switch status ?? Self.status(of: type) {
            case 401, 403: ("model.unauthorized", false)
            case 429: ("model.rateLimited", true)
            case 408, 409, 425, 500...: ("model.unavailable", true)
            default: ("model.badRequest", false)
            }
        let place = status.map { "answered with status \($0)" } ?? "broke off"
        let reason = said.map { ": \($0.prefix(1000))" } ?? "."
        self.init(kind: kind, message: "The model's service \(place)\(reason)", isRetryable: isRetryable)
    }

    /// The status that an error within a stream would have had at its start.
    private static func status(of type: String?) -> Int {
        switch type {
        case "authentication_error", "permission_error": 401
        case "rate_limit_error": 429
        case "invalid_request_error", "not_found_error", "request_too_large": 400
        default: 500
        }
    }

    fileprivate init(_ failure: HTTPFailure, hasBegun: Bool) {
        let (kind, isRetryable): (String, Bool) =
            switch failure.kind {
            case .invalid: ("model.badRequest", false)
            case .unreachable: ("model.unavailable", true)
            case .interrupted: (hasBegun ? "model.interrupted" : "model.unavailable", true)
            case .timedOut: ("model.timedOut", true)
            }
        let place = failure.kind == .interrupted || failure.kind == .timedOut ? "fell silent" : "cannot be reached"
        self.init(kind: kind, message: "The model's service \(place): \(failure.message)", isRetryable: isRetryable)
    }
}
