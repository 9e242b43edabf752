/// A durable workflow, written as a type.
///
/// `execute` is an ordinary function whose steps are durable. When anything is killed it is called again from its beginning, and each step
/// that is recorded gives at once what it left. So between its steps it must do the same whenever it gets the same: what
/// reads a clock, draws lots or asks the world belongs into a ``Context/step(_:timeout:retry:onInterrupted:_:)-swift.method``.
///
/// ```swift
/// struct Greet: Workflow {
///     func execute(_ name: String, in context: Context) async throws -> String {
///         let greeting = try await context.step("look up") { try await lookUp(name) }
///         return "\(greeting), \(name)!"
///     }
/// }
/// ```
public protocol Workflow<Input, Output>: Sendable {
    /// What a run is given. It travels as JSON.
    associatedtype Input: Codable & Sendable
    /// What a run leaves.
    associatedtype Output: Codable & Sendable

    /// What its runs go by in the store: 1 to 128 letters, digits and the marks `.` `_` `-` `/`. The type's name without a declaration.
    ///
    /// It outlives the process, and so should not change while runs of it are under way.
    static var name: String { get }

    /// The work: called once an execution, and again after each crash.
    func execute(_ input: Input, in context: Context) async throws -> Output
}

extension Workflow {
    /// The type's name, without its module's.
    public static var name: String {
        let name = "\(Self.self)"
        // A private type is called `(Deploy in _25A478)` where its name is known as the program is optimized.
        let text = name.utf8
        guard text.first == UInt8(ascii: "("), let end = text.firstIndex(of: UInt8(ascii: " ")) else { return name }
        return String(name[text.index(after: text.startIndex)..<end])
    }

    /// A run of this workflow, configured and not yet started.
    ///
    /// - Parameters:
    ///   - input: What the workflow is given.
    ///   - options: How the run is to be treated, and who is told of it.
    ///   - fermata: Where it runs.
    public func run(
        _ input: Input, options: RunOptions<Output> = RunOptions(), on fermata: Fermata = .shared
    ) -> Run<Output> {
        Run(HostedWorkflow(self), input: { try JSONCoding.encode(input) }, options, fermata)
    }
}
