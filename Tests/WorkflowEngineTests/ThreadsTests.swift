import Dispatch
import JSON
import Synchronization
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowStore

@Suite("The engine on its thread")
struct ThreadsTests {
    @Test("Every post arrives, and those of one thread in their order, whether they wait for the engine or not")
    func mailbox() {
        let mailbox = Mailbox()
        let (posters, posts) = (4, 500)
        let group = DispatchGroup()
        for poster in 0..<posters {
            DispatchQueue(label: "poster").async(group: group) {
                for number in 0..<posts {
                    let key = AttemptKey(runID: "\(poster)", path: "", number: number)
                    if poster == 0 {
                        mailbox.postInStep(.report(key, .heartbeat))
                    } else {
                        mailbox.post(.report(key, .heartbeat))
                    }
                }
            }
        }
        var inputs: [EngineInput] = []
        var heard: [String: [Int]] = [:]
        var count = 0
        while count < posters * posts {
            mailbox.drain(into: &inputs, timeout: nil)
            count += inputs.count
            for case .report(let key, _) in inputs { heard[key.runID, default: []].append(key.number) }
        }
        group.wait()
        for poster in 0..<posters { #expect(heard["\(poster)"] == Array(0..<posts)) }
    }

    @Test("What is posted ahead is taken with what follows it, and by itself where nothing does")
    func postedAhead() {
        let mailbox = Mailbox()
        var inputs: [EngineInput] = []
        mailbox.postAhead(.storeChanged)
        mailbox.post(.enginesChanged)
        mailbox.drain(into: &inputs, timeout: nil)
        #expect(inputs.count == 2)
        mailbox.postAhead(.storeChanged)
        mailbox.drain(into: &inputs, timeout: nil)
        #expect(inputs.count == 1)
    }

    @Test("A mailbox that is closed keeps nobody waiting and takes nothing more")
    func closed() {
        let mailbox = Mailbox()
        var inputs: [EngineInput] = []
        let group = DispatchGroup()
        DispatchQueue(label: "poster").async(group: group) {
            // The second waits until the first is taken, which never happens.
            for _ in 1...2 { mailbox.postInStep(.storeChanged) }
        }
        DispatchQueue(label: "closer").async(group: group) { mailbox.close() }
        group.wait()
        mailbox.drain(into: &inputs, timeout: nil)
        #expect(inputs.count <= 1)
        mailbox.post(.storeChanged)
        mailbox.drain(into: &inputs, timeout: nil)
        #expect(inputs.isEmpty)
    }

    @Test("A hundred runs whose bodies report from other threads are performed, and then the loop ends")
    func hundredRuns() throws {
        let store = MemoryStore()
        let clock = VirtualClock()
        let mailbox = Mailbox()
        let group = DispatchGroup()
        DispatchQueue(label: "engine").async(group: group) {
            let engine = Engine(
                mailbox: mailbox,
                environment: Environment(now: { clock.now }, makeID: { clock.makeID() }, chance: { 0.5 }))
            let (observer, bodies) = (Finisher(after: 100, mailbox), ThreadedExecutor())
            engine.observer = observer
            engine.install(bodies, for: "call")
            engine.open(MemoryJournal(store), LoneEngine(engineID: "A"))
            engine.run()
            withExtendedLifetime(observer) {}
        }
        mailbox.post(.call { $0.beginEffects() })
        for number in 1...100 {
            let request = request(three, id: "r\(number)")
            mailbox.postInStep(.call { _ = try? $0.create(request) })
        }
        group.wait()
        #expect(MemoryJournal(store).counts() == [.completed: 100])
    }
}

/// Performs each attempt on a thread of the system's choice.
private final class ThreadedExecutor: StepExecutor {
    func readiness(for step: StepKind) -> Readiness { .ready }

    func start(_ attempt: Attempt, reporter: AttemptReporter) {
        DispatchQueue.global().async {
            reporter.report(.text("working"))
            reporter.report(.succeeded(.null))
        }
    }

    func stop(_ key: AttemptKey) {}
}

/// Ends the engine when so many runs are completed.
private final class Finisher: EngineObserver {
    private var left: Int
    private let mailbox: Mailbox

    init(after runs: Int, _ mailbox: Mailbox) {
        left = runs
        self.mailbox = mailbox
    }

    func recorded(_ events: [RunEvent], firstSeq: Int, at: Timestamp, in live: LiveRun) {
        for case .completed in events {
            left -= 1
            if left == 0 { mailbox.post(.call { $0.stop() }) }
        }
    }

    func said(_ text: AttemptText, offset: Int, in live: LiveRun) {}
    func progressed(current: Int, total: Int, message: String?, in live: LiveRun) {}
    func moved(_ record: RunID) {}
    func turnEnded(error: EngineError?) {}
    func effectsBegun() {}
}
