import JSON
import RPC
import Testing

@Suite("Parameters")
struct ParametersTests {
    private enum Color: String, CaseIterable, ParameterValue { case red, green }

    @Test("Members are read as what they are")
    func values() throws {
        let parameters = try Parameters([
            "text": "a", "int": 3, "double": 1.5, "flag": true, "color": "green", "list": ["x", "y"],
            "nested": ["deep": ["deeper": 1]], "any": nil, "id": "r1",
        ])
        #expect(try parameters.required("text", as: String.self) == "a")
        #expect(try parameters.required("int", as: Int.self) == 3)
        #expect(try parameters.required("int", as: Double.self) == 3)
        #expect(try parameters.required("double", as: Double.self) == 1.5)
        #expect(try parameters.required("flag", as: Bool.self))
        #expect(try parameters.required("color", as: Color.self) == .green)
        #expect(try parameters.required("list", as: [String].self) == ["x", "y"])
        #expect(try parameters.required("any", as: JSONValue.self) == .null)
        #expect(try parameters.required("id", as: RequestID.self) == "r1")
        #expect(try parameters.required("nested", as: JSONObject.self)["deep"] == ["deeper": 1])
        let deep = try parameters.required("nested", as: Parameters.self).required("deep", as: Parameters.self)
        #expect(deep.pointer.description == "/nested/deep")
    }

    @Test("Absent and null members are nil, and absent or null params have no members")
    func absence() throws {
        let parameters = try Parameters(["null": nil])
        #expect(try parameters.optional("null", as: String.self) == nil)
        #expect(try parameters.optional("absent", as: Parameters.self) == nil)
        #expect(try Parameters(nil).members.isEmpty)
    }

    private typealias Read = @Sendable (Parameters) throws -> Void

    private static let wrongReads: [(String, String, Read)] = [
        ("/a", "'a' is missing; it must be a string.", { _ = try $0.required("a", as: String.self) }),
        ("/int", "'int' must be a string, not 3.", { _ = try $0.required("int", as: String.self) }),
        ("/int", "'int' must be a string, not 3.", { _ = try $0.optional("int", as: String.self) }),
        ("/null", "'null' must be true or false, not null.", { _ = try $0.required("null", as: Bool.self) }),
        ("/half", "'half' must be an integer of 64 bits, not 1.5.", { _ = try $0.required("half", as: Int.self) }),
        (
            "/half", "'half' must be a string, an integer or null, not 1.5.",
            { _ = try $0.required("half", as: RequestID.self) }
        ),
        ("/list/1", "'list.1' must be a string, not 2.", { _ = try $0.required("list", as: [String].self) }),
        ("/list", "'list' must be an object, not an array.", { _ = try $0.required("list", as: Parameters.self) }),
        ("/int", "'int' must be one of 'red', 'green', not 3.", { _ = try $0.required("int", as: Color.self) }),
        ("/text", "'text' must be one of 'red', 'green', not 'a'.", { _ = try $0.required("text", as: Color.self) }),
        (
            "/o~1o/b", "'b' is missing; it must be a number.",
            { _ = try $0.required("o/o", as: Parameters.self).required("b", as: Double.self) }
        ),
    ]

    @Test("What is wrong is -32602 with a pointer and a sentence that says what was expected", arguments: wrongReads)
    private func mistakes(pointer: String, sentence: String, read: Read) throws {
        let parameters = try Parameters([
            "int": 3, "half": 1.5, "text": "a", "null": nil, "list": ["x", 2], "o/o": ["c": 1],
        ])
        let error = #expect(throws: RPCError.self) { try read(parameters) }
        #expect(error == RPCError(code: -32602, message: sentence, data: ["pointer": .string(pointer)]))
    }

    @Test("Params that are no object point at the whole", arguments: [[1], "a", 1] as [JSONValue])
    func positional(params: JSONValue) {
        let error = #expect(throws: RPCError.self) { try Parameters(params) }
        #expect(error?.code == -32602)
        #expect(error?.data == ["pointer": ""])
        #expect(error?.message.hasPrefix("'params' must be an object, not ") == true)
    }

    @Test("A complaint of the caller points at the member too")
    func complaint() throws {
        let error = try Parameters(["limit": -1]).invalid("limit", "must not be negative")
        #expect(error == .invalidParams("'limit' must not be negative.", pointer: JSONPointer().appending("limit")))
    }
}
