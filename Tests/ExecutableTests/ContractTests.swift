import Contract
import JSON
import Testing

@Suite("The description of the protocol is true")
struct ContractTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
    }

    @Test("Every file that is made of it is as it was made; fermata schema --output . makes them anew")
    func freshness() throws {
        let files = ContractFiles.all(of: try client.call("rpc.discover"))
        for file in files {
            #expect(Folder.text(at: Project.root + "/" + file.path) == file.text, "\(file.path) differs.")
        }
        for folder in ContractFiles.folders {
            let paths = Folder.names(in: Project.root + "/" + folder).map { folder + "/" + $0 }
            #expect(Set(paths).subtracting(files.map(\.path)) == [], "Nobody makes these.")
        }
    }

    @Test("rpc.discover needs no session, and initialize gives the hash of it")
    func discovery() throws {
        #expect(try client.call("rpc.discover") == Project.document)
        let hash = try #require(try client.initialize()["schemaHash"]?.string)
        let source = Folder.text(at: Project.root + "/Sources/ServiceProtocol/Description/Schema+Hash.swift")
        #expect(source?.contains("\"\(hash)\"") == true)
        #expect(try client.call("rpc.discover") == Project.document)
    }

    @Test("It is an OpenRPC document")
    func openRPC() throws {
        let path = Project.root + "/Tests/Conformance/openrpc/schema.json"
        let text = try #require(Folder.text(at: path))
        // What a schema may be is a question of its own, which `schemas` asks.
        let meta = text.split(separator: "\n").map { line in
            line.contains("\"$ref\": \"https://meta.json-schema.tools") ? "" : String(line)
        }.joined(separator: "\n")
        let schema = try JSONSchema(JSONValue(parsing: meta))
        #expect(schema.validate(Project.document) == [])
        #expect(schema.validate(["openrpc": "1.3.2", "info": [:], "methods": [["name": "m"]]]) != [])
    }

    @Test("Every schema is one, and each message's own file stands for itself")
    func schemas() throws {
        let contract = Contract(Project.document)
        for file in ContractFiles.all(of: Project.document) where file.path.hasPrefix("protocol/schema/") {
            _ = try JSONSchema(JSONValue(parsing: file.text))
        }
        for method in contract.methods { #expect(Project.schemas[method.name] != nil) }
    }

    @Test("Every example fits what it is an example of")
    func examples() throws {
        for method in Contract(Project.document).methods {
            let entry = try #require(Project.schemas[method.name])
            let example = try #require(method.json["examples"]?[0], "\(method.name) has none.")
            let params = example["params"]?.array?.map { ($0["name"]?.string ?? "", $0["value"] ?? .null) } ?? []
            #expect(entry.params.validate(.object(JSONObject(params))) == [], "the params of \(method.name)")
            guard let result = entry.result else { continue }
            let value = try #require(example["result"]?["value"], "\(method.name) has no example of its result.")
            #expect(result.validate(value) == [], "the result of \(method.name)")
        }
    }

    @Test("Every method and every member is explained in a sentence")
    func sentences() {
        for method in Contract(Project.document).methods {
            #expect(method.json["summary"]?.string?.hasSuffix(".") == true, "\(method.name)")
            for param in method.params { #expect(param.summary.hasSuffix("."), "\(method.name) \(param.name)") }
            #expect(["stable", "experimental"].contains(method.json["x-stability"]?.string))
        }
        var open = [Project.document["methods"] ?? .null, Project.document["components"]?["schemas"] ?? .null]
        while let value = open.popLast() {
            for member in value["properties"]?.object ?? [:] {
                let summary = member.value["description"]?.string ?? ""
                #expect(summary.hasSuffix(".") || summary.hasSuffix("…"), "\(member.key) is not explained in \(value)")
            }
            open += value.object?.map(\.value) ?? value.array ?? []
        }
    }

    @Test("Every request in it is known, and no other")
    func everyMethod() throws {
        let requests = Contract(Project.document).methods.filter { $0.isTakenByService && !$0.isNotification }
        let known = try client.initialize()["capabilities"]?["methods"]?.array?.compactMap(\.string) ?? []
        #expect(Set(known) == Set(requests.map(\.name)))
        for method in requests where method.name != "shutdown" {
            let answer = try client.answer(to: client.request(method.name, [:]))
            #expect(answer["error"]?["code"] != -32601, "\(method.name)")
        }
    }

    @Test("What a message does not describe, or describes otherwise, is noticed")
    func noticing() throws {
        var check = SessionCheck(Project.schemas)
        let ask: JSONValue = ["jsonrpc": "2.0", "id": 1, "method": "run/state", "params": ["runId": "r", "atseq": 1]]
        #expect(check.take(ask, from: .client) == [])
        let answer: JSONValue = ["jsonrpc": "2.0", "id": 1, "result": ["runId": "r", "seq": 0, "state": [:], "x": 1]]
        #expect(check.take(answer, from: .service).count == 3)
        #expect(check.take(["jsonrpc": "2.0", "method": "run/lost", "params": [:]], from: .service).count == 1)
        let refusal: JSONValue = [
            "jsonrpc": "2.0", "id": 2,
            "error": ["code": -32000, "message": "m", "data": ["kind": "workflow.notFound", "retryable": false]],
        ]
        _ = check.take(["jsonrpc": "2.0", "id": 2, "method": "run/state", "params": [:]], from: .client)
        #expect(check.take(refusal, from: .service).count == 1)
    }
}
