import Testing
import WorkflowCore
import WorkflowModel

@Suite("Made-up programs, cut off anywhere and replayed")
struct RandomProgramTests {
    private static let seeds = 3000

    /// The record of a program that was cut off somewhere, and the order in which it had its answers.
    private func cutOff(
        _ program: RandomProgram, isPure: Bool, _ random: inout SeededNumbers
    ) throws -> RandomExecution {
        var execution = RandomExecution(program, isPure: isPure, record: ProgramRecord(), seq: 0)
        var left = random.number(0..<25)
        while left > 0, try execution.step(&random) { left -= 1 }
        return execution
    }

    @Test("The same program comes to its end, whatever order it asks in, and has the recorded answers in their order")
    func unchanged() throws {
        for seed in 0..<Self.seeds {
            var random = SeededNumbers(seed: seed)
            let program = RandomProgram(&random)
            // Where steps race, what is asked depends on the order of the answers, and a replay must keep that.
            let isPure = program.nodes.contains(where: \.races) || random.happens(30)
            let first = try cutOff(program, isPure: isPure, &random)
            var again = RandomExecution(program, isPure: isPure, record: first.record, seq: first.lastSeq)
            while try again.step(&random) {}
            #expect(again.hasEnded, "\(seed): it stands still with \(String(describing: again.verdict()))")
            #expect(again.verdict() == nil, "\(seed)")
            let recorded = first.order
            #expect(again.order.filter(recorded.contains) == recorded, "\(seed)")
        }
    }

    @Test("A program that asks for another step than a recorded one is found, and begins nothing")
    func changed() throws {
        var found = 0
        for seed in 0..<Self.seeds {
            var random = SeededNumbers(seed: seed)
            let program = RandomProgram(&random)
            let first = try cutOff(program, isPure: true, &random)
            guard let lost = first.record.entries.randomElement(using: &random) else { continue }
            found += 1
            var again = RandomExecution(
                program, isPure: true, renamed: (lost.key, "changed"), record: first.record, seq: first.lastSeq)
            while try again.step(&random) {}
            #expect(again.verdict()?.expected == lost.key, "\(seed)")
            #expect(again.record.entries.count == first.record.entries.count, "\(seed)")
        }
        #expect(found > Self.seeds / 2)
    }
}
