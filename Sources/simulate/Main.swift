import Dispatch
import Glibc
import Simulator
import Synchronization

/// Simulates seeds, on all cores, and prints the first one that breaks a promise.
@main
enum Main {
    static func main() {
        guard let arguments = Arguments(CommandLine.arguments.dropFirst()) else {
            print(Arguments.usage)
            exit(2)
        }
        if arguments.isVerbose {
            var options = arguments.options
            options.traces = true
            for line in Simulation(seed: arguments.seed, options: options).run().trace { print(line) }
        }
        let results = Results()
        DispatchQueue.concurrentPerform(iterations: arguments.seeds) { index in
            guard !results.hasFailed else { return }
            results.add(Simulation(seed: arguments.seed &+ UInt64(index), options: arguments.options).run())
        }
        exit(results.report(arguments.options))
    }
}

/// What the seeds came to, from any thread.
private final class Results: Sendable {
    private struct State {
        var seeds = 0
        var coverage = Coverage()
        var fewest = (runs: Int.max, faults: Int.max)
        var failure: SimulationOutcome?
    }

    /// Seeds among which each fault and each event occurs; in fewer one may be missing.
    private static let enough = 1000

    private let state = Mutex(State())

    var hasFailed: Bool { state.withLock { $0.failure != nil } }

    func add(_ outcome: SimulationOutcome) {
        state.withLock { state in
            state.seeds += 1
            state.coverage.add(outcome.coverage)
            guard outcome.violation == nil else {
                if outcome.seed < state.failure?.seed ?? .max { state.failure = outcome }
                return
            }
            state.fewest.runs = min(state.fewest.runs, outcome.coverage.runCount)
            state.fewest.faults = min(state.fewest.faults, outcome.coverage.faultCount)
        }
    }

    /// Prints the table, or how the seed failed; gives the exit code.
    func report(_ options: SimulationOptions) -> Int32 {
        let state = state.withLock { $0 }
        if let failure = state.failure, let violation = failure.violation {
            var options = options
            options.traces = true
            let again = Simulation(seed: failure.seed, options: options).run()
            for line in again.trace.suffix(40) { print(line) }
            print("seed \(failure.seed): \(violation)")
            if again.violation != violation { print("The seed did not fail the same way again.") }
            return 1
        }
        print(state.coverage.table)
        print("\(state.seeds) seeds, each of at least \(state.fewest.runs) runs and \(state.fewest.faults) faults")
        let missing = options.hasFaults ? state.coverage.missing : []
        guard !missing.isEmpty else { return 0 }
        print("never happened: \(missing.joined(separator: ", "))")
        return state.seeds < Self.enough ? 0 : 1
    }
}
