import Glibc
import Testing

/// What the libraries show, as the compiler tells it. `surface.txt` has it; after a change that is meant, the test's message says
/// where the new list lies.
@Suite("The public surface")
struct SurfaceTests {
    private let graph: SymbolGraph

    init() throws {
        graph = try SymbolGraph(of: ["FermataKit", "FermataTesting"])
    }

    @Test("It is what the list says")
    func listed() throws {
        let surface = SurfaceList(graph).lines.joined(separator: "\n") + "\n"
        let known = Process.text(Process.root + "/Tests/FermataKitTests/Surface/surface.txt")
        let current = Process.products + "/surface.txt"
        if surface != known {
            let file = fopen(current, "w")
            fputs(surface, file)
            fclose(file)
        }
        #expect(surface == known, "The surface has changed; as it is now, it stands in \(current).")
    }

    @Test("Every symbol is documented")
    func documented() {
        #expect(graph.symbols.filter { !$0.isDocumented }.map { $0.path.joined(separator: ".") } == [])
    }

    @Test("Every symbol stands in the list by its name, but what a conformance brings")
    func whole() {
        let text = SurfaceList(graph).lines.joined(separator: " ")
        let told = Set(SurfaceList.requirements.values.joined())
        for symbol in graph.symbols where !told.contains(symbol.name) {
            let name = symbol.name.prefix { $0 != "(" }
            #expect(text.contains(name), "\(symbol.path)")
        }
    }

    @Test("Everything is Sendable, as the list says")
    func sendable() {
        for symbol in graph.symbols {
            let escaping = symbol.declaration.ranges(of: "@escaping").count
            #expect(escaping == symbol.declaration.ranges(of: "@escaping @Sendable").count, "\(symbol.path)")
            guard symbol.isType, !symbol.declaration.hasPrefix("@resultBuilder") else { continue }
            #expect(graph.conformances[symbol.id]?.contains("Sendable") == true, "\(symbol.path)")
        }
    }

    @Test("It fits on two pages of 65 lines, 120 characters wide")
    func fits() {
        let lines = SurfaceList(graph).lines
        #expect(lines.count <= 130)
        #expect(lines.allSatisfy { $0.count <= 120 })
    }
}
