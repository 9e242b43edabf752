import Glibc
import JSON
import Threads
import WorkflowEngine
import WorkflowModel

/// A process from its start to its last report, on the runner's thread.
final class RunningCommand {
    /// What it is waited for.
    private enum Phase {
        case running
        /// The process has ended; somebody else keeps its pipes open.
        case draining(until: Instant)
        /// Its group was sent SIGTERM.
        case ending(killAt: Instant)
        /// Its group was sent SIGKILL.
        case killed
    }

    /// What `poll` watches.
    enum Source: String, CaseIterable {
        case end, stdin, stdout, stderr
    }

    let key: AttemptKey
    private let start: CommandStart
    private let limits: CommandLimits
    let id: pid_t
    private let end: Descriptor
    private var stdin: CommandInput
    private var stdout: CommandOutput
    private var stderr: CommandOutput
    private var phase = Phase.running
    private var hasEnded = false
    /// Nobody wants to hear of it any more.
    private var isStopped = false
    /// Why it was ended before its time.
    private var failure: Failure?

    init(_ start: CommandStart, process: consuming ChildProcess, limits: CommandLimits) {
        key = start.key
        self.start = start
        self.limits = limits
        id = process.id
        end = process.end
        stdin = CommandInput(start.work.stdin ?? "", writing: process.stdin)
        stdout = CommandOutput(reading: process.stdout, limit: limits.outputBytes)
        stderr = CommandOutput(reading: process.stderr, limit: limits.outputBytes)
    }

    func descriptor(of source: Source) -> Int32? {
        switch source {
        case .end: hasEnded ? nil : end.raw
        case .stdin: stdin.descriptor
        case .stdout: stdout.descriptor
        case .stderr: stderr.descriptor
        }
    }

    /// When it must be settled although nothing happens.
    var deadline: Instant? {
        switch phase {
        case .draining(let moment), .ending(let moment): moment
        case .running, .killed: nil
        }
    }

    func handle(_ source: Source, buffer: UnsafeMutableRawBufferPointer) {
        switch source {
        case .end:
            hasEnded = true
            stdin.close()
        case .stdin:
            stdin.write()
        case .stdout:
            if let text = stdout.read(through: buffer) { say(text) } else { endForSize(of: .stdout) }
        case .stderr:
            if stderr.read(through: buffer) == nil { endForSize(of: .stderr) }
        }
    }

    func stop(killAt moment: Instant) {
        isStopped = true
        endGroup(killAt: moment)
    }

    /// Moves on as far as what has happened allows. True when it is over and has been reported.
    func settle(at now: Instant) -> Bool {
        let isQuiet = hasEnded && stdout.descriptor == nil && stderr.descriptor == nil
        switch phase {
        case .running where hasEnded && !isQuiet:
            phase = .draining(until: now + limits.drainDelay)
            return false
        case .ending(let killAt) where isQuiet || killAt <= now:
            // When the process and all who share its pipes have ended, the rest of the group has no claim to its time.
            // The process is not reaped yet, so no other group can have its id.
            kill(-id, SIGKILL)
            phase = .killed
        default: break
        }
        let isOver =
            switch phase {
            case .running: isQuiet
            case .draining(let until): isQuiet || until <= now
            case .ending: false
            case .killed: hasEnded
            }
        if isOver { finish() }
        return isOver
    }

    private func endGroup(killAt moment: Instant) {
        switch phase {
        case .running, .draining:
            kill(-id, SIGTERM)
            phase = .ending(killAt: moment)
        case .ending(let earlier): phase = .ending(killAt: min(earlier, moment))
        case .killed: break
        }
    }

    private func endForSize(of stream: Source) {
        // Told that nobody reads it, a program may complain at length on the other stream: the first reason counts.
        if failure == nil {
            failure = .outputTooLarge(program: start.program, stream: stream.rawValue, limit: limits.outputBytes)
        }
        _ = stream == .stdout ? stdout.close() : stderr.close()
        endGroup(killAt: Instant.now + limits.killDelay)
    }

    private func say(_ text: String) {
        if !text.isEmpty, !isStopped, failure == nil { start.report(.text(text)) }
    }

    private func finish() {
        say(stdout.close())
        _ = stderr.close()
        let status = ChildProcess.reap(id)
        if !isStopped { start.report(outcome(status)) }
    }

    private func outcome(_ status: ExitStatus?) -> AttemptReporter.Report {
        if let failure { return .failed(failure) }
        guard let status else { return .failed(.exitUnknown(program: start.program)) }
        let result: JSONValue = [
            "exitCode": JSONValue(status.code), "stdout": .string(stdout.text), "stderr": .string(stderr.text),
        ]
        if start.work.okExitCodes.contains(status.code) { return .succeeded(result) }
        return .failed(.exited(status, program: start.program, stderr: stderr.text, result: result))
    }
}
