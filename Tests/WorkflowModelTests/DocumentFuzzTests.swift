import Glibc
import JSON
import Testing
import WorkflowModel

@Suite("Documents that are broken at random")
struct DocumentFuzzTests {
    /// More rounds, or others, are asked for by hand: FERMATA_FUZZ=FIRST:COUNT.
    private static let rounds: Range<Int> = {
        let asked =
            getenv("FERMATA_FUZZ").map { String(cString: $0) }?.split(separator: ":").compactMap { Int($0) } ?? []
        return asked.count == 2 ? asked[0]..<asked[0] + asked[1] : 0..<2000
    }()

    @Test("Each gives a workflow or an error, and every problem once and where it is")
    func broken() throws {
        let schema = try JSONSchema(DocumentSchema.document)
        var workflows = 0
        for round in Self.rounds {
            var mutator = Mutator(seed: UInt64(round))
            let document = mutator.broken(mutator.pick(Examples.all))
            var problems: [Problem]
            do {
                let (workflow, warnings) = try Workflow.parse(document)
                workflows += 1
                problems = warnings
                try #require(!warnings.contains { $0.severity == .error }, "round \(round)")
                try #require(schema.validate(document) == [], "round \(round): \(document)")
                _ = workflow.expandedDocument
            } catch let error as InvalidWorkflow {
                problems = error.problems
                try #require(problems.contains { $0.severity == .error }, "round \(round)")
            }
            try #require(Set(problems).count == problems.count, "round \(round): \(repeated(problems))")
            let lost = problems.first { !leadsSomewhere($0.pointer, in: document) }
            try #require(lost == nil, "round \(round): \(lost?.pointer.description ?? "")")
        }
        #expect(workflows > Self.rounds.count / 100)
        #expect(workflows < Self.rounds.count)
    }

    private func repeated(_ problems: [Problem]) -> [Problem] {
        problems.indices.filter { problems[..<$0].contains(problems[$0]) }.map { problems[$0] }
    }

    /// To a value, or to a member that is missing from one.
    private func leadsSomewhere(_ pointer: JSONPointer, in document: JSONValue) -> Bool {
        if pointer.resolve(in: document) != nil { return true }
        let parent = JSONPointer(tokens: Array(pointer.tokens.dropLast()))
        return parent.resolve(in: document) != nil
    }

    @Test(
        "As deep as JSON goes, whatever is nested: steps that deep are refused",
        arguments: [
            (1, "compensate.misplaced", ["call": "x", "compensate": "HERE"]),
            (2, "document.tooDeep", ["parallel": ["a": "HERE"]]),
            (2, "document.tooDeep", ["forEach": ["in": [1], "do": "HERE"]]),
            (4, "document.tooDeep", ["flow": ["START": "a", "a": ["parallel": ["b": "HERE"]]]]),
            (2, "document.tooDeep", ["routing": ["classify": "HERE", "routes": ["a": ["set": [:]]]]]),
            (2, "document.tooDeep", ["parallelization": ["split": [1], "merge": ["set": [:]], "each": "HERE"]]),
            (1, "document.wrongType", ["HERE"]), (1, "document.missingMember", ["a": "HERE"]),
        ] as [(Int, String, JSONValue)])
    func deep(levels: Int, kind: String, wrap: JSONValue) throws {
        let count = (JSONValue.maximumDepth - 10) / levels
        let step = (0..<count).reduce(["parallel": ["b": ["call": "x"]]] as JSONValue) { step, _ in filled(wrap, step) }
        let deep = document(["START": "a", "a": ["parallel": ["b": step]]])
        #expect(try JSONValue(parsing: deep.serialized()) == deep)
        let problems = Workflow.problems(in: deep)
        #expect(problems.map(\.kind) == [kind])
        _ = Workflow.problems(in: ["name": "w", "state": step, "input": step, "output": step])
    }

    /// The inner value in the place that is marked for it.
    private func filled(_ outer: JSONValue, _ inner: JSONValue) -> JSONValue {
        switch outer {
        case "HERE": inner
        case .object(let object): .object(JSONObject(object.map { ($0.key, filled($0.value, inner)) }))
        case .array(let elements): .array(elements.map { filled($0, inner) })
        default: outer
        }
    }

    @Test("A huge document with a mistake everywhere is told of in good time, and not without end")
    func huge() {
        var flow: JSONObject = ["START": "nowhere"]
        for index in 0..<5_000 {
            flow["step-\(index)"] = ["call": "x", "next": .string("stpe-\(index + 1)"), "with": "${steps.none.result}"]
        }
        let problems = Workflow.problems(in: document(.object(flow)))
        #expect(problems.count(where: { $0.severity == .error }) == 1000)
        let long = String(repeating: "long", count: 100_000)
        let named = Workflow.problems(
            in: document(["START": .string(long), long + "x": ["call": .string(long), "cal": 1]]))
        #expect(named.map(\.kind) == ["flow.unknownTarget", "document.badName", "document.unknownMember"])
    }
}
