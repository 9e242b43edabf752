import Glibc
import Threads
import WorkflowEngine
import WorkflowModel
import WorkflowStore

/// The runner's thread: takes requests, waits in `poll` for whatever the processes do, and moves each of them on.
final class CommandLoop {
    private let inbox: Inbox<CommandRequest>
    private let limits: CommandLimits
    private let inherited: CommandEnvironment
    private let ledger: any ProcessLedger
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    private var commands: [RunningCommand] = []
    /// Who waits for the end of all commands, and until when.
    private var waiting: [(deadline: Instant, ended: Monitor<Bool>)] = []
    private var isClosing = false

    init(
        inbox: Inbox<CommandRequest>, limits: CommandLimits, inherited: CommandEnvironment, ledger: any ProcessLedger
    ) {
        self.inbox = inbox
        self.limits = limits
        self.inherited = inherited
        self.ledger = ledger
    }

    deinit {
        buffer.deallocate()
    }

    func run() {
        prepareSignals()
        while true {
            for request in inbox.take() { handle(request) }
            let now = Instant.now
            commands.removeAll { command in
                guard command.settle(at: now) else { return false }
                ledger.ended(command.id)
                return true
            }
            waiting.removeAll { deadline, ended in
                guard commands.isEmpty || deadline <= now else { return false }
                ended.withLock { $0 = true }
                ended.announce()
                return true
            }
            if isClosing, commands.isEmpty { return }
            waitForEvents()
        }
    }

    /// Other threads take the signals, and a write to a stdin that nobody reads is told by EPIPE alone.
    private func prepareSignals() {
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, nil)
        // Who started us may have handed down an ignored SIGCHLD, with which the kernel throws exit codes away.
        var child = sigaction()
        sigaction(SIGCHLD, nil, &child)
        let handler = unsafeBitCast(child.__sigaction_handler.sa_handler, to: UInt.self)
        if handler == unsafeBitCast(SIG_IGN, to: UInt.self) { signal(SIGCHLD, SIG_DFL) }
    }

    private func handle(_ request: CommandRequest) {
        switch request {
        case .start(let start):
            do throws(Failure) {
                let setup = try ProcessSetup(
                    start.work, in: start.directory, hasInput: start.work.stdin?.isEmpty == false, inherited: inherited)
                let command = RunningCommand(start, process: try ChildProcess.spawn(setup), limits: limits)
                ledger.began(command.id, run: start.key.runID)
                commands.append(command)
            } catch {
                start.report(.failed(error))
            }
        case .stop(let key):
            for command in commands where command.key == key {
                command.stop(killAt: Instant.now + limits.killDelay)
            }
        case .endAll(let grace, let ended):
            let deadline = Instant.now + grace
            for command in commands { command.stop(killAt: deadline) }
            waiting.append((deadline, ended))
        case .close:
            isClosing = true
            for command in commands { command.stop(killAt: Instant.now) }
        }
    }

    private func waitForEvents() {
        var polled = [pollfd(fd: inbox.wakeDescriptor, events: Int16(POLLIN), revents: 0)]
        var sources: [(command: RunningCommand, source: RunningCommand.Source)] = []
        for command in commands {
            for source in RunningCommand.Source.allCases {
                guard let descriptor = command.descriptor(of: source) else { continue }
                let events = source == .stdin ? POLLOUT : POLLIN
                polled.append(pollfd(fd: descriptor, events: Int16(events), revents: 0))
                sources.append((command, source))
            }
        }
        guard poll(&polled, nfds_t(polled.count), timeout()) > 0 else { return }
        for (polled, (command, source)) in zip(polled.dropFirst(), sources) where polled.revents != 0 {
            command.handle(source, buffer: buffer)
        }
    }

    /// Milliseconds until something is due, rounded up; -1 when nothing is.
    private func timeout() -> Int32 {
        guard let due = (commands.compactMap(\.deadline) + waiting.map(\.deadline)).min() else { return -1 }
        return Int32(clamping: max((due - Instant.now).milliseconds + 1, 0))
    }
}
