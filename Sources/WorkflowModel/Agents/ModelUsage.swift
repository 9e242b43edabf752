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

    package static func += (left: inout ModelUsage, right: ModelUsage) {
        left.inputTokens = sum(left.inputTokens, right.inputTokens)
        left.outputTokens = sum(left.outputTokens, right.outputTokens)
        left.cacheReadTokens = sum(left.cacheReadTokens, right.cacheReadTokens)
        left.cacheWriteTokens = sum(left.cacheWriteTokens, right.cacheWriteTokens)
        left.costMicros = sum(left.costMicros, right.costMicros)
        left.modelTurns = sum(left.modelTurns, right.modelTurns)
        left.toolCalls = sum(left.toolCalls, right.toolCalls)
    }

    package mutating func countTurn() { modelTurns = Self.sum(modelTurns, 1) }

    package mutating func countCall() { toolCalls = Self.sum(toolCalls, 1) }

    /// Whoever says such numbers is a stranger: they must not overflow.
    private static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    /// Calls `body` with the name and the value of each member. Not a table of key paths: these are looked up at run
    /// time, which took longer than all else that is done with the numbers.
    private mutating func visit(_ body: (String, inout Int) -> Void) {
        body("inputTokens", &inputTokens)
        body("outputTokens", &outputTokens)
        body("cacheReadTokens", &cacheReadTokens)
        body("cacheWriteTokens", &cacheWriteTokens)
        body("costMicros", &costMicros)
        body("modelTurns", &modelTurns)
        body("toolCalls", &toolCalls)
    }

    /// All of it.
    package var json: JSONValue { self == Self.oneTurn.usage ? Self.oneTurn.json : written }

    private var written: JSONValue {
        var (usage, object) = (self, JSONObject(minimumCapacity: 7))
        usage.visit { object.set($0, to: JSONValue($1)) }
        return .object(object)
    }

    /// A turn of a model that counts no tokens, made once: whoever compares it sees that it is the same.
    private static let oneTurn: (usage: ModelUsage, json: JSONValue) = {
        var usage = ModelUsage()
        usage.countTurn()
        return (usage, usage.written)
    }()
}

extension ModelUsage: JSONEncodable {
    /// What is not nothing.
    package func write(to writer: inout JSONWriter) {
        var usage = self
        writer.beginObject()
        usage.visit { if $1 != 0 { writer.field(named: $0, JSONValue($1)) } }
        writer.endObject()
    }

    package init(json: JSONValue) {
        visit { $1 = max(json[$0]?.int ?? 0, 0) }
    }
}
