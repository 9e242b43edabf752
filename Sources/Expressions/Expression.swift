package import JSON

/// An expression in CEL, the Common Expression Language: parsed once, evaluated often.
///
/// JSON's `2` is an int and `2.0` a double. There is one extension: in the arithmetic of an int and a double the int
/// becomes a double. There are no message types, and evaluation is bounded, and pure but
/// for the system's time zones, which are read when they are first named.
package struct Expression: Sendable {
    let program: Program

    package init(parsing source: String) throws(ExpressionError) {
        var parser = Parser(source)
        do {
            program = try parser.wholeProgram()
        } catch {
            throw ExpressionError(error, in: source)
        }
    }

    init(_ program: Program) { self.program = program }

    /// The text of the expression, without what surrounds it in a template.
    package var source: String { program.source }

    package func evaluate(_ bindings: Bindings) throws(ExpressionError) -> JSONValue {
        var budget = Budget()
        return try evaluate(bindings, &budget)
    }

    /// Evaluates a condition. A value that is neither true nor false is an evaluation error.
    package func holds(_ bindings: Bindings) throws(ExpressionError) -> Bool {
        var budget = Budget()
        return try run(bindings, &budget) { evaluator throws(Failure) in try evaluator.condition(program.root) }
    }

    func evaluate(_ bindings: Bindings, _ budget: inout Budget) throws(ExpressionError) -> JSONValue {
        try run(bindings, &budget) { evaluator throws(Failure) in
            try evaluator.result { value, budget throws(Reason) in try value.json(&budget) }
        }
    }

    /// The value as it stands in the midst of text.
    func text(_ bindings: Bindings, _ budget: inout Budget) throws(ExpressionError) -> String {
        try run(bindings, &budget) { evaluator throws(Failure) in
            try evaluator.result { value, budget throws(Reason) in try value.text(&budget) }
        }
    }

    @inline(__always)
    private func run<Result>(
        _ bindings: Bindings, _ budget: inout Budget, _ body: (inout Evaluator) throws(Failure) -> Result
    ) throws(ExpressionError) -> Result {
        var evaluator = Evaluator(program, bindings, budget)
        defer { budget = evaluator.budget }
        do throws(Failure) {
            return try body(&evaluator)
        } catch {
            throw ExpressionError(error, in: program.text)
        }
    }
}

extension Expression {
    /// What the expression reads from its bindings.
    package struct Name: Sendable, Hashable {
        /// The bound name, then the members selected from it by constant names: `steps.test["result"].x[i].y` gives
        /// `["steps", "test", "result", "x"]`.
        package var path: [String]
        /// Where the name begins, in UTF-8 bytes as in `ExpressionError.offset`.
        package var offset: Int
        /// Whether `has(…)` merely asks for the last member, which may then be missing.
        package var isTested: Bool

        package init(path: [String], offset: Int, isTested: Bool = false) {
            self.path = path
            self.offset = offset
            self.isTested = isTested
        }
    }

    /// The free names in the order of the text, each at its longest. The variables of macros and the names of types
    /// (`int`, `string`, …) are not among them.
    package var names: [Name] { program.names }

    /// The functions it calls that do not exist. Such a call fails when it is come to, so that whoever can say it
    /// earlier should.
    package var unknownFunctions: [Name] { program.unknownFunctions }
}

extension Expression: Hashable {
    package static func == (left: Expression, right: Expression) -> Bool { left.source.isIdentical(to: right.source) }

    package func hash(into hasher: inout Hasher) { hasher.combine(source) }
}

extension Expression: CustomStringConvertible {
    package var description: String { source }
}
