/// A workflow that looks at its input, and leaves it to whoever is best at that.
public protocol RoutingWorkflow: Workflow {
    /// What a run is given.
    associatedtype Input
    /// What a run leaves.
    associatedtype Output
    /// Says which route the input takes: the key of one of ``routes``.
    func classify(_ input: Input, in context: Context) async throws -> String
    /// Where an input can go, by key.
    var routes: [String: Route<Input, Output>] { get }
}

/// One way that an input can take.
public struct Route<Input: Sendable, Output: Sendable>: Sendable {
    /// What it is for, as `classify` may tell a model.
    public var description: String
    /// When it is the right one.
    public var whenToUse: [String]
    /// Inputs that take it.
    public var examples: [String]
    /// Whether it is taken where `classify` names none that is there.
    public var isDefault: Bool
    /// What is done on it.
    let body: @Sendable (Input, Context) async throws -> Output

    /// A route with what is done on it.
    public init(
        _ description: String, whenToUse: [String] = [], examples: [String] = [], isDefault: Bool = false,
        body: @escaping @Sendable (Input, Context) async throws -> Output
    ) {
        self.description = description
        self.whenToUse = whenToUse
        self.examples = examples
        self.isDefault = isDefault
        self.body = body
    }
}

extension RoutingWorkflow {
    public func execute(_ input: Input, in context: Context) async throws -> Output {
        let key = try await context.member("classify") { try await classify(input, in: $0) }
        let routes = routes
        guard let (name, route) = routes.first(where: { $0.key == key }) ?? routes.first(where: \.value.isDefault)
        else {
            throw WorkflowFailure.misuse(
                "routing.noRoute",
                "There is no route \"\(key)\"; there are \(routes.keys.sorted().joined(separator: ", ")).")
        }
        return try await route.body(input, context.scoped(name))
    }
}
