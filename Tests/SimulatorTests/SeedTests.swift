import Simulator
import Testing

@Suite("Simulated worlds")
struct SeedTests {
    @Test("Every promise holds, whatever goes wrong", arguments: 1...8 as ClosedRange<UInt64>)
    func faults(seed: UInt64) {
        let outcome = Simulation(seed: seed, options: SimulationOptions()).run()
        #expect(outcome.violation == nil, "simulate --seed \(seed) --verbose tells what happened")
        #expect(outcome.coverage.runCount >= 20)
        #expect(outcome.coverage.faultCount >= 10)
    }

    @Test("Every promise holds when nothing goes wrong", arguments: 1...4 as ClosedRange<UInt64>)
    func noFaults(seed: UInt64) {
        var options = SimulationOptions()
        options.hasFaults = false
        let outcome = Simulation(seed: seed, options: options).run()
        #expect(outcome.violation == nil)
        #expect(outcome.coverage.faults.isEmpty)
    }

    @Test("The same seed is the same world, to the last line; another seed is another")
    func sameSeed() {
        var options = SimulationOptions()
        options.traces = true
        let first = Simulation(seed: 7, options: options).run().trace
        #expect(!first.isEmpty)
        #expect(Simulation(seed: 7, options: options).run().trace == first)
        #expect(Simulation(seed: 8, options: options).run().trace != first)
    }
}
