/// All that a user can write, as two pages to read. How it is written stands in its first lines.
struct SurfaceList {
    private let graph: SymbolGraph
    private let types: [SymbolGraph.Symbol]
    private let members: [String: [SymbolGraph.Symbol]]
    /// The requirements that their own protocol meets; a protocol that refines it does not count.
    private let defaulted: Set<String>

    init(_ graph: SymbolGraph) {
        self.graph = graph
        types = graph.symbols.filter(\.isType).sorted { ($0.chapter, $0.title) < ($1.chapter, $1.title) }
        let ordered = graph.symbols.filter { !$0.isType }.sorted { $0.place < $1.place }
        members = Dictionary(grouping: ordered, by: \.owner)
        let owners = Dictionary(uniqueKeysWithValues: graph.symbols.map { ($0.id, $0.owner) })
        defaulted = Set(graph.defaults.filter { owners[$0.key] == owners[$0.value] }.values)
    }

    private static let key = """
        // What stands here is what one writes. Everything is Sendable: types, closures, and what is Codable. `let` is what can
        // be read, `T?` is nil where it is not given, and `= …` has a default. A parameter of an `init` that is `var` or `let`
        // is a property as well. What several functions have in common stands behind the last.
        """

    var lines: [String] {
        var lines = Self.key.split(separator: "\n").map { String($0) }
        var chapter = ""
        for type in types where type.path.count == 1 {
            if type.chapter != chapter { lines.append("// \(type.chapter)") }
            chapter = type.chapter
            lines += entry(of: type)
        }
        return lines
    }

    private func entry(of type: SymbolGraph.Symbol) -> [String] {
        let nested = types.filter { $0.owner == type.title }
        let items = self.items(of: type) + nested.map { whole($0, self.items(of: $0)) }
        let nesting = type.title + "."
        return whole(type, items).replacing(nesting, with: "").filled(to: 120, indent: 2)
    }

    private func whole(_ type: SymbolGraph.Symbol, _ items: [String]) -> String {
        "\(head(of: type)) { \(items.joined(separator: "; ")) }"
    }

    // MARK: Types

    private func protocols(of type: SymbolGraph.Symbol) -> Set<String> {
        var protocols = graph.conformances[type.id] ?? []
        protocols.subtract(["Sendable", "SendableMetatype", "Copyable", "Escapable"])
        if protocols.isSuperset(of: ["Decodable", "Encodable"]) {
            protocols.subtract(["Decodable", "Encodable"])
            protocols.insert("Codable")
        }
        if protocols.contains("Hashable") { protocols.remove("Equatable") }
        if protocols.contains("ExpressibleByStringInterpolation") {
            let narrower = ["StringLiteral", "ExtendedGraphemeClusterLiteral", "UnicodeScalarLiteral"]
            protocols.subtract(narrower.map { "ExpressibleBy" + $0 })
        }
        return protocols
    }

    private func head(of type: SymbolGraph.Symbol) -> String {
        let declaration = type.declaration.constrained
        var protocols = protocols(of: type)
        guard type.kind != "swift.protocol", !protocols.isEmpty else { return declaration }
        let raw = members[type.title]?.first { $0.name == "init(rawValue:)" }
        if raw?.declaration == "init?(rawValue: String)" { protocols.remove("RawRepresentable") }
        let others = protocols.filter { !$0.hasPrefix("ExpressibleBy") }.sorted()
        let literals = protocols.filter { $0.hasPrefix("ExpressibleBy") }.map { $0.dropFirst("ExpressibleBy".count) }
        return "\(declaration): "
            + ((raw == nil ? [] : ["String"]) + others
            + (literals.isEmpty ? [] : ["ExpressibleBy(\(literals.sorted().joined(separator: ", ")))"]))
            .joined(separator: ", ")
    }

    // MARK: Members

