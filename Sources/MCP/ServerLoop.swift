import Commands
import Glibc
import JSON
import Threads
import WorkflowEngine
import WorkflowModel

enum ServerRequest: Sendable {
    case ask(server: String, Session.Request)
    case cancel(AttemptKey)
    case endAll(grace: Duration, ended: Monitor<Bool>)
    /// Kill what is left; the thread ends.
    case close
}

/// The thread of the servers: starts them at their first use, and again when they have died.
final class ServerLoop {
    private let inbox: Inbox<ServerRequest>
    private let surroundings: ServerPool.Surroundings
    private var servers: [String: ServerProcess] = [:]
    /// Those that die of the question which revisions they speak.
    private var unaskable: Set<String> = []
    /// Those that were stopped, or replaced, and have not ended.
    private var leaving: [ServerProcess] = []
    private var waiting: [(deadline: Instant, ended: Monitor<Bool>)] = []
    private var isClosing = false

    init(inbox: Inbox<ServerRequest>, surroundings: ServerPool.Surroundings) {
        self.inbox = inbox
        self.surroundings = surroundings
    }

    func run() {
        var all = sigset_t()
        sigfillset(&all)
        // Other threads take the signals; that nobody reads a pipe any more is told by EPIPE alone.
        pthread_sigmask(SIG_SETMASK, &all, nil)
        while true {
            for request in inbox.take() { handle(request) }
            settle(at: .now)
            if isClosing, servers.isEmpty, leaving.isEmpty { return }
            waitForEvents()
        }
    }

    private func handle(_ request: ServerRequest) {
        switch request {
        case .ask(let name, let request): ask(name, request)
        case .cancel(let key): for server in servers.values { server.session.cancel(key) }
        case .endAll(let grace, let ended):
            let now = Instant.now
            stopAll(termAt: now + grace / 2, killAt: now + grace)
            waiting.append((now + grace, ended))
        case .close:
            isClosing = true
            stopAll(termAt: .now, killAt: .now)
        }
    }

    private func stopAll(termAt: Instant, killAt: Instant) {
        for server in servers.values {
            server.stop(termAt: termAt, killAt: killAt)
            leaving.append(server)
        }
        servers = [:]
    }

    private func ask(_ name: String, _ request: Session.Request) {
        if servers[name].map({ if case .over = $0.session.phase { true } else { false } }) ?? false {
            leaving.append(servers.removeValue(forKey: name)!)
        }
        do throws(Failure) {
            if servers[name] == nil { servers[name] = try start(name) }
            servers[name]?.session.perform(request)
            servers[name]?.send()
        } catch {
            let session = makeSession(name)
            session.end(error)
            session.perform(request)
        }
    }

    private func makeSession(_ name: String) -> Session {
        Session(
            server: name, root: "file://" + surroundings.directory, client: surroundings.client,
            limits: surroundings.limits, log: surroundings.log)
    }

    private func start(_ name: String) throws(Failure) -> ServerProcess {
        guard let configuration = surroundings.servers[name] else {
            throw .server(name, "serverMissing", "is not configured here.", isRetryable: false)
        }
        let work = CommandWork(
            arguments: configuration.command, cwd: configuration.cwd, environment: configuration.environment)
        let setup: ProcessSetup
        let process: ChildProcess
        do throws(Failure) {
            setup = try ProcessSetup(
                work, in: surroundings.directory, hasInput: true, inherited: surroundings.environment)
            process = try ChildProcess.spawn(setup)
        } catch {
            throw .server(name, "serverFailed", "was not started: \(error.message)", isRetryable: error.isRetryable)
        }
        let session = makeSession(name)
        session.begin(probes: !unaskable.contains(name), at: .now)
        surroundings.log(.info, "The MCP server \"\(name)\" was started.")
        return ServerProcess(process, session: session, limits: surroundings.limits)
    }

    private func settle(at now: Instant) {
        for (name, server) in servers {
            let isProbing = if case .probing = server.session.phase { true } else { false }
            let asked = isProbing ? server.session.takeWaiting() : []
            let isOver = server.settle(at: now)
            if isOver { servers[name] = nil }
            guard isProbing else { continue }
            if isOver {
                unaskable.insert(name)
                for request in asked { ask(name, request) }
            } else {
                for request in asked { server.session.perform(request) }
            }
        }
        leaving.removeAll { $0.settle(at: now) }
        waiting.removeAll { deadline, ended in
            guard leaving.isEmpty || deadline <= now else { return false }
            ended.withLock { $0 = true }
            ended.announce()
            return true
        }
    }

    private func waitForEvents() {
        var polled = [pollfd(fd: inbox.wakeDescriptor, events: Int16(POLLIN), revents: 0)]
        var sources: [(server: ServerProcess, source: ServerProcess.Source)] = []
        let all = Array(servers.values) + leaving
        for server in all {
            for source in ServerProcess.Source.allCases {
                guard let descriptor = server.descriptor(of: source) else { continue }
                let events = source == .stdin ? POLLOUT : POLLIN
                polled.append(pollfd(fd: descriptor, events: Int16(events), revents: 0))
                sources.append((server, source))
            }
        }
        let due = (all.compactMap(\.deadline) + waiting.map(\.deadline)).min()
        let timeout = due.map { Int32(clamping: max(($0 - Instant.now).milliseconds + 1, 0)) } ?? -1
        guard poll(&polled, nfds_t(polled.count), timeout) > 0 else { return }
        for (polled, (server, source)) in zip(polled.dropFirst(), sources) where polled.revents != 0 {
            server.handle(source)
        }
    }
}
