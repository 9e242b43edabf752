import Glibc
import JSON
import Testing
import WorkflowModel

/// `FERMATA_SEEDS` says how many runs are made up, `FERMATA_SEED` which one alone.
@Suite("Made-up workflows under made-up commands")
struct RandomRunTests {
    private static let lanes = 4

    @Test("What must hold of every run holds", arguments: 0..<lanes)
    func holds(lane: Int) throws {
        if let seed = Self.number("FERMATA_SEED") {
            if lane == 0 { Self.tell(try Self.failure(of: seed)) }
            return
        }
        var failures = 0
        for seed in stride(from: lane, to: Self.number("FERMATA_SEEDS") ?? 500, by: Self.lanes) where failures < 3 {
            guard let failure = try Self.failure(of: seed) else { continue }
            failures += 1
            Self.tell(failure)
        }
    }

    private static func number(_ name: String) -> Int? {
        getenv(name).flatMap { Int(String(cString: $0)) }
    }

    private static func tell(_ failure: String?) {
        if let failure { Issue.record(Comment(rawValue: failure)) }
    }

    /// What went wrong with that seed; nil when nothing did.
    private static func failure(of seed: Int) throws -> String? {
        var maker = RandomDocument(seed: seed)
        let document = maker.workflow()
        let options = maker.options()
        let story = "FERMATA_SEED=\(seed) \(document.serialized()) options \(options?.serialized() ?? "none")"
        do {
            var run = try RandomRun(Workflow.parse(document).0, options: options, seed: seed)
            do {
                try run.drive()
                return nil
            } catch {
                return "\(error)\n\(story)\n\(run.trail.suffix(60).joined(separator: "\n"))"
            }
        } catch {
            return "\(error)\n\(story)"
        }
    }
}
