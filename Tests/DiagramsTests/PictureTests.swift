import Testing
import WorkflowModel

@testable import Diagrams

@Suite("What a picture shows")
struct PictureTests {
    private func picture(_ flow: String) throws -> Picture {
        Diagram.of(try Examples.workflow("w", "{\"name\": \"NAME\", \"flow\": \(flow)}")).picture
    }

    /// Each way as `from -label-> to`.
    private func ways(of picture: Picture) -> [String] {
        picture.ways.map { way in
            let label = way.label.joined(separator: ", ")
            return "\(picture.nodes[way.from].name) -\(label)-> \(picture.nodes[way.to].name)"
        }
    }

    @Test(
        "Every way is there, with its condition",
        arguments: [
            ("{\"START\": \"a\", \"a\": {\"call\": \"x\"}}", ["START --> a", "a --> END"]),
            (
                "{\"START\": \"a\", \"a\": {\"call\": \"x\", \"onError\": \"a\", \"next\": \"END\"}}",
                ["START --> a", "a --> END", "a -on error-> a"]
            ),
            (
                "{\"START\": \"a\", \"a\": {\"approval\": {\"message\": \"?\"}, \"next\": \"b\"}, \"b\": {\"call\": \"x\"}}",
                ["START --> a", "a -approved-> b", "a -else-> END", "b --> END"]
            ),
            (
                "{\"START\": \"a\", \"a\": {\"approval\": {\"message\": \"?\"}, \"next\": \"END\"}}",
                ["START --> a", "a --> END"]
            ),
            (
                "{\"START\": \"a\", \"a\": {\"fail\": {\"kind\": \"k\", \"message\": \"m\"}}}", ["START --> a"]
            ),
            (
                """
                {"START": "a", "a": {"call": "x", "next": [{"when": "1 < 2", "to": "END"}, {"when": "true", "to": "a"},
                {"to": "END"}]}}
                """, ["START --> a", "a -1 < 2, else-> END", "a -true-> a"]
            ),
            (
                "{\"START\": \"a\", \"a\": {\"call\": \"x\", \"compensate\": {\"call\": \"y\"}}}",
                ["START --> a", "a --> END", "a -undone by-> compensate"]
            ),
            ("{\"START\": \"END\"}", ["START --> END"]),
        ])
    func ways(flow: String, told: [String]) throws {
        #expect(Set(ways(of: try picture(flow))) == Set(told))
    }

    @Test("Branches stand between two bars, one of a plan's workers between hollow ones")
    func bars() throws {
        let gates = Diagram.of(try Examples.named("gates")).picture
        let review = try #require(gates.nodes.first { $0.name == "review" }?.inside)
        #expect(review.nodes.map(\.name) == ["", "legal", "budget", "tests", ""])
        #expect(review.nodes.first?.shape == .bar(isHollow: false))
        #expect(review.nodes[1].shape == .hexagon)
        #expect(review.nodes[2].inside?.nodes.map(\.name) == ["START", "ask", "board", "book", "END"])
        #expect(gates.nodes.last?.inside?.nodes.map(\.name) == ["START", "sweep", "lock", "END"])
        let plan = Diagram.of(try Examples.named("orchestrator")).picture
        let delegate = try #require(plan.nodes.first { $0.name == "delegate" })
        #expect(delegate.shape == .frame(.stack))
        #expect(delegate.inside?.nodes.last?.shape == .bar(isHollow: true))
    }

    @Test("Beyond two thousand steps the rest is counted")
    func bounded() throws {
        let steps = (0..<2_500).map {
            "\"s\($0)\": {\"call\": \"x\", \"next\": \"\($0 < 2499 ? "s\($0 + 1)" : "END")\"}"
        }
        let picture = try picture("{\"START\": \"s0\", \(steps.joined(separator: ", "))}")
        #expect(picture.nodes.count == 2_003)
        #expect(picture.nodes.last?.name == "… 500 steps more")
    }

    @Test("Beyond six thousand ways the rest is counted")
    func boundedWays() throws {
        let names = (0..<90).map { "s\($0)" }
        let choices = names.map { "{\"when\": \"state.x\", \"to\": \"\($0)\"}" } + ["{\"to\": \"END\"}"]
        let steps = names.map { "\"\($0)\": {\"call\": \"x\", \"next\": [\(choices.joined(separator: ", "))]}" }
        let picture = try picture("{\"START\": \"s0\", \(steps.joined(separator: ", "))}")
        #expect(picture.ways.count == 6_000)
        #expect(picture.nodes.last?.name == "… 2191 ways more")
    }
}
