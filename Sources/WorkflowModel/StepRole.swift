package import JSON

/// What a pattern expects of one of its steps: how its result is read, and what is wrong with it otherwise.
package enum StepRole: Sendable {
    /// Gives the key of a route.
    case classify(routes: [String], hasDefault: Bool)
    /// Gives `{goal, steps [{id, description, worker, input, dependsOn[]}]}`.
    case plan(workers: [String])
    /// Gives a list of subtasks.
    case split
    /// Gives a draft.
    case draft
    /// Gives `{score, passed, feedback, criteria[]}`.
    case evaluate(Evaluator)

    /// The result as the pattern understands it; it is what `result` means for the next step.
    package func read(_ result: JSONValue, of kind: StepKind) throws(Failure) -> JSONValue {
        let answer = result.answer(of: kind)
        return switch self {
        case .classify(let routes, let hasDefault): try Self.route(answer, routes, hasDefault)
        case .plan(let workers): try Plan.check(answer, workers: workers)
        case .split: try Self.subtasks(answer)
        case .draft: result
        case .evaluate(let evaluator): try evaluator.read(answer)
        }
    }

    private static func route(
        _ answer: JSONValue, _ routes: [String], _ hasDefault: Bool
    ) throws(Failure) -> JSONValue {
        // A model is asked for {"route": …} as often as for the bare key.
        let key = (answer["route"] ?? answer).string.map { $0.trimmed }
        if let key, routes.contains(key) { return .string(key) }
        if hasDefault { return key.map { .string($0) } ?? answer }
        throw Failure(
            kind: "routing.noRoute",
            message:
                "\(answer.serialized()) is none of the routes \(routes.joined(separator: ", ")), and none is the default."
        )
    }

    private static func subtasks(_ answer: JSONValue) throws(Failure) -> JSONValue {
        let list = answer["subtasks"] ?? answer
        if case .array = list { return list }
        throw Failure(kind: "split.invalid", message: "split must give a list of subtasks, not \(list.typeName).")
    }
}

/// How an evaluation is read, and when it is good enough.
package struct Evaluator: Sendable, Hashable {
    package struct Criterion: Sendable, Hashable {
        package var name: String
        package var description: String?
        package var threshold: Double?
        package var weight: Double
    }

    /// From which score on a draft is good enough; nil leaves that to `passed`.
    package var threshold: Double?
    /// How many evaluations there may be, the first draft's included.
    package var maxIterations: Int
    package var criteria: [Criterion]

    /// `{score, passed, feedback?, criteria?}` with both of the first two; a missing score follows from the criteria's.
    func read(_ answer: JSONValue) throws(Failure) -> JSONValue {
        let answer = Self.bareScore(answer) ?? answer
        guard case .object(var evaluation) = answer, let score = score(of: answer) else {
            throw Failure(
                kind: "evaluation.noScore", message: "The evaluation has no score: \(answer.excerpt)")
        }
        if evaluation["score"]?.double == nil { evaluation["score"] = JSONNumber(score).map { .number($0) } }
        evaluation["passed"] = .bool(passes(score, answer))
        return .object(evaluation)
    }

    /// A command or a model that is asked for a score may give the number alone.
    private static func bareScore(_ answer: JSONValue) -> JSONValue? {
        let number = answer.number ?? answer.string.flatMap { JSONNumber(parsing: $0) }
        return number.map { ["score": .number($0)] }
    }

    private func passes(_ score: Double, _ answer: JSONValue) -> Bool {
        for criterion in criteria {
            guard let threshold = criterion.threshold else { continue }
            if let own = Self.score(of: criterion.name, in: answer), own < threshold { return false }
        }
        if let threshold { return score >= threshold }
        return answer["passed"]?.bool ?? false
    }

    private func score(of answer: JSONValue) -> Double? {
        if let score = answer["score"]?.double, score.isFinite { return score }
        var sum = 0.0
        var weights = 0.0
        for criterion in criteria {
            guard let score = Self.score(of: criterion.name, in: answer) else { return nil }
            sum += score * criterion.weight
            weights += criterion.weight
        }
        return weights > 0 ? sum / weights : nil
    }

    private static func score(of criterion: String, in answer: JSONValue) -> Double? {
        switch answer["criteria"] {
        case .array(let entries): entries.first { $0["name"]?.string == criterion }?["score"]?.double
        case let entries?: entries[criterion]?["score"]?.double ?? entries[criterion]?.double
        case nil: nil
        }
    }
}

extension JSONValue {
    /// What a step of this kind has answered, without what is told about it: a model's output or text, what a command
    /// printed, each read as JSON where it is JSON; anything else as it is.
    package func answer(of kind: StepKind) -> JSONValue {
        switch kind {
        case .agent:
            if let output = self["output"], !output.isNull { return output }
            return self["text"]?.string.map(JSONValue.spoken) ?? self
        case .command: return self["stdout"]?.string.map(JSONValue.spoken) ?? self
        default: return string.map(JSONValue.spoken) ?? self
        }
    }

    /// The JSON that a text is, perhaps within a fenced block; nil when it is none.
    package init?(written text: String) {
        guard let value = try? JSONValue(parsing: text.trimmed.unfenced) else { return nil }
        self = value
    }

    /// JSON that somebody wrote, perhaps within a fenced block; a text otherwise.
    private static func spoken(_ text: String) -> JSONValue {
        let trimmed = text.trimmed
        let inner = trimmed.unfenced
        // A bare number or word is as likely to be prose.
        guard inner.hasPrefix("{") || inner.hasPrefix("[") || inner.hasPrefix("\"") else { return .string(trimmed) }
        return (try? JSONValue(parsing: inner)) ?? .string(trimmed)
    }
}

extension JSONValue {
    /// The beginning of its text, for a sentence about it.
    var excerpt: String {
        let text = serialized()
        return text.utf8.count > 200 ? text.prefix(200) + "…" : text
    }
}

extension String {
    var trimmed: String {
        let blank: (Character) -> Bool = { $0.isWhitespace }
        return String(drop(while: blank).reversed().drop(while: blank).reversed())
    }

    /// What stands between the marks of a fenced block, if the text is one.
    fileprivate var unfenced: String {
        guard hasPrefix("```"), hasSuffix("```"), count > 6, let lineEnd = firstIndex(where: \.isNewline) else {
            return self
        }
        return String(self[index(after: lineEnd)...].dropLast(3)).trimmed
    }
}
