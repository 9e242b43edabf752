import FermataKit
import Testing

private struct Greet: Workflow {
    func execute(_ name: String, in context: Context) async throws -> String {
        let greeting = try await context.step("greet") { "Hello, \(name)" }
        return try await context.step("shout") { greeting + "!" }
    }
}

@Suite("Running workflows")
struct RunningTests {
    @Test("A workflow is run, and leaves its output")
    func runs() async throws {
        let fermata = Fermata(store: .memory)
        let result = try await Greet().run("Ann", on: fermata).start().result
        #expect(result == "Hello, Ann!")
    }
}
