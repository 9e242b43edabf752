import Testing
import WorkflowModel

@testable import Diagrams

@Suite("Where a run stands")
struct StandingTests {
    @Test(
        "A path leads to its step",
        arguments: [
            ("gates", "prepare", "prepare", "call"), ("gates", "prepare#17", "prepare", "call"),
            ("gates", "review", "review", "parallel"), ("gates", "review[legal]", "legal", "approval"),
            ("gates", "review[budget]/board#2", "board", "approval"), ("gates", "review#2[tests]", "tests", "command"),
            ("gates", "ship/compensate", "compensate", "call"), ("gates", "cleanup/sweep", "sweep", "call"),
            ("gates", "cleanup#2/lock", "lock", "command"),
            ("each", "all[12]/mend", "mend", "agent"), ("nested", "route/classify", "classify", "call"),
            ("nested", "route/deep", "deep", "evaluatorOptimizer"), ("nested", "route/deep/judge", "judge", nil),
            ("nested", "route/deep/evaluate#2", "evaluate", "call"),
            ("nested", "route/wide/each[3]/each[0]", "each", "call"),
            ("nested", "route/wide/each[3]/merge", "merge", "call"),
            ("orchestrator", "delegate[1]", "writer", "agent"), ("orchestrator", "delegate[0]", "researcher", "call"),
            ("orchestrator", "delegate[2]/judge", "judge", "approval"),
            ("gates", "", "prepare", nil), ("gates", "nobody", "nobody", nil), ("gates", "review[none]", "none", nil),
            ("gates", "review[budget]/none", "none", nil), ("gates", "prepare/x/y", "y", nil),
        ] as [(String, String, String, String?)])
    func paths(workflow: String, path: String, name: String, kind: String?) throws {
        let step = Standing(of: try Examples.named(workflow)).step(at: path, named: name)
        #expect(step?.kind.name == kind)
        if let step { #expect(step.name == name) }
    }

    @Test("Every time it is done counts; the newest status stands")
    func counts() throws {
        let workflow = try Examples.named("each")
        let read = try #require(workflow.flow["all"]?.kind.flows.first?.flow["read"])
        var standing = Standing(of: workflow)
        #expect(standing.mark(of: read) == nil)
        for item in 0..<3 {
            standing.record(.active, path: "all[\(item)]/read", step: "read")
            standing.record(.done, path: "all[\(item)]/read", step: "read")
        }
        standing.record(.failed, path: "all[3]/read", step: "read")
        #expect(standing.mark(of: read) == Standing.Mark(status: .failed, times: 3))
    }

    @Test("When a run has ended, what nothing became of was skipped")
    func ended() throws {
        let workflow = try Examples.named("linear")
        var standing = Standing(of: workflow)
        standing.record(.done, path: "fetch", step: "fetch")
        standing.record(.active, path: "summarise", step: "summarise")
        standing.end()
        #expect(workflow.flow.steps.map { standing.mark(of: $0)?.status } == [.done, .skipped, .skipped, .skipped])
    }

    @Test("The ways that were gone are thicker")
    func ways() throws {
        let workflow = try Examples.named("build-and-deploy")
        var standing = Standing(of: workflow)
        standing.record(decision: .step("fix"), path: "test", step: "test")
        let picture = Diagram.of(workflow, standing).picture
        let gone = picture.ways.filter(\.wasGone).map { "\(picture.nodes[$0.from].name)-\(picture.nodes[$0.to].name)" }
        #expect(gone == ["START-clone", "test-fix"])
        #expect(Diagram.of(workflow).picture.ways.allSatisfy { !$0.wasGone })
    }
}
