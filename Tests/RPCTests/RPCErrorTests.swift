import JSON
import RPC
import Testing

@Suite("Errors")
struct RPCErrorTests {
    @Test(
        "An error is written with its data where it has any",
        arguments: [
            (RPCError(code: 1, message: "a \"b\"\n"), #"{"code":1,"message":"a \"b\"\n"}"#),
            (
                RPCError(code: -32000, message: "", data: ["kind": "x"]),
                #"{"code":-32000,"message":"","data":{"kind":"x"}}"#
            ),
        ])
    func text(error: RPCError, expected: String) {
        var writer = JSONWriter()
        error.write(to: &writer)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    }

    @Test(
        "What a peer sent as an error is kept, whatever its shape",
        arguments: [
            (#"{"code":5,"message":"no","data":[1]}"#, RPCError(code: 5, message: "no", data: [1])),
            (#"{"code":5,"message":"no","data":null,"more":1}"#, RPCError(code: 5, message: "no")),
        ])
    func answers(text: String, expected: RPCError) throws {
        #expect(RPCError(answer: try JSONValue(parsing: text)) == expected)
    }

    @Test(
        "An error without a code and a message is an internal one that carries the whole",
        arguments: ["bad", nil, [], [:], ["code": 1.5, "message": "no"], ["code": 1, "message": 2], ["message": "a"]]
            as [JSONValue])
    func shapeless(value: JSONValue) {
        let error = RPCError(answer: value)
        #expect(error.code == -32603)
        #expect(error.data == value)
    }

    @Test(
        "What the transport refuses says its kind, whether to retry, and how to mend it",
        arguments: [
            (RPCError.messageTooLarge(limit: 9), "message.tooLarge"), (.duplicateID, "request.duplicateId"),
            (.batchTooLarge(limit: 9), "limit.exceeded"),
        ])
    func refusals(error: RPCError, kind: String) {
        #expect(error.code == -32000)
        #expect(error.data?["kind"]?.string == kind)
        #expect(error.data?["retryable"]?.bool == false)
        #expect(
            error.data?["hint"]?.string?.hasSuffix(".") == true || error.data?["hint"]?.string?.hasSuffix(")") == true)
    }
}
