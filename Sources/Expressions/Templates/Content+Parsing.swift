internal import JSON

extension Template.Content {
    init(parsing source: JSONValue, at pointer: JSONPointer) throws(TemplateError) {
        switch source {
        case .null, .bool, .number:
            self = .constant(source)
        case .string(let text):
            do throws(ExpressionError) {
                self = try Self.string(text)
            } catch {
                throw TemplateError(pointer: pointer, error: error)
            }
        case .array(let elements):
            var contents: [Self] = []
            contents.reserveCapacity(elements.count)
            for (index, element) in elements.enumerated() {
                contents.append(try Self(parsing: element, at: pointer.appending(index)))
            }
            let constants = contents.compactMap(\.constant)
            self = constants.count == contents.count ? .constant(.array(constants)) : .array(contents)
        case .object(let members):
            var contents: [(key: String, value: Self)] = []
            contents.reserveCapacity(members.count)
            for (key, value) in members {
                contents.append((key, try Self(parsing: value, at: pointer.appending(key))))
            }
            let constants = contents.compactMap { content in content.value.constant.map { (content.key, $0) } }
            self = constants.count == contents.count ? .constant(.object(JSONObject(constants))) : .object(contents)
        }
    }

    private var constant: JSONValue? {
        guard case .constant(let value) = self else { return nil }
        return value
    }

    private static func string(_ text: String) throws(ExpressionError) -> Self {
        let bytes = Array(text.utf8)
        var pieces: [Template.Piece] = []
        var literal: [UInt8] = []
        var position = 0
        while let dollar = bytes[position...].firstIndex(of: .dollar) {
            literal += bytes[position..<dollar]
            position = dollar
            if bytes[dollar...].starts(with: "$${".utf8) {
                literal += "${".utf8
                position += 3
            } else if bytes[dollar...].starts(with: "${".utf8) {
                if !literal.isEmpty { pieces.append(.literal(String(decoding: literal, as: UTF8.self))) }
                literal = []
                let program: Program
                do throws(Failure) {
                    (program, position) = try Parser.embedded(in: text, bytes, from: dollar + 2)
                } catch {
                    throw ExpressionError(error, in: text)
                }
                pieces.append(.expression(Expression(program)))
            } else {
                literal.append(.dollar)
                position += 1
            }
        }
        literal += bytes[position...]
        if pieces.isEmpty { return .constant(.string(String(decoding: literal, as: UTF8.self))) }
        if pieces.count == 1, literal.isEmpty, case .expression(let expression) = pieces[0] {
            return .expression(expression)
        }
        if !literal.isEmpty { pieces.append(.literal(String(decoding: literal, as: UTF8.self))) }
        return .text(pieces)
    }
}
