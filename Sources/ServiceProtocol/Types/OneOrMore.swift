package import JSON
package import RPC

/// A list, or its only element.
package struct OneOrMore<Element: ParameterValue> {
    package var elements: [Element]
}

extension OneOrMore: Sendable where Element: Sendable {}

extension OneOrMore: ParameterValue {
    package static var expectation: String { Element.expectation + ", or an array" }
    package static var declaration: (shape: Shape, sample: OneOrMore) {
        let (shape, sample) = Element.declaration
        return (.either([shape, .list(shape)]), OneOrMore(elements: [sample]))
    }

    package init(parameter value: JSONValue, at pointer: JSONPointer) throws(RPCError) {
        let isList = value.array != nil
        elements = isList ? try [Element](parameter: value, at: pointer) : [try Element(parameter: value, at: pointer)]
    }
}
