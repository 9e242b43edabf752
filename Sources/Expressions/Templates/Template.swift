package import JSON

/// A JSON value in which any string may hold `${…}` around an expression; the keys of objects are literal.
///
/// A string that is exactly one `${…}` becomes the expression's value, whatever its type. In the midst of text the value
/// is written into it: null as nothing, a string as it is, all else as compact JSON. `$${` is a literal `${`, and text
/// that was put in is not looked at again.
package struct Template: Sendable {
    package let source: JSONValue
    let content: Content

    package init(parsing source: JSONValue) throws(TemplateError) {
        self.source = source
        content = try Content(parsing: source, at: JSONPointer())
    }

    /// Whether it holds no expression, and so has one value.
    package var isConstant: Bool {
        if case .constant = content { true } else { false }
    }

    /// All expressions in the order of the document, with the string that holds each. Offsets in an expression's names
    /// and errors count from the beginning of that string.
    package var expressions: [(pointer: JSONPointer, expression: Expression)] {
        var found: [(JSONPointer, Expression)] = []
        content.collect(at: JSONPointer(), into: &found)
        return found
    }

    /// All expressions of the template share one budget. A constant does not ask for the bindings.
    package func evaluate(_ bindings: @autoclosure () -> Bindings) throws(ExpressionError) -> JSONValue {
        if case .constant(let value) = content { return value }
        var budget = Budget()
        return try content.evaluate(bindings(), &budget)
    }
}

/// A template that holds something that is no expression, and where.
package struct TemplateError: Error, Sendable, Hashable {
    /// The string in the template's source.
    package let pointer: JSONPointer
    /// Its offset counts from the beginning of that string.
    package let error: ExpressionError
}

extension Template: Hashable {
    package static func == (left: Template, right: Template) -> Bool { left.source == right.source }

    package func hash(into hasher: inout Hasher) { hasher.combine(source) }
}
