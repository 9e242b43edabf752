import Contract
import JSON
import Testing

@Suite("The specification is kept")
struct SpecificationTests {
    private static let page = Folder.text(at: Project.root + "/protocol/README.md") ?? ""

    /// Every file below a folder of the project with this ending.
    private static func files(in folder: String, _ ending: String) -> [String] {
        Folder.names(in: Project.root + "/" + folder).flatMap { name -> [String] in
            let path = folder + "/" + name
            return name.hasSuffix(ending) ? [path] : files(in: path, ending)
        }
    }

    private static func text(of path: String) -> String { Folder.text(at: Project.root + "/" + path) ?? "" }

    @Test("Every numbered promise has a test of that name")
    func promises() {
        let tests = Self.files(in: "Tests", ".swift").map(Self.text).joined()
        let rows = Self.page.split(separator: "\n").filter { $0.wholeMatch(of: /\| [A-Z]\d+ \|.*/) != nil }
        #expect(rows.count > 20)
        for row in rows {
            let cells = row.split(separator: "|").map { String($0.trimmed) }
            #expect(cells.count == 3, "\(row)")
            #expect(cells.last.map { tests.contains("\"\($0)\"") } == true, "\(row)")
        }
        let numbers = rows.map { $0.split(separator: "|")[0].trimmed }
        #expect(Set(numbers).count == numbers.count, "A number stands twice.")
    }

    @Test("Every kind that a step or a run fails with is told")
    func failures() {
        let told = Self.page + Self.text(of: "protocol/workflows.md")
        var kinds: Set<Substring> = []
        // The simulator and the library for Swift have kinds that are never on the wire.
        let elsewhere = ["Sources/Simulator", "Sources/FermataKit", "Sources/FermataTesting"]
        for path in Self.files(in: "Sources", ".swift") where !elsewhere.contains(where: path.hasPrefix) {
            for match in Self.text(of: path).matches(of: /kind: "([a-z]+\.[A-Za-z]+)"/) { kinds.insert(match.1) }
        }
        #expect(kinds.count > 20)
        for kind in kinds where !Self.ofDocuments.contains(String(kind)) {
            #expect(told.contains("`\(kind)`") || Contract(Project.document).errors[String(kind)] != nil, "\(kind)")
        }
    }

    /// What is wrong with documents has kinds as well, which `workflow/validate` tells.
    private static let ofDocuments = ["expression.unknownMember", "expression.unknownName", "expression.unknownStep"]

    @Test("Every error kind has a meaning, and every one is some method's or any request's")
    func errors() {
        let contract = Contract(Project.document)
        let used = Set(contract.methods.flatMap(\.errors) + contract.errorsOfAnyRequest)
        for (kind, error) in contract.errors {
            #expect(error["message"]?.string?.hasSuffix(".") == true, "\(kind)")
            #expect(used.contains(kind), "No method is refused with \(kind).")
        }
    }

    @Test("Every link of the pages leads to a file or a heading")
    func links() {
        for page in Self.files(in: "protocol", ".md") {
            let folder = page.split(separator: "/").dropLast().joined(separator: "/")
            for match in Self.text(of: page).matches(of: /\]\(([^)\s:]+)\)/) {
                let parts = match.1.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                let path = parts[0].isEmpty ? page : folder + "/" + parts[0]
                let isThere =
                    Folder.text(at: Project.root + "/" + path) != nil
                    || !Folder.names(in: Project.root + "/" + path).isEmpty
                #expect(isThere, "\(page) links to \(match.1).")
                guard parts.count == 2, path.hasSuffix(".md") else { continue }
                #expect(
                    Self.anchors(of: Self.text(of: path)).contains(String(parts[1])), "\(page) links to \(match.1).")
            }
        }
    }

    /// What the headings of a page are called in links.
    private static func anchors(of text: String) -> Set<String> {
        Set(
            text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
                line.drop { $0 == "#" }.trimmed.lowercased().filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
                    .map { $0 == " " ? "-" : String($0) }.joined()
            })
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var rest = self
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}
