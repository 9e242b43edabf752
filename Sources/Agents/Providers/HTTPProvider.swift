import Glibc
import HTTP
import JSON
import Synchronization
import Threads
package import WorkflowEngine
package import WorkflowModel

/// A provider whose models are asked over HTTP.
package final class HTTPProvider: ModelProvider {
    package let name: String
    private let dialect: any ModelDialect
    private let settings: ProviderSettings
    private let baseURL: String
    private let keyVariable: String
    private let calls: ModelCalls

    package static func anthropic(_ name: String = "anthropic", _ settings: ProviderSettings = .init()) -> HTTPProvider
    {
        HTTPProvider(name, AnthropicDialect.self, settings)
    }

    package static func openAI(_ name: String = "openai", _ settings: ProviderSettings = .init()) -> HTTPProvider {
        HTTPProvider(name, OpenAIDialect.self, settings)
    }

    /// The environment variables that hold keys where the settings name no other.
    package static let keyVariables = [AnthropicDialect.defaultKeyVariable, OpenAIDialect.defaultKeyVariable]

    private init<Dialect: ModelDialect>(_ name: String, _ dialect: Dialect.Type, _ settings: ProviderSettings) {
        self.name = name
        self.dialect = Dialect()
        self.settings = settings
        baseURL = settings.baseURL ?? Dialect.defaultBaseURL
        keyVariable = settings.keyVariable ?? Dialect.defaultKeyVariable
        calls = ModelCalls()
    }

    private var key: String? {
        getenv(keyVariable).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    package var obstacle: Failure? {
        // A server of one's own may ask for no key.
        if key == nil, settings.baseURL == nil {
            let message = "The provider \"\(name)\" needs its key in the environment variable \(keyVariable)."
            return Failure(kind: "model.unauthorized", message: message, isRetryable: false)
        }
        return HTTPClient.obstacle.map(unreachable)
    }

    private func unreachable(_ reason: String) -> Failure {
        let message = "The provider \"\(name)\" cannot be asked from here: \(reason)."
        return Failure(kind: "model.unavailable", message: message, isRetryable: false)
    }

    package func generate(_ turn: ModelRequest, reporter: AttemptReporter) {
        if let obstacle { return reporter.report(.failed(obstacle)) }
        let key = key
        var request = HTTPRequest(url: baseURL + dialect.path)
        request.headers =
            [("content-type", "application/json"), ("accept", "text/event-stream")] + dialect.headers(key: key)
            + settings.headers
        request.body = Array(dialect.body(turn.work, model: turn.model, settings).serialized().utf8)
        let call = ModelCall(
            model: turn.model, request: request, dialect: dialect, prices: settings.prices[turn.model], secret: key,
            reporter: reporter)
        do throws(Failure) {
            guard try !calls.start(call) else { return }
            throw unreachable("there is no thread for it")
        } catch {
            reporter.report(.failed(error))
        }
    }

    package func stop(_ key: AttemptKey) {
        calls.stop(key)
    }
}

/// A turn that is asked for: all that another try needs.
struct ModelCall: Sendable {
    /// How often a service that is busy is asked again.
    static let mostRetries = 5

    var model: String
    var request: HTTPRequest
    var dialect: any ModelDialect
    var prices: ModelPrices?
    /// The key, which a service may echo.
    var secret: String?
    var reporter: AttemptReporter
    var retries = 0
}

/// The turns under way, by their attempts.
final class ModelCalls: Sendable {
    private struct State: Sendable {
        var transfers: [AttemptKey: HTTPTransfer] = [:]
        /// Until when models want to be left alone, whoever asks them.
        var quietUntil: [String: Instant] = [:]
    }

    private let client = HTTPClient()
    private let state = Mutex(State())

    /// Asks as soon as the model may be asked. False where nothing can be asked; fails where that is too far off.
    func start(_ call: ModelCall) throws(Failure) -> Bool {
        let quiet = state.withLock { $0.quietUntil[call.model] }.map { $0 - .now } ?? .zero
        guard quiet <= RetryAfter.most else {
            throw Failure(kind: "model.rateLimited", message: "The model's service" + RetryAfter.wish(quiet) + ".")
        }
        return send(call, after: quiet) { _ in true }
    }

    /// Asks once more, unless the turn is no longer wanted.
    func retry(_ call: ModelCall, after delay: Duration) {
        var call = call
        call.retries += 1
        _ = send(call, after: delay) { $0 != nil }
    }

    /// A model is not asked before so much time has passed, for this turn or another.
    func leave(_ model: String, alone time: Duration) {
        state.withLock { $0.quietUntil[model] = .now + time }
    }

    /// The turn has its end; what is still on its way is of no use.
    func stop(_ key: AttemptKey) {
        if let transfer = state.withLock({ $0.transfers.removeValue(forKey: key) }) { client.cancel(transfer) }
    }

    /// The turn has its end, and its connection may come to its own.
    func ended(_ key: AttemptKey) {
        state.withLock { $0.transfers[key] = nil }
    }

    private func send(
        _ call: ModelCall, after delay: Duration, if isWanted: (HTTPTransfer?) -> Bool
    ) -> Bool {
        var call = call
        call.request.delay = max(delay, .zero)
        let key = call.reporter.key
        return state.withLock { state in
            guard isWanted(state.transfers[key]) else { return false }
            if let earlier = state.transfers[key] { client.cancel(earlier) }
            state.transfers[key] = client.start(call.request, ModelExchange(call, in: self))
            return state.transfers[key] != nil
        }
    }
}
