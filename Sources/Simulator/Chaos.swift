/// Lets things go wrong, one after the other, as long as the simulation is in its chaotic phase.
final class Chaos {
    private unowned let simulation: Simulation

    init(in simulation: Simulation) {
        self.simulation = simulation
    }

    func begin() {
        simulation.later(50...2500) { [self] in
            guard simulation.isChaotic else { return }
            strike()
            begin()
        }
    }

    private func strike() {
        let running = simulation.processes.filter(\.isRunning)
        let fault = simulation.random.pick(Self.planned)
        switch fault {
        case .clockForward: jump(fault, by: simulation.random.between(500...60_000))
        case .clockBackward: jump(fault, by: -simulation.random.between(500...60_000))
        case .fullDisk:
            simulation.isDiskFull = true
            simulation.later(200...4000) { [simulation] in simulation.isDiskFull = false }
        default: if !running.isEmpty { strike(fault, on: simulation.random.pick(running)) }
        }
    }

    private func strike(_ fault: Fault, on process: EngineProcess) {
        switch fault {
        case .crash:
            simulation.note(fault, on: process)
            simulation.kill(process)
        case .tornWrite, .failedWrite, .failedRead: process.journal.arm(fault, after: simulation.random.number(0...12))
        case .crashAfterCommit, .failedCommit, .uncertainCommit, .slowCommit:
            process.journal.arm(fault, after: simulation.random.number(0...3))
        case .crashInEffects: process.bodies.crashAfterStarts(simulation.random.number(0...3))
        case .frozenEngine:
            simulation.note(fault, on: process)
            simulation.freeze(process)
        case .deadClient:
            simulation.note(fault, on: process)
            process.loseClient()
        case .deafClient:
            simulation.note(fault, on: process)
            process.listener.stopReading()
            simulation.later(500...10_000) { if !process.isGone { process.listener.readAgain() } }
        case .clockForward, .clockBackward, .fullDisk, .doubleAnswer, .lateAnswer, .noAnswer, .doubleRequest: break
        }
    }

    private func jump(_ fault: Fault, by milliseconds: Int64) {
        simulation.note(fault, on: nil)
        simulation.clock.jump(by: milliseconds)
    }

    /// The others are what clients do.
    private static let planned: [Fault] = [
        .crash, .tornWrite, .crashAfterCommit, .crashInEffects, .failedWrite, .failedRead, .failedCommit,
        .uncertainCommit,
        .fullDisk, .slowCommit, .frozenEngine, .deadClient, .deafClient, .clockForward, .clockBackward,
    ]
}
