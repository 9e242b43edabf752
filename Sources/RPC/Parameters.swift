package import JSON

/// The named members of a message, taken out one by one; what is wrong with one is an error that points at it.
///
/// Members that nobody asks for are ignored, and a null one counts as absent. Each is asked for with a sentence that says what it is, so that
/// the reading of a message is also its declaration.
package struct Parameters {
    package let members: JSONObject
    /// Where the members stand, from the params of the message.
    package let pointer: JSONPointer
    /// Set while nothing is read and what is asked for is noted instead.
    private let declared: Members?

    /// Absent params are an empty object.
    package init(_ params: JSONValue?) throws(RPCError) {
        self =
            try params.map { params throws(RPCError) in try Parameters(parameter: params, at: JSONPointer()) } ?? .empty
    }

    /// The member `name`, which must be there. Null is a value only where `Value` takes it.
    package func required<Value: ParameterValue>(
        _ name: String, as type: Value.Type = Value.self, _ summary: String = ""
    ) throws(RPCError) -> Value {
        if let declared { return declare(name, isRequired: true, summary, in: declared) }
        guard let value = members[name] else {
            let sentence = "'\(name)' is missing; it must be \(Value.expectation)."
            throw .invalidParams(sentence, pointer: pointer.appending(name))
        }
        return try Value(parameter: value, at: pointer.appending(name))
    }

    /// The member `name`; nil when it is absent or null.
    package func optional<Value: ParameterValue>(
        _ name: String, as type: Value.Type = Value.self, _ summary: String = ""
    ) throws(RPCError) -> Value? {
        if let declared { return declare(name, isRequired: false, summary, in: declared) }
        guard let value = members[name], !value.isNull else { return nil }
        return try Value(parameter: value, at: pointer.appending(name))
    }

    /// Every member, where the names are somebody's choice and the values alike.
    package func all<Value: ParameterValue>(as type: Value.Type = Value.self) throws(RPCError) -> [(String, Value)] {
        if let declared {
            let (shape, sample) = Value.declaration
            declared.note(others: shape)
            return [("name", sample)]
        }
        var values: [(String, Value)] = []
        for (name, value) in members { values.append((name, try Value(parameter: value, at: pointer.appending(name)))) }
        return values
    }

    /// Refuses a member that has the right type and yet is wrong; what was made up for a declaration never is.
    package func require(_ isFine: Bool, _ name: String, _ complaint: String) throws(RPCError) {
        if !isFine, declared == nil { throw invalid(name, complaint) }
    }

    /// The error for a member that has the right type and yet is wrong. The sentence goes on after its name:
    /// "must not be negative".
    package func invalid(_ name: String, _ complaint: String) -> RPCError {
        .invalidParams("'\(name)' \(complaint).", pointer: pointer.appending(name))
    }

    private static var empty: Parameters { Parameters(members: JSONObject(), pointer: JSONPointer()) }

    private init(members: JSONObject, pointer: JSONPointer) {
        self.members = members
        self.pointer = pointer
        declared = nil
    }

    init(declaring members: Members) {
        self.members = JSONObject()
        pointer = JSONPointer()
        declared = members
    }

    private func declare<Value: ParameterValue>(
        _ name: String, isRequired: Bool, _ summary: String, in members: Members
    ) -> Value {
        let (shape, sample) = Value.declaration
        members.note(Members.Member(name: name, shape: shape, isRequired: isRequired, summary: summary))
        return sample
    }
}

extension Parameters: ParameterValue {
    package static var expectation: String { "an object" }

    package static var declaration: (shape: Shape, sample: Parameters) {
        let members = Members(ofRead: [])
        return (.object(members), Parameters(declaring: members))
    }

    package init(parameter value: JSONValue, at pointer: JSONPointer) throws(RPCError) {
        // Where a language has one empty table for both, an empty object is written as an empty array.
        let isEmptyArray = value.array?.isEmpty ?? false
        guard let members = isEmptyArray ? [:] : value.object else { throw Self.mismatch(value, at: pointer) }
        self.init(members: members, pointer: pointer)
    }
}
