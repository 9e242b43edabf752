import JSON
import Testing

@Suite("Pictures of workflows and runs")
struct DiagramTests {
    private let folder: Folder
    private let client: Client

    init() throws {
        folder = try Folder()
        client = try Client(in: folder)
        try client.initialize()
    }

    private func diagram(_ params: JSONObject) throws -> String {
        try client.call("workflow/diagram", .object(params))["diagram"]?.string ?? ""
    }

    @Test("A workflow is drawn by its name or in place, in the form that is asked for")
    func workflows() throws {
        try client.call("workflow/register", ["document": Documents.approval])
        let answer = try client.call("workflow/diagram", ["workflow": "asks"])
        try Shape(["format": "id", "diagram": "string"]).check(answer, "workflow/diagram")
        #expect(answer["format"] == "mermaid")
        let begins = [
            "mermaid": "---\ntitle: \"asks\"\n---\nflowchart TD\n", "dot": "digraph \"asks\" {", "svg": "<svg ",
        ]
        for (format, start) in begins {
            for workflow in ["asks", Documents.approval] as [JSONValue] {
                let text = try diagram(["workflow": workflow, "format": .string(format)])
                #expect(text.hasPrefix(start))
                #expect(text.contains("ask"))
            }
        }
    }

    @Test("A version is drawn as it was")
    func versions() throws {
        let old = try client.call("workflow/register", ["document": workflow("w", ["first": ["set": [:]]])])
        try client.call("workflow/register", ["document": workflow("w", ["second": ["set": [:]]])])
        #expect(try diagram(["workflow": "w"]).contains("second"))
        #expect(try diagram(["workflow": "w", "version": old["version"] ?? .null]).contains("first"))
    }

    @Test("A run is drawn where it stands, and where it ended")
    func runs() throws {
        let steps: KeyValuePairs<String, JSONValue> = [
            "note": ["set": [:], "next": "both"],
            "both": [
                "parallel": ["ask": ["approval": ["message": "Go on?"]], "skip": ["set": [:]]], "next": "last",
            ],
            "last": ["fail": ["kind": "no.good", "message": "No."], "onError": "mend"],
            "mend": ["set": [:], "next": [["when": "false", "to": "never"], ["to": "END"]]],
            "never": ["set": [:]],
        ]
        try client.call("run/create", started("r", workflow("w", steps)))
        let question = try client.notification("execution/approvalRequested", of: "r")
        let standing = try diagram(["runId": "r"])
        for part in ["✓ note", "▶ both", "⏸ ask", "✓ skip", "\"last<br>"] {
            #expect(standing.contains(part), "\(part)")
        }
        try client.call(
            "execution/respondApproval",
            ["interactionId": question["interactionId"] ?? .null, "decision": "approved", "approver": "ann"])
        _ = try client.runResult(of: "r")
        let ended = try diagram(["runId": "r"])
        for part in ["✓ both", "✓ ask", "✗ last", "✓ mend", "– never"] { #expect(ended.contains(part), "\(part)") }
        #expect(ended.contains("linkStyle"))
    }
}
