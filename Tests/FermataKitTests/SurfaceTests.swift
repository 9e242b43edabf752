import Glibc
import JSON
import Testing

/// What the library shows, as the compiler lists it. `surface.txt` has it; after a change that is meant, the test's message says
/// where the new list lies.
@Suite("The public surface")
struct SurfaceTests {
    private let symbols: [JSONValue]

    init() throws {
        var template = Array("/tmp/fermata-surface-XXXXXX".utf8CString)
        let folder = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
        defer { _ = try? Process.run("/bin/rm", ["-rf", folder], into: "/dev/null") }
        let (products, sources) = (Process.products, Self.root + "/Sources")
        #if arch(arm64)
            let target = "aarch64-unknown-linux-gnu"
        #else
            let target = "x86_64-unknown-linux-gnu"
        #endif
        let inC = ["CSystem", "CSQLite"].flatMap { room in
            [
                "-fmodule-map-file=\(products)/\(room).build/module.modulemap", "-I", "\(sources)/\(room)/include",
            ].flatMap { ["-Xcc", $0] }
        }
        let arguments =
            ["swift", "symbolgraph-extract", "-module-name", "FermataKit", "-I", products + "/Modules"] + inC + [
                "-target", target, "-minimum-access-level", "public", "-skip-synthesized-members", "-output-dir",
                folder,
            ]
        try #require(try Process.run("/usr/bin/env", arguments, into: folder + "/output") == 0)
        let text = Array(Process.text(folder + "/FermataKit.symbols.json").utf8)
        let graph = try text.withUnsafeBytes { try JSONValue(parsing: $0) }
        symbols = try #require(graph["symbols"]?.array)
    }

    private static var current: String { Process.products + "/surface.txt" }

    private static var root: String {
        #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
    }

    @Test("It is what the list says")
    func listed() throws {
        let surface = symbols.map { "\($0.path): \($0.declaration)" }.sorted().joined(separator: "\n") + "\n"
        let known = Process.text(Self.root + "/Tests/FermataKitTests/surface.txt")
        if surface != known {
            let file = fopen(Self.current, "w")
            fputs(surface, file)
            fclose(file)
        }
        #expect(surface == known, "The surface has changed; as it is now, it stands in \(Self.current).")
    }

    @Test("Every symbol is documented")
    func documented() {
        #expect(symbols.filter { $0["docComment"] == nil }.map(\.path) == [])
    }

    @Test("Its names fit on two pages of 60 lines")
    func fits() {
        let names = Dictionary(grouping: symbols.map(\.path)) { $0.split(separator: ".")[0] }
        let lines = names.map { type, paths in
            let members = paths.map { $0.dropFirst(type.count + 1) }.filter { !$0.isEmpty }
            return (type.count + members.reduce(0) { $0 + $1.count + 2 }) / 120 + 1
        }
        #expect(lines.reduce(0, +) <= 120)
    }
}

extension JSONValue {
    fileprivate var path: String {
        (self["pathComponents"]?.array ?? []).compactMap(\.string).joined(separator: ".")
    }

    fileprivate var declaration: String {
        let fragments = (self["declarationFragments"]?.array ?? []).compactMap { $0["spelling"]?.string }
        return fragments.joined().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