    private func items(of type: SymbolGraph.Symbol) -> [String] {
        let told = protocols(of: type).flatMap { Self.requirements[$0] ?? [] }
        let listed = (members[type.title] ?? []).filter { member in
            // What an extension gives stands where it is asked for, and a bound that is the parent's stands there.
            !told.contains(member.name) && graph.defaults[member.id] == nil
                && (member.kind != "swift.associatedtype" || member.declaration.contains(": "))
        }
        if type.declaration.hasPrefix("@resultBuilder") {
            return Set(listed.map { $0.name.prefix { $0 != "(" } }).sorted().map { String($0) }
        }
        let cases = listed.filter { $0.kind == "swift.enum.case" }.map { $0.declaration.dropFirst("case ".count) }
        var inits = listed.filter { $0.kind == "swift.init" }.map(\.declaration.constrained)
        var (values, functions) = ([String](), [String]())
        for member in listed {
            switch member.kind {
            case "swift.enum.case", "swift.init": break
            case "swift.property", "swift.type.property", "swift.associatedtype":
                let declaration = member.declaration.constrained
                if !Self.merge(declaration, into: &inits) { values.append(declaration + mark(of: member)) }
            default: functions.append(member.declaration.constrained + mark(of: member))
            }
        }
        inits = inits.map(\.shared)
        let items = (cases.isEmpty ? [] : [cases.joined(separator: ", ")]) + Self.joined(values) + inits
        return (items + Self.joined(functions)).map { $0.replacing(#/\b_ \w+: /#, with: "") }
    }

    private func mark(of member: SymbolGraph.Symbol) -> String {
        defaulted.contains(member.id) ? " = …" : ""
    }

    /// Whether one of the initializers sets the property, and has it now.
    private static func merge(_ property: String, into inits: inout [String]) -> Bool {
        guard let (word, parameter) = property.splitOnce(" ") else { return false }
        for index in inits.indices {
            for (before, after) in [("(", ","), ("(", ")"), ("(", " ="), (" ", ","), (" ", ")"), (" ", " =")] {
                guard let range = inits[index].firstRange(of: before + parameter + after) else { continue }
                inits[index].replaceSubrange(range, with: "\(before)\(word) \(parameter)\(after)")
                return true
            }
        }
        return false
    }

    /// Those that follow each other, and begin and end alike, as one: `let id, step: String`, `pause(), resume() async throws`.
    private static func joined(_ declarations: [String]) -> [String] {
        var (joined, last): ([String], (start: String, end: String)?) = ([], nil)
        for declaration in declarations {
            let (start, middle, end) = declaration.parts
            if let last, last == (start, end), !end.isEmpty, var before = joined.popLast() {
                before.removeLast(end.count)
                joined.append("\(before), \(middle)\(end)")
            } else {
                joined.append(start + middle + end)
            }
            last = (start, end)
        }
        return joined
    }

    /// What is told by a conformance.
    static let requirements: [String: [String]] = [
        "Hashable": ["==(_:_:)", "hash(into:)"], "Codable": ["init(from:)", "encode(to:)"],
        "RawRepresentable": ["init(rawValue:)", "rawValue"], "CustomStringConvertible": ["description"],
        "ExpressibleByNilLiteral": ["init(nilLiteral:)"], "ExpressibleByBooleanLiteral": ["init(booleanLiteral:)"],
        "ExpressibleByIntegerLiteral": ["init(integerLiteral:)"],
        "ExpressibleByFloatLiteral": ["init(floatLiteral:)"],
        "ExpressibleByStringInterpolation": ["init(stringLiteral:)"],
        "ExpressibleByArrayLiteral": ["init(arrayLiteral:)"],
        "ExpressibleByDictionaryLiteral": ["init(dictionaryLiteral:)"],
    ]
}

extension SymbolGraph.Symbol {
    fileprivate var title: String { path.joined(separator: ".") }

    /// What the type belongs to: its folder.
    fileprivate var chapter: String {
        let folder = place.file.split(separator: "/").dropLast().last.map { String($0) } ?? ""
        return folder == "Coding" ? "FermataKit" : folder
    }
}

// MARK: Declarations

extension String {
    /// `static func f<A>(_ a: A? = nil) -> A where A: Decodable, A: Encodable, A: Sendable` as `static f<A: Codable>(_ a: A?) -> A`.
    fileprivate var constrained: String {
        let (declaration, clause) = splitOnce(" where ") ?? (self, "")
        var (bounds, rest): ([(name: String, list: [String])], [String]) = ([], [])
        for constraint in clause.split(separator: ", ").map({ String($0) }) {
            guard let (name, bound) = constraint.splitOnce(": "), !name.contains(".") else {
                rest.append(constraint)
                continue
            }
            if let known = bounds.firstIndex(where: { $0.name == name }) {
                bounds[known].list.append(bound)
            } else {
                bounds.append((name, [bound]))
            }
        }
        var text = declaration
        for (name, list) in bounds {
            for (before, after) in [("<", ">"), ("<", ","), (" ", ">"), (" ", ",")] {
                guard let range = text.firstRange(of: before + name + after) else { continue }
                text.replaceSubrange(range, with: "\(before)\(name): \(list.joined(separator: " & "))\(after)")
                break
            }
        }
        text += rest.isEmpty ? "" : " where " + rest.joined(separator: ", ")
        return text.replacing("@escaping ", with: "").replacing("Decodable & Encodable & Sendable", with: "Codable")
            .replacing(": Decodable, Encodable, Sendable", with: ": Codable").replacing("func ", with: "")
            .replacing("@Sendable ", with: "").replacing("? = nil", with: "?")
            .replacing("convenience ", with: "").replacing("@discardableResult ", with: "").readOnly
    }

    /// An initializer whose parameters are variables, all of them, says so once: `init var(a: Int, b: Int)`.
    fileprivate var shared: String {
        guard hasPrefix("init(var "), ranges(of: #/(?:\(|, )\w+: /#).isEmpty else { return self }
        return "init var(" + dropFirst("init(".count).replacing("var ", with: "")
    }

    private var readOnly: String {
        guard hasSuffix("}"), let (start, end) = splitOnce(" { get"), start.contains("var ") else { return self }
        return start.replacing("var ", with: "let ") + end.dropLast(end == " }" ? 2 : 2)
    }

    /// The words before a name, the name with what is its own, and the rest: the type of a value, what a function leaves.
    fileprivate var parts: (start: String, middle: String, end: String) {
        let isFunction = contains("(") && !hasPrefix("let ") && !hasPrefix("var ")
        let start = hasPrefix("static ") ? "static " : isFunction ? "" : String(prefix { $0 != " " }) + " "
        let name = String(dropFirst(start.count))
        guard isFunction else {
            let (own, type) = name.splitOnce(":") ?? (name, "")
            return (start, own, ":" + type)
        }
        var depth = 0
        let end = name.firstIndex { character in
            depth += character == "(" ? 1 : character == ")" ? -1 : 0
            return depth == 0 && character == ")"
        }
        guard let end else { return (start, name, "") }
        return (start, String(name[...end]), String(name[name.index(after: end)...]))
    }

    fileprivate func splitOnce(_ separator: String) -> (String, String)? {
        firstRange(of: separator).map { (String(self[..<$0.lowerBound]), String(self[$0.upperBound...])) }
    }

    /// Lines of at most so many characters, all but the first indented; where one is nearly full, what begins next goes to the next one.
    fileprivate func filled(to width: Int, indent: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in split(separator: " ") {
            let isNearlyFull = (line.hasSuffix(";") || line.hasSuffix("),")) && line.count > width - 24
            if line.count + word.count + 1 > width || isNearlyFull {
                lines.append(line)
                line = String(repeating: " ", count: indent) + word
            } else {
                line += (line.isEmpty ? "" : " ") + word
            }
        }
        return lines + [line]
    }
}
