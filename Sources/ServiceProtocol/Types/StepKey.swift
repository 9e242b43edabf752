package import JSON
package import RPC

/// What a program calls a step: unique in its run, and the step's path. 1 to 128 bytes, without `/`, `[`, `]` and control characters.
package struct StepKey: Sendable, Hashable {
    package var text: String
}

extension StepKey: ParameterValue {
    package static var expectation: String { "1 to 128 bytes without /, [, ] and control characters" }
    package static var declaration: (shape: Shape, sample: StepKey) {
        (.text(pattern: #"[^/\[\]\x00-\x1f\x7f]{1,128}"#), StepKey(text: "step"))
    }

    package init(parameter value: JSONValue, at pointer: JSONPointer) throws(RPCError) {
        guard let text = value.string, Self.isKey(text) else { throw Self.mismatch(value, at: pointer) }
        self.text = text
    }

    /// A path uses those marks for what stands inside a step.
    private static func isKey(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0..<0x20, 0x7F, UInt8(ascii: "/"), UInt8(ascii: "["), UInt8(ascii: "]"): false
                default: true
                }
            }
    }
}
