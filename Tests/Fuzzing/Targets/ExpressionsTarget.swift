import Expressions
import JSON

/// An expression, by itself and in a template, is parsed or refused at a place in its text; it is worth the same each
/// time, within its budget, and its value can be written.
func checkExpression(_ bytes: UnsafeRawBufferPointer) throws(BrokenPromise) {
    let source = bytes.text
    switch Result(catching: { () throws(ExpressionError) in try Expression(parsing: source) }) {
    case .success(let expression): try check(expression, in: source)
    case .failure(let error): try check(error, in: source)
    }
    guard let template = try? Template(parsing: .string(source)) else { return }
    try checkValue(in: source) { () throws(ExpressionError) in try template.evaluate(bindings) }
}

private let bindings: Bindings = [
    "input": ["n": 3, "x": 1.5, "text": "näh 🛑", "list": [1, 2.0, "3", nil, true], "a.b": ["c": [:]]],
    "state": ["time": "2026-01-31T09:30:00Z", "big": .number(JSONNumber(Int.max))], "result": nil, "a.b": [[]],
]

private func check(_ expression: Expression, in source: String) throws(BrokenPromise) {
    let text = expression.source
    let again = try reading(text) { () throws(ExpressionError) in try Expression(parsing: text) }
    try promise(again == expression, "\(text) is the expression it came from.")
    try promise(again.names == expression.names, "\(text) names the same.")
    for name in expression.names + expression.unknownFunctions {
        try promise((0..<source.utf8.count).contains(name.offset), "\(name.path) stands in the text.")
    }
    try checkValue(in: source) { () throws(ExpressionError) in try expression.evaluate(bindings) }
    let value = try? expression.evaluate(bindings)
    let condition = try? expression.holds(bindings)
    try promise(condition == nil || condition == value?.bool, "\(source) holds when its value is true.")
}

private func checkValue(
    in source: String, _ evaluate: () throws(ExpressionError) -> JSONValue
) throws(BrokenPromise) {
    let outcome = Result(catching: evaluate)
    try promise(outcome == Result(catching: evaluate), "\(source) is worth the same each time.")
    switch outcome {
    case .failure(let error): try check(error, in: source)
    case .success(let value):
        let text = value.serialized()
        let again = try reading(text) { () throws(JSONError) in try JSONValue(parsing: text) }
        try promise(again == value, "\(text) is the value of \(source).")
    }
}

private func check(_ error: ExpressionError, in source: String) throws(BrokenPromise) {
    try promise((0...source.utf8.count).contains(error.offset), "\(error.offset) is a place in \(source).")
    try promise(!error.message.isEmpty, "The error in \(source) has words.")
}
