import Glibc
import JSON
import Testing

@testable import Terminal

@Suite struct DiagramCommandTests {
    private static let service = FakeService { method, params in
        switch method {
        case "workflow/diagram":
            let format = params["format"] ?? "mermaid"
            return .init(answer: .success(["format": format, "diagram": .string("drawn as \(format.string ?? "")\n")]))
        case "run/list": return .init(answer: .success(["runs": [["runId": "run-7"]]]))
        default: return nil
        }
    }

    @Test("A workflow goes by its name, with its version, and a run as everywhere")
    func asks() throws {
        let service = FakeService { _, _ in nil }
        #expect(try Performance.of(["diagram", "ship", "--version", "v1"], on: service).exitCode == .completed)
        #expect(try Performance.of(["diagram", "ship", "--format", "dot"], on: service).exitCode == .completed)
        #expect(
            service.params(of: "workflow/diagram") == [
                ["workflow": "ship", "version": "v1"], ["workflow": "ship", "format": "dot"],
            ])
        _ = try Performance.of(["diagram", "--run", "last"], on: Self.service)
        #expect(Self.service.params(of: "workflow/diagram").contains(["runId": "run-7"]))
    }

    @Test("The picture is all that is written")
    func writes() throws {
        let performance = try Performance.of(["diagram", "ship", "--format=svg"], on: Self.service)
        #expect(performance.output == "drawn as svg\n")
        #expect(performance.errors == "")
    }

    @Test("A file's ending says what is written to it", arguments: [("svg", "svg"), ("gv", "dot"), ("md", "mermaid")])
    func files(ending: String, format: String) throws {
        var template = Array("/tmp/fermata-diagram-XXXXXX".utf8CString)
        let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
        let (document, picture) = ("\(folder)/w.json", "\(folder)/w.\(ending)")
        defer {
            for path in [document, picture] { unlink(path) }
            rmdir(folder)
        }
        try File.write("{\"name\": \"w\"}", to: document)
        // What was there before is gone, also where it was longer.
        try File.write(String(repeating: "old ", count: 100), to: picture)
        let words = ["diagram", document, "--output", picture]
        let performance = try Performance.of(words, on: Self.service)
        #expect(performance.exitCode == .completed)
        #expect(performance.output == "")
        var buffer = [UInt8](repeating: 0, count: 500)
        let descriptor = open(picture, O_RDONLY | O_CLOEXEC)
        let count = read(descriptor, &buffer, buffer.count)
        close(descriptor)
        #expect(String(decoding: buffer[..<max(count, 0)], as: UTF8.self) == "drawn as \(format)\n")
        #expect(Self.service.params(of: "workflow/diagram").contains { $0["workflow"] == ["name": "w"] })
    }

    @Test(
        "A slip is told",
        arguments: [
            (["diagram"], "needs a workflow or a run"), (["diagram", "w", "--run", "r"], "give one of"),
            (["diagram", "/nowhere/w.json"], "cannot be read"),
            (["diagram", "w", "--output", "/nowhere/w.svg"], "cannot be written"),
        ])
    func slips(words: [String], told: String) throws {
        let performance = try Performance.of(words, on: Self.service)
        #expect(performance.exitCode == .usage)
        #expect(performance.errors.contains(told))
    }
}
