package import JSON
package import RPC

/// A client's choice of a run's id: 1 to 64 letters, digits and the marks . _ -.
package struct ChosenRunID: Sendable, Hashable {
    package var text: String
}

extension ChosenRunID: ParameterValue {
    package static var expectation: String { "1 to 64 letters, digits and the marks . _ -" }
    package static var declaration: (shape: Shape, sample: ChosenRunID) {
        (.text(pattern: "[A-Za-z0-9._-]{1,64}"), ChosenRunID(text: "run"))
    }

    package init(parameter value: JSONValue, at pointer: JSONPointer) throws(RPCError) {
        guard let text = value.string, Self.isRunID(text) else { throw Self.mismatch(value, at: pointer) }
        self.text = text
    }

    private static func isRunID(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
    }
}
