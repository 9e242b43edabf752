package import JSON
package import RPC

/// The id of a process.
package struct ProcessID: Sendable, Hashable {
    package var number: Int
}

extension ProcessID: ParameterValue {
    package static var expectation: String { "the id of a process" }
    package static var declaration: (shape: Shape, sample: ProcessID) { (.sequence, ProcessID(number: 1)) }

    package init(parameter value: JSONValue, at pointer: JSONPointer) throws(RPCError) {
        guard let number = value.int, number >= 1, Int32(exactly: number) != nil else {
            throw Self.mismatch(value, at: pointer)
        }
        self.number = number
    }
}
