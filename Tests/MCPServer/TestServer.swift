import Glibc
import JSON

// A server of the Model Context Protocol for tests. Its first argument is the revision it speaks; `fragile` is one that dies
// of a request before `initialize`, `mute` one that never says anything, and `broken` one that ends at once. Its second one
// is how it lists its tools: `changing` has others each time, and says so, and `never` does not answer.

@main
struct TestServer {
    let revision: String
    let listing: String?
    var hasBegun = false
    var lists = 0
    /// Who asked for what we asked the client, and what it answered so far.
    var asking: (id: JSONValue, answers: [JSONValue])?
    var calls: Set<String> = []

    static func main() {
        let arguments = CommandLine.arguments
        var server = TestServer(
            revision: arguments.count > 1 ? arguments[1] : "2025-11-25",
            listing: arguments.count > 2 ? arguments[2] : nil)
        if server.revision == "broken" {
            server.put("There is no license.", to: 2)
            exit(2)
        }
        server.run()
    }

    var isStateless: Bool { revision == "2026-07-28" }

    mutating func run() {
        while let line = readLine() {
            guard revision != "mute", let message = try? JSONValue(parsing: line) else { continue }
            if let method = message["method"]?.string {
                receive(method, message["id"], message["params"] ?? [:])
            } else if let (id, answers) = asking {
                let all = answers + [message["result"] ?? message["error"]?["code"] ?? .null]
                asking = all.count == 3 ? nil : (id, all)
                if all.count == 3 { answer(id, content(JSONValue.array(all).serialized())) }
            }
        }
    }

    func put(_ line: String, to descriptor: Int32) {
        let bytes = Array((line + "\n").utf8)
        var written = 0
        while written < bytes.count {
            written += max(bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress!, $0.count) }, 0)
        }
    }

    func say(_ members: JSONObject) {
        var message: JSONObject = ["jsonrpc": "2.0"]
        for (name, value) in members { message[name] = value }
        put(JSONValue.object(message).serialized(), to: 1)
    }

    func answer(_ id: JSONValue, _ result: JSONObject) {
        var result = result
        if isStateless { result["resultType"] = "complete" }
        say(["id": id, "result": .object(result)])
    }

    func refuse(_ id: JSONValue, _ code: Int, _ message: String) {
        say(["id": id, "error": ["code": .number(JSONNumber(code)), "message": .string(message)]])
    }

    func content(_ text: String) -> JSONObject { ["content": [["type": "text", "text": .string(text)]]] }

    func tool(_ name: String) -> JSONValue {
        ["name": .string(name), "description": .string("The tool \(name)."), "inputSchema": ["type": "object"]]
    }

    mutating func call(_ name: String, _ arguments: JSONValue, _ id: JSONValue, _ params: JSONValue) {
        switch name {
        case "echo": answer(id, content(arguments["text"]?.string ?? ""))
        case "structured":
            answer(id, ["content": [["type": "text", "text": "{\"n\":1}"]], "structuredContent": ["n": 1]])
        case "fail": answer(id, ["content": [["type": "text", "text": "It went wrong."]], "isError": true])
        case "refuse": refuse(id, -32602, "No such arguments.")
        case "progress":
            let token = params["_meta"]?["progressToken"] ?? .null
            for part in ["0.25", "1"] {
                let progress = (try? JSONValue(parsing: part)) ?? .null
                let params: JSONValue = [
                    "progressToken": token, "progress": progress, "total": 1, "message": "Working",
                ]
                say(["method": "notifications/progress", "params": params])
            }
            answer(id, content("done"))
        case "die":
            put("Good bye.", to: 2)
            exit(3)
        case "void": say(["id": id])
        case "hang": calls.insert(id.serialized())
        case "big": answer(id, content(String(repeating: "x", count: 1 << 16)))
        case "environment":
            answer(id, content(getenv(arguments["name"]?.string ?? "").map { String(cString: $0) } ?? "none"))
        case "ask":
            asking = (id, [])
            for (number, method) in ["ping", "roots/list", "sampling/createMessage"].enumerated() {
                say(["id": .string("s\(number)"), "method": .string(method)])
            }
        default: refuse(id, -32602, "There is no tool \(name).")
        }
    }

    mutating func receive(_ method: String, _ id: JSONValue?, _ params: JSONValue) {
        guard let id else {
            if method == "notifications/cancelled", let request = params["requestId"],
                calls.remove(request.serialized()) != nil
            {
                put("Cancelled.", to: 2)
            }
            return
        }
        let meta = params["_meta"]?["io.modelcontextprotocol/protocolVersion"]?.string
        if isStateless, meta != revision { return refuse(id, -32602, "Every request names its revision.") }
        switch method {
        case "server/discover" where isStateless:
            answer(id, ["supportedVersions": [.string(revision)], "capabilities": ["tools": [:]]])
        case "initialize" where !isStateless:
            hasBegun = true
            answer(id, ["protocolVersion": .string(revision), "capabilities": ["tools": [:]]])
        case _ where !hasBegun && !isStateless:
            if revision == "fragile" { exit(1) }
            refuse(id, -32601, "Not before initialize.")
        case "tools/list" where listing == "never": break
        case "tools/list" where listing == "changing":
            lists += 1
            answer(id, ["tools": [tool("tool\(lists)")], "ttlMs": 0])
        case "tools/list":
            let isFirst = params["cursor"] == nil
            // One stands on both pages.
            var page: JSONObject = [
                "tools": isFirst ? [tool("echo"), tool("fail")] : [tool("fail"), tool("progress")]
            ]
            if isFirst { page["nextCursor"] = "more" }
            answer(id, page)
        case "tools/call": call(params["name"]?.string ?? "", params["arguments"] ?? [:], id, params)
        default: refuse(id, -32601, "There is no method \(method).")
        }
    }
}
