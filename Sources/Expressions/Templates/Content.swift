internal import JSON

extension Template {
    /// A parsed template; what holds no expression is one constant, however large.
    indirect enum Content: Sendable {
        case constant(JSONValue)
        case expression(Expression)
        case text([Piece])
        case array([Content])
        case object([(key: String, value: Content)])
    }

    /// A part of a string.
    enum Piece: Sendable {
        case literal(String)
        case expression(Expression)
    }
}

extension Template.Content {
    func evaluate(_ bindings: Bindings, _ budget: inout Budget) throws(ExpressionError) -> JSONValue {
        switch self {
        case .constant(let value):
            return value
        case .expression(let expression):
            return try expression.evaluate(bindings, &budget)
        case .text(let pieces):
            var text = ""
            for piece in pieces {
                switch piece {
                case .literal(let literal): text += literal
                case .expression(let expression): text += try expression.text(bindings, &budget)
                }
            }
            return .string(text)
        case .array(let contents):
            var elements: [JSONValue] = []
            elements.reserveCapacity(contents.count)
            for content in contents { elements.append(try content.evaluate(bindings, &budget)) }
            return .array(elements)
        case .object(let contents):
            var members = JSONObject(minimumCapacity: contents.count)
            for (key, content) in contents { members.set(key, to: try content.evaluate(bindings, &budget)) }
            return .object(members)
        }
    }

    func collect(at pointer: JSONPointer, into found: inout [(JSONPointer, Expression)]) {
        switch self {
        case .constant:
            break
        case .expression(let expression):
            found.append((pointer, expression))
        case .text(let pieces):
            for case .expression(let expression) in pieces { found.append((pointer, expression)) }
        case .array(let contents):
            for (index, content) in contents.enumerated() {
                content.collect(at: pointer.appending(index), into: &found)
            }
        case .object(let contents):
            for (key, content) in contents { content.collect(at: pointer.appending(key), into: &found) }
        }
    }
}
