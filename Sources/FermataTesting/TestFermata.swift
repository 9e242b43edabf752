internal import Agents
internal import Composition
internal import Configuration
public import FermataKit
internal import Server
internal import Synchronization
internal import WorkflowEngine
internal import WorkflowStore

/// An engine for tests: the one that runs are performed by, with a store in memory, and a clock that passes only while no
/// workflow does anything. So a workflow that sleeps for a week is tested in milliseconds.
public final class TestFermata: Sendable {
    private let clock = TestClock()
    private let store = MemoryStore()
    private let models: [String: @Sendable (String) -> String]
    private let workflows: [any Workflow]
    private let current: Mutex<Fermata?>

    /// - Parameters:
    ///   - workflows: Those whose runs go on by themselves after ``crash()``.
    ///   - models: What models answer to a prompt: `["writer": { _ in "A draft." }]` is asked for as `scripted/writer`.
    public init(workflows: [any Workflow] = [], models: [String: @Sendable (String) -> String] = [:]) {
        self.workflows = workflows
        self.models = models
        current = Mutex(nil)
    }

    /// Where runs run; after a crash another one than before.
    public var fermata: Fermata { fermata(probe: nil) }

    /// How much time has passed on the clock.
    public var elapsed: Duration { clock.elapsed }

    /// Ends the engine as `kill -9` would: steps under way are cut off, and nothing is told to anybody. Handles of runs that were
    /// there are of no use any more; ``fermata`` is a new engine on the same store.
    public func crash() async {
        let crashed = current.withLock { current in
            defer { current = nil }
            return current
        }
        await crashed?.close()
    }

    private func fermata(probe: Probe?) -> Fermata {
        current.withLock { current in
            if let current { return current }
            let made = Fermata(parts(probe), workflows: workflows)
            current = made
            return made
        }
    }

    private func parts(_ probe: Probe?) -> FermataParts {
        let (store, models, clock) = (store, models, clock)
        var parts = FermataParts {
            Settings(
                store: Setting(OpenStore.inMemory, from: .builtIn), namespace: Setting("default", from: .builtIn),
                allowsCommands: Setting(false, from: .builtIn))
        }
        parts.openStore = { _, id in OpenStore(MemoryJournal(store), LoneEngine(engineID: id)) }
        parts.environment = clock.environment
        parts.pacing = { clock.pace($0, $1) }
        parts.makeProviders = { [TestModels(models)] }
        parts.probe = probe
        return parts
    }

    // MARK: Crashes everywhere

    /// Runs a workflow to its end once without a crash, and then once for each moment that one could come: before each
    /// step's body, after it, and between steps. Each time it is resumed, and must leave the same.
    ///
    /// - Returns: How many crashes there were.
    /// - Throws: ``FermataKit/WorkflowFailure``, `crash.difference` that names the moment after which something else came out.
    @discardableResult
    public static func crashEverywhere<Crashed: Workflow>(
        _ workflow: Crashed, _ input: Crashed.Input, models: [String: @Sendable (String) -> String] = [:],
        options: RunOptions<Crashed.Output> = RunOptions()
    ) async throws -> Int where Crashed.Output: Equatable {
        var options = options
        options.id = "crashed"
        let moments = Mutex<[StepMoment]>([])
        let whole = TestFermata(models: models)
        let quiet = whole.fermata { moment in moments.withLock { $0.append(moment) } }
        let expected = try await workflow.run(input, options: options, on: quiet).start().result
        let count = moments.withLock { $0.count }
        for place in 0..<count {
            let test = TestFermata(models: models)
            let moment = try await test.run(workflow, input, options, until: place)
            let output = try await workflow.run(input, options: options, on: test.fermata).start().result
            guard output != expected else { continue }
            throw WorkflowFailure(
                kind: "crash.difference", message: "After a crash at \(moment) it left \(output), and not \(expected).")
        }
        return count
    }

    /// Begins a run, and crashes at one of the moments that its steps pass.
    private func run<Crashed: Workflow>(
        _ workflow: Crashed, _ input: Crashed.Input, _ options: RunOptions<Crashed.Output>, until place: Int
    ) async throws -> String {
        let passed = Mutex(0)
        let (crashes, crash) = AsyncStream.makeStream(of: StepMoment.self, bufferingPolicy: .bufferingOldest(1))
        let fermata = fermata { moment in
            let number = passed.withLock { passed in
                defer { passed += 1 }
                return passed
            }
            guard number >= place else { return }
            crash.yield(moment)
            // Nothing goes on from here.
            while !Task.isCancelled { await Task.yield() }
        }
        _ = try await workflow.run(input, options: options, on: fermata).start()
        var moment = "an unknown moment"
        for await reached in crashes {
            moment = "\(reached)"
            break
        }
        await self.crash()
        return moment
    }
}
