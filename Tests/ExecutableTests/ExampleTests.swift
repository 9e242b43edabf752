import JSON
import Testing

/// The documents of clients/examples, on a small repository: as `fermata run FILE --json` has them, and over the pipe.
@Suite("The examples")
struct ExampleTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private static let names = [
        "check-file", "measure-sources", "pack-release", "polish-message", "release-notes", "survey-folders",
        "take-stock",
    ]

    /// A repository whose newest commit has a message to mend.
    private static let repository = #"""
        git init -q -b main . && git config user.name Ann && git config user.email ann@example.org
        mkdir docs src bin
        printf 'one two three\n' > docs/page.md
        printf 'See [a page](docs/page.md),\n[the web](https://example.org) and [nothing](docs/gone.md).\n' > README.md
        printf 'short\n%0130d\n' 7 > src/wide.swift && printf 'let a = 1\nlet b = 2\n' > src/fine.swift
        printf '#!/bin/sh\nif true; then echo\n' > bin/broken && printf '#!/bin/sh\necho\n' > bin/good
        printf '.build\nstore\nstderr-*\nrun.db*\n' > .gitignore
        git add .
        printf 'Add what there is.\nIts body is so much wider than seventy-two columns that it must be folded\n' |
        git commit -q --file=-
        """#

    /// The folder that the project is in.
    private static var root: String { "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") }

    private static func path(of name: String) -> String { root + "/clients/examples/\(name).json" }

    private static func document(_ name: String) throws -> JSONValue {
        let text = try #require(Folder.text(at: path(of: name)), "There is no \(name).json")
        return try JSONValue(parsing: text)
    }

    /// `fermata run FILE --json` in the repository, to its end.
    private func run(_ name: String, input: String? = nil, in repository: String = repository) throws -> Client {
        let words = ["run", Self.path(of: name), "--json", "--store", folder["run.db"]]
        let client = try Client(
            in: folder, arguments: words + (input.map { ["--input", $0] } ?? []), after: repository)
        try client.waitForExit()
        return client
    }

    private func output(of client: Client) throws -> JSONValue {
        let message = try client.next("run/completed") { $0["method"] == "run/completed" }
        return try #require(message["params"]?["output"])
    }

    /// The paths that the run came to, in that order.
    private func paths(of client: Client) -> [String] {
        client.transcript.compactMap { $0["method"] == "step/started" ? $0["params"]?["path"]?.string : nil }
    }

    @Test("Each is valid, without a warning, and told of in the README", arguments: names)
    func valid(name: String) throws {
        let client = try Client(in: folder)
        try client.initialize()
        let document = try Self.document(name)
        #expect(try client.call("workflow/validate", ["document": document]) == ["valid": true, "problems": []])
        #expect(document["name"]?.string == name)
        let page = Self.path(of: name).replacing("\(name).json", with: "README.md")
        #expect(Folder.text(at: page)?.contains("`\(name).json`") == true)
    }

    @Test("What the page of the language shows is valid: documents as they are, steps within one")
    func page() throws {
        let client = try Client(in: folder)
        try client.initialize(["config": ["mcpServers": ["files": ["command": ["true"]]]]])
        let text = try #require(Folder.text(at: Self.root + "/protocol/workflows.md"))
        let blocks = text.split(separator: "```").filter { $0.hasPrefix("json\n") }.map { $0.dropFirst(5) }
        #expect(blocks.count >= 3)
        for block in blocks {
            let document: JSONValue
            if block.hasPrefix("{") {
                document = try JSONValue(parsing: String(block))
            } else {
                let steps = try #require(try JSONValue(parsing: "{\(block)}").object)
                var flow: JSONObject = ["START": .string(steps.keys.first ?? "")]
                for (name, step) in steps { flow[name] = step }
                let agent: JSONValue = ["model": "scripted/echo"]
                document = ["name": "shown", "agents": ["writer": agent, "editor": agent], "flow": .object(flow)]
            }
            let result = try client.call("workflow/validate", ["document": document])
            #expect(result == ["valid": true, "problems": []], "\(block)")
        }
    }

    static let files: [(String, String, String)] = [
        ("README.md", "prose", "2: leads nowhere: docs/gone.md"), ("docs/page.md", "prose", ""),
        ("src/wide.swift", "source", "2: wider than 120 columns"), ("src/fine.swift", "source", ""),
        ("bin/broken", "script", "yntax error"), ("bin/good", "script", ""), (".gitignore", "other", ""),
    ]

    @Test("check-file sends a file to the checker of its kind", arguments: files)
    func checkFile(file: String, kind: String, finding: String) throws {
        let client = try run("check-file", input: "{\"file\": \"\(file)\"}")
        let output = try output(of: client)
        #expect(output["file"]?.string == file)
        #expect(output["kind"]?.string == kind)
        #expect(output["isFine"] == .bool(finding.isEmpty))
        let findings = try #require(output["findings"]?.string)
        #expect(finding.isEmpty ? findings.isEmpty : findings.contains(finding))
        #expect(paths(of: client) == ["classify", kind])
        let decision = try client.next("step/decided") { $0["method"] == "step/decided" }
        #expect(decision["params"]?["to"]?.string == kind)
        #expect(decision["params"]?["condition"]?.string == "result == \"\(kind)\"")
    }

    @Test("check-file fails where there is no file")
    func checkNoFile() throws {
        let client = try run("check-file", input: "{\"file\": \"gone\"}")
        let failed = try client.next("run/failed") { $0["method"] == "run/failed" }
        #expect(failed["params"]?["error"]?["kind"] == "command.exited")
        #expect(try client.waitForExit() == .code(1))
    }

    @Test("survey-folders plans for every folder, and sums up when all are known")
    func surveyFolders() throws {
        let client = try run("survey-folders")
        #expect(
            try output(of: client).string == #"""
                3 folders: ["bin: 4 lines in 2 files","docs: 3 words","src: 4 lines in 2 files",\#
                "whole: Add what there is. Its body is so much wider than seventy-two columns that it must be folded\n"]
                """#)
        #expect(
            paths(of: client) == [
                "plan", "delegate", "delegate[0]", "delegate[1]", "delegate[2]", "delegate[3]/commit", "synthesize",
            ])
        let texts = client.transcript.filter { $0["params"]?["path"] == "synthesize" && $0["params"]?["text"] != nil }
        #expect(!texts.isEmpty)
    }

    @Test("measure-sources measures every file, and merges those with wide lines")
    func measureSources() throws {
        let client = try run("measure-sources")
        #expect(
            try output(of: client) == [
                "files": 2, "tooWide": [["file": "src/wide.swift", "lines": 1]], "unread": [],
            ])
        #expect(paths(of: client) == ["split", "each", "each[0]", "each[1]", "merge"])
    }

    @Test("polish-message mends the newest message, a complaint at a time")
    func polishMessage() throws {
        let client = try run("polish-message")
        let output = try output(of: client)
        #expect(output["score"]?.double == 1)
        #expect(output["drafts"] == 4)
        #expect(output["stoppedBy"] == "threshold")
        let lines = output["message"]?.string?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
        #expect(lines.prefix(2) == ["Add what there is", ""])
        #expect(lines.allSatisfy { $0.count <= 72 })
        #expect(
            paths(of: client) == [
                "generate", "evaluate", "optimize", "evaluate#2", "optimize#2", "evaluate#3", "optimize#3",
                "evaluate#4",
            ])
    }

    @Test("take-stock looks with every tool, and writes down what it saw")
    func takeStock() throws {
        let more = """

            printf '// TODO: tidy\\n' > src/late.swift && git add . && git commit -q -m 'Add a late one'
            """
        let output = try output(of: try run("take-stock", in: Self.repository + more))
        #expect(output["file"] == ".build/stock.md")
        #expect(output["calls"]?.array?.map { $0["tool"] } == ["kinds", "movement", "marks", "people"])
        #expect(output["calls"]?.array?.allSatisfy { $0["status"] == "completed" } == true)
        let report = try #require(folder.text(of: ".build/stock.md"))
        #expect(report == output["report"]?.string)
        #expect(report.contains("## kinds\n\n3 swift\n2 (none)\n2 md\n1 gitignore\n"))
        #expect(report.contains("src/late.swift:1:// TODO: tidy"))
        #expect(report.contains("2\tAnn"))
    }

    // MARK: A release, with people

    private func release(after more: String = "") throws -> Client {
        let client = try Client(in: folder, extra: ["--allow-commands"], after: Self.repository + more)
        try client.initialize()
        try client.call(
            "run/create", started("r", try Self.document("pack-release"), ["cwd": .string(folder.path)]))
        let question = try client.notification("execution/inputRequested")
        #expect(question["prompt"] == "Which version is it? (1 commits)")
        try client.call(
            "execution/respondInput", ["interactionId": question["interactionId"] ?? .null, "value": "1.2.3"])
        return client
    }

    private func answer(_ client: Client, maintainer: String = "approved") throws {
        let questions = try (0..<2).map { _ in try client.notification("execution/approvalRequested") }
        #expect(Set(questions.map { $0["path"] }) == ["gates[maintainer]", "gates[reviewer]"])
        for question in questions.reversed() {
            try client.decide(question, question["path"] == "gates[maintainer]" ? maintainer : "approved")
        }
    }

    @Test("pack-release asks for a version and two approvals, packs, and checks what it packed")
    func packRelease() throws {
        let client = try release()
        // It is kept for the wait that comes.
        try client.call("execution/signal", ["runId": "r", "name": "go"])
        try answer(client)
        let result = try client.runResult(of: "r")
        #expect(result["output"] == ["file": ".build/release-1.2.3.tar", "missing": 1])
        #expect(folder.text(of: ".build/release-1.2.3.tar")?.contains("release-1.2.3/src/fine.swift") == true)
        let steps = try client.steps(of: "r")
        #expect(steps["checklist[1]"]?["status"] == "failed")
        #expect(steps["announce"]?["output"]?["text"] == "Release 1.2.3, packed from main")
        #expect(
            try client.decisions(of: "r").suffix(6) == [
                "gates[reviewer] → END", "gates[maintainer] → END", "gates → moment", "moment → pack", "pack → verify",
                "verify → END",
            ])
        try client.checkTold(of: "r")
    }

    @Test("Refused by one of the two, it packs nothing")
    func refused() throws {
        let client = try release()
        try answer(client, maintainer: "rejected")
        #expect(try client.runResult(of: "r")["output"]?["file"] == .some(.null))
        #expect(try client.decisions(of: "r").contains("gates → refused"))
        #expect(folder.text(of: ".build/release-1.2.3.tar") == nil)
    }

    @Test("A package that cannot be read is taken away again")
    func compensated() throws {
        try folder.write("#!/bin/sh\nexit 1\n", to: "tar")
        let client = try release(after: "\nPATH=\"$PWD:$PATH\"; export PATH")
        try answer(client)
        let result = try client.runResult(of: "r")
        #expect(result["error"]?["kind"] == "release.broken")
        #expect(try client.steps(of: "r")["pack/compensate"]?["status"] == "completed")
        #expect(folder.text(of: ".build/release-1.2.3.tar") == nil)
        try client.checkTold(of: "r")
    }

    @Test("Cancelled, it sweeps up")
    func cancelled() throws {
        let client = try release()
        _ = try client.notification("execution/approvalRequested")
        try client.call("run/cancel", ["runId": "r"])
        #expect(try client.runResult(of: "r")["status"] == "cancelled")
        #expect(try client.steps(of: "r")["cleanup/sweep"]?["status"] == "completed")
    }

    @Test("It packs nothing while there are changes that are not committed")
    func unclean() throws {
        let client = try run("pack-release", in: Self.repository + "\necho more >> README.md")
        let failed = try client.next("run/failed") { $0["method"] == "run/failed" }
        #expect(failed["params"]?["error"]?["kind"] == "release.unclean")
        #expect(failed["params"]?["error"]?["message"]?.string?.contains("README.md") == true)
    }

    @Test("release-notes asks, and without anybody to answer it is left, waiting")
    func releaseNotes() throws {
        let client = try run("release-notes")
        #expect(try client.waitForExit() == .code(3))
        let question = try client.next("a question") { $0["method"] == "execution/approvalRequested" }
        #expect(question["params"]?["show"]?.string?.contains("Add what there is.") == true)
    }
}
