import Glibc
import JSON
import Testing

/// What the compiler says that modules show.
struct SymbolGraph {
    struct Symbol {
        let id: String
        let path: [String]
        let kind: String
        let declaration: String
        let isDocumented: Bool
        /// The file, without its ending, and the line.
        let place: (file: String, line: Int)

        var name: String { path.last ?? "" }
        var owner: String { path.dropLast().joined(separator: ".") }
        var isType: Bool { ["swift.struct", "swift.enum", "swift.class", "swift.protocol"].contains(kind) }
    }

    private(set) var symbols: [Symbol] = []
    /// The names of protocols, by the ids of types.
    private(set) var conformances: [String: Set<String>] = [:]
    /// The requirements that extensions of protocols meet, by the ids of what meets them.
    private(set) var defaults: [String: String] = [:]

    init(of modules: [String]) throws {
        var template = Array("/tmp/fermata-surface-XXXXXX".utf8CString)
        let folder = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
        defer { _ = try? Process.run("/bin/rm", ["-rf", folder], into: "/dev/null") }
        for module in modules {
            let code = try Process.run(
                "/usr/bin/env", Self.extraction(of: module, to: folder), into: folder + "/output")
            try #require(code == 0)
            for name in [module, "\(module)@FermataKit"] {
                let text = Array(Process.text("\(folder)/\(name).symbols.json").utf8)
                guard !text.isEmpty else { continue }
                try take(text.withUnsafeBytes { try JSONValue(parsing: $0) })
            }
        }
    }

    private static func extraction(of module: String, to folder: String) -> [String] {
        let (products, sources) = (Process.products, Process.root + "/Sources")
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
        return ["swift", "symbolgraph-extract", "-module-name", module, "-I", products + "/Modules"] + inC + [
            "-target", target, "-minimum-access-level", "public", "-skip-synthesized-members", "-output-dir", folder,
        ]
    }

    private mutating func take(_ graph: JSONValue) throws {
        let listed = try #require(graph["symbols"]?.array)
        let known = Dictionary(
            uniqueKeysWithValues: listed.map { ($0["identifier"]?["precise"]?.string ?? "", $0.path) })
        symbols += listed.map { symbol in
            Symbol(
                id: symbol["identifier"]?["precise"]?.string ?? "", path: symbol.path,
                kind: symbol["kind"]?["identifier"]?.string ?? "", declaration: symbol.declaration,
                isDocumented: symbol["docComment"] != nil, place: symbol.place)
        }
        for relation in graph["relationships"]?.array ?? [] {
            guard let source = relation["source"]?.string, let target = relation["target"]?.string else { continue }
            switch relation["kind"]?.string {
            case "conformsTo":
                let name = relation["targetFallback"]?.string ?? known[target]?.last ?? ""
                conformances[source, default: []].insert(name.split(separator: ".").last.map { String($0) } ?? "")
            case "defaultImplementationOf": defaults[source] = target
            default: break
            }
        }
    }
}

extension JSONValue {
    fileprivate var path: [String] { (self["pathComponents"]?.array ?? []).compactMap(\.string) }

    fileprivate var place: (file: String, line: Int) {
        let file = self["location"]?["uri"]?.string ?? ""
        let line = self["location"]?["position"]?["line"]?.number?.int ?? 0
        return (file.hasSuffix(".swift") ? String(file.dropLast(6)) : file, line)
    }

    /// As one writes it who calls it: a parameter with a label has that name alone.
    fileprivate var declaration: String {
        var words: [String] = []
        var label: String?
        for fragment in self["declarationFragments"]?.array ?? [] {
            let spelling = fragment["spelling"]?.string ?? ""
            switch fragment["kind"]?.string {
            case "externalParam": label = spelling
            case "internalParam" where label != nil && label != "_":
                words.removeLast()
                continue
            default: break
            }
            words.append(spelling)
        }
        let text = words.joined().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return text.replacing("Self.", with: "").replacing(" : ", with: ": ")
    }
}
