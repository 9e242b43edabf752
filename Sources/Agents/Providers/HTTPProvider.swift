import Glibc
import HTTP
import JSON
import Synchronization
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
            request: request, dialect: dialect, prices: settings.prices[turn.model], secret: key, reporter: reporter)
        guard !calls.start(call) else { return }
        reporter.report(.failed(unreachable("there is no thread for it")))
    }

    package func stop(_ key: AttemptKey) {
        calls.stop(key)
    }
}

/// A turn that is asked for: all that another try needs.
struct ModelCall: Sendable {
    /// How often a service that is busy is asked again.
    static let mostRetries = 5

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
    private let client = HTTPClient()
    private let transfers = Mutex<[AttemptKey: HTTPTransfer]>([:])

    /// False where nothing can be asked.
    func start(_ call: ModelCall) -> Bool {
        let key = call.reporter.key
        return transfers.withLock { transfers in
            transfers[key] = client.start(call.request, ModelExchange(call, in: self))
            return transfers[key] != nil
        }
    }

    /// Asks once more, unless the turn is no longer wanted.
    func retry(_ call: ModelCall, after delay: Duration) {
        var call = call
        call.retries += 1
        call.request.delay = delay
        let key = call.reporter.key
        transfers.withLock { transfers in
            guard transfers[key] != nil else { return }
            transfers[key] = client.start(call.request, ModelExchange(call, in: self))
        }
    }

    func ended(_ key: AttemptKey) {
        transfers.withLock { $0[key] = nil }
    }

    func stop(_ key: AttemptKey) {
        if let transfer = transfers.withLock({ $0.removeValue(forKey: key) }) { client.cancel(transfer) }
    }
}
