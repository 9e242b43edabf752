import Glibc
import Testing

@Suite("A server of one's own")
struct ServerTests {
    @Test("A client runs a workflow that is a Swift type and a flow with Swift bodies, beside a document")
    func serves() throws {
        var template = Array("/tmp/fermata-server-XXXXXX".utf8CString)
        let folder = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
        defer { _ = try? Process.run("/bin/rm", ["-rf", folder], into: "/dev/null") }
        let document =
            #"{"name":"doc","output":"${state.done}","state":{"done":"as written"},"flow":{"START":"s","s":{"set":{}}}}"#
        let requests = [
            #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"clientInfo":{"name":"test"}}}"#,
            #"{"jsonrpc":"2.0","id":2,"method":"workflow/list"}"#,
            #"{"jsonrpc":"2.0","id":3,"method":"run/create","params":{"workflow":"Greeting","runId":"a","input":"Ann","start":true}}"#,
            #"{"jsonrpc":"2.0","id":4,"method":"run/create","params":{"workflow":\#(document),"runId":"b","start":true}}"#,
            #"{"jsonrpc":"2.0","id":5,"method":"run/create","params":{"workflow":"shouting","runId":"c","input":"Ann","start":true}}"#,
            #"{"jsonrpc":"2.0","id":6,"method":"run/result","params":{"runId":"a"}}"#,
            #"{"jsonrpc":"2.0","id":7,"method":"run/result","params":{"runId":"b"}}"#,
            #"{"jsonrpc":"2.0","id":8,"method":"run/result","params":{"runId":"c"}}"#,
            #"{"jsonrpc":"2.0","id":9,"method":"run/logs","params":{"runId":"c"}}"#,
        ]
        let file = try #require(fopen(folder + "/in", "w"))
        fputs(requests.joined(separator: "\n") + "\n", file)
        fclose(file)
        let program = Process.products + "/deploy-test-program"
        let status = try Process.run(program, ["serve"], from: folder + "/in", into: folder + "/out")
        let told = Process.text(folder + "/out")
        #expect(status == 0)
        for part in [
            #"{"name":"Greeting","hosted":true}"#, #"{"name":"shouting","version":""#, #""output":"Hello, Ann!""#,
            #""text":"Hello""#, #""output":"as written""#, #""output":"ANN!""#, #""message":"shouted at Ann""#,
        ] {
            #expect(told.contains(part), "\(part) in \(told)")
        }
    }
}
