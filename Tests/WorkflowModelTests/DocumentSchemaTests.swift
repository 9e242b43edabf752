import Glibc
import JSON
import Testing
import WorkflowModel

@Suite("The schema of documents")
struct DocumentSchemaTests {
    private static let path =
        #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/protocol/workflow.schema.json"

    @Test(
        "The committed file is what the code makes; FERMATA_WRITE_SCHEMA=1 swift test --filter DocumentSchema writes it"
    )
    func freshness() throws {
        let made = DocumentSchema.document.serialized(pretty: true) + "\n"
        if getenv("FERMATA_WRITE_SCHEMA") != nil {
            let file = try #require(fopen(Self.path, "w"))
            fputs(made, file)
            fclose(file)
        }
        #expect(try Self.text() == made)
    }

    private static func text() throws -> String {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = getc(file), byte != EOF { bytes.append(UInt8(byte)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("It is a JSON Schema, every reference of which leads somewhere")
    func validity() throws {
        _ = try JSONSchema(DocumentSchema.document)
    }

    @Test("Every member of every form is explained in a sentence")
    func sentences() {
        var open = [DocumentSchema.document]
        var count = 0
        while let value = open.popLast() {
            for member in value["properties"]?.object ?? [:]
            where member.value["$ref"] == nil && member.value["not"] == nil {
                guard member.value != ["type": "null"], member.value != false else { continue }
                count += 1
                #expect(member.value["description"]?.string?.hasSuffix(".") == true, "\(member.key)")
            }
            open += value.object?.map(\.value) ?? []
        }
        #expect(count > 100)
    }

    @Test("What is a workflow fits it", arguments: Examples.all)
    func examples(document: JSONValue) throws {
        #expect(Workflow.problems(in: document) == [])
        #expect(try JSONSchema(DocumentSchema.document).validate(document) == [])
    }

    @Test(
        "What is wrong does not fit it, and is no workflow",
        arguments: [
            [:], 1, ["name": "w"], ["flow": ["START": "END"]], ["name": 1, "flow": ["START": "END"]],
            ["name": "w", "flow": [:]], ["name": "w", "flow": ["START": "END"], "stat": [:]],
            ["name": "w", "flow": ["START": "END"], "state": 3], ["name": "w", "flow": ["START": "END"], "input": 3],
            ["name": "w", "flow": ["START": "END"], "agents": ["a": ["system": "x"]]],
            [
                "name": "w", "flow": ["START": "END"],
                "routing": ["classify": ["call": "x"], "routes": ["a": ["call": "x"]]],
            ],
            ["name": "w", "routing": ["classify": ["call": "x"]]],
            ["name": "w", "routing": ["classify": ["call": "x"], "routes": [:]]],
            [
                "name": "w",
                "routing": ["classify": ["call": "x"], "routes": ["a": ["call": "x", "capabilities": []]]],
            ],
            ["name": "w", "evaluatorOptimizer": ["generate": ["call": "x"], "evaluate": ["call": "x"]]],
            ["name": "w", "parallelization": ["split": 3, "each": ["call": "x"], "merge": ["call": "x"]]],
        ] as [JSONValue])
    func wrongDocuments(document: JSONValue) throws {
        try expectWrong(document)
    }

    @Test(
        "A wrong step does not fit it either",
        arguments: [
            1, [:], ["call": 3], ["call": "x", "command": ["y"]], ["call": "x", "cwd": "y"], ["command": "make"],
            ["command": []], ["comand": ["x"]], ["agent": "a"], ["agent": 3, "prompt": "x"],
            ["agent": ["mdl": "m"], "prompt": "x"], ["agent": ["model": "m", "tools": [3]], "prompt": "x"],
            ["agent": ["model": "m", "tools": [["tol": "s/t"]]], "prompt": "x"],
            ["agent": ["model": "m", "maxTurns": 0], "prompt": "x"], ["tool": 3], ["tool": "s/t", "prompt": "x"],
            ["approval": "Go?"], ["approval": [:]],
            ["approval": ["message": "x", "required": 0]], ["approval": ["message": "x", "approvers": []]],
            ["approval": ["message": "x", "onExpiry": "explode"]], ["input": [:]], ["wait": 5], ["wait": [:]],
            ["wait": []],
            ["wait": ["durationMs": -1]], ["wait": ["durationMs": 1, "signal": "x"]], ["wait": ["signal": nil]],
            ["set": 3], ["fail": [:]], ["parallel": [:]], ["parallel": ["a": 3]], ["parallel": ["a": [:]]],
            ["parallel": ["a": ["call": "x", "next": "END"]]], ["parallel": ["a": ["call": "x", "onError": "b"]]],
            ["parallel": ["a": ["flow": ["START": "END"], "call": "x"]]], ["forEach": ["in": [1]]],
            ["forEach": ["in": [1], "do": ["call": "x"], "maxConcurrency": 0]],
            ["forEach": ["in": 3, "do": ["call": "x"]]], ["call": "x", "timeoutMs": -1],
            ["call": "x", "timeoutMs": 1.5],
            ["call": "x", "retry": 3], ["call": "x", "retry": ["attempts": 0]], ["call": "x", "retry": ["jitter": 2]],
            ["call": "x", "retry": ["backoff": "x"]], ["call": "x", "onInterrupted": "x"], ["call": "x", "next": []],
            ["call": "x", "next": [["when": "true"]]], ["call": "x", "next": [["whn": "true", "to": "END"]]],
            ["call": "x", "compensate": ["call": "y", "compensate": ["call": "z"]]],
            ["call": "x", "failureStrategy": "x"],
            ["call": "x", "output": 3],
        ] as [JSONValue])
    func wrongSteps(step: JSONValue) throws {
        try expectWrong(document(["START": "a", "a": step]))
    }

    private func expectWrong(_ document: JSONValue) throws {
        #expect(Workflow.problems(in: document).contains { $0.severity == .error })
        #expect(try JSONSchema(DocumentSchema.document).validate(document) != [])
    }
}
