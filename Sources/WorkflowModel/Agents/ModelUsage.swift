package import JSON

/// What models were given and gave.
package struct ModelUsage: Sendable, Hashable {
    /// Those read from a cache or written to it are not among them.
    package var inputTokens = 0
    package var outputTokens = 0
    package var cacheReadTokens = 0
    package var cacheWriteTokens = 0
    /// In millionths of the currency that the provider's prices are in; 0 where it has none.
    package var costMicros = 0
    package var modelTurns = 0
    package var toolCalls = 0

    package init() {}

    /// What a budget counts.
    package var tokens: Int { Self.sum(inputTokens, outputTokens) }

    private static let members: [(name: StaticString, path: any WritableKeyPath<ModelUsage, Int> & Sendable)] = [
        ("inputTokens", \.inputTokens), ("outputTokens", \.outputTokens), ("cacheReadTokens", \.cacheReadTokens),
        ("cacheWriteTokens", \.cacheWriteTokens), ("costMicros", \.costMicros), ("modelTurns", \.modelTurns),
        ("toolCalls", \.toolCalls),
    ]

    package static func += (left: inout ModelUsage, right: ModelUsage) {
        for (_, path) in members { left[keyPath: path] = sum(left[keyPath: path], right[keyPath: path]) }
    }

    /// Whoever says such numbers is a stranger: they must not overflow.
    private static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    /// All of it.
    package var json: JSONValue {
        var object = JSONObject()
        for (name, path) in Self.members { object[name.description] = .number(JSONNumber(self[keyPath: path])) }
        return .object(object)
    }
}

extension ModelUsage: JSONEncodable {
    /// What is not nothing.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        for (name, path) in Self.members where self[keyPath: path] != 0 { writer.field(name, self[keyPath: path]) }
        writer.endObject()
    }

    package init(json: JSONValue) {
        for (name, path) in Self.members { self[keyPath: path] = max(json[name.description]?.int ?? 0, 0) }
    }
}
