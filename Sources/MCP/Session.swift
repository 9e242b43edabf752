import JSON
import RPC
import Threads
import WorkflowEngine
import WorkflowModel

/// What a server and we say to each other, without the pipes: messages in, messages out. On the loop's thread.
///
/// It asks first which revisions the server speaks. One that does not know the question is greeted with `initialize`, as
/// every revision before the current one wants it.
final class Session {
    enum Phase {
        case probing
        case greeting
        case ready(isStateless: Bool)
        /// Nothing more can be said; why.
        case over(Failure)
    }

    enum Request: Sendable {
        case call(ToolCall)
        case list(@Sendable (Result<[ListedTool], Failure>) -> Void)
    }

    enum Pending {
        case discover
        case initialize
        case listen
        case call(ToolCall)
        case page([ListedTool], number: Int)
    }

    let server: String
    /// Where the server works, as a URI.
    let root: String
    let client: JSONValue
    let limits: ServerLimits
    let log: @Sendable (LogLevel, String) -> Void
    var phase = Phase.probing
    /// What is to be sent, oldest first.
    private(set) var outgoing: [JSONValue] = []
    var pending: [Int: Pending] = [:]
    /// What was asked for before the server was ready.
    private var waiting: [Request] = []
    /// Who waits for the list that is being read.
    var listeners: [@Sendable (Result<[ListedTool], Failure>) -> Void] = []
    private var tools: (list: [ListedTool], until: Instant?)?
    /// Whether the server has said, since it was asked for the list, that the list is another one.
    private var isListStale = false
    /// Until when the server must have answered what it was asked at the start, or what its tools are.
    private(set) var deadline: Instant?
    private var lastID = 0

    init(
        server: String, root: String, client: JSONValue, limits: ServerLimits,
        log: @escaping @Sendable (LogLevel, String) -> Void
    ) {
        self.server = server
        self.root = root
        self.client = client
        self.limits = limits
        self.log = log
    }

    /// Begins the conversation; `probes` is false for a server that is known to come to grief over the question.
    func begin(probes: Bool, at now: Instant) {
        guard probes else { return greet(at: now) }
        deadline = now + limits.probe
        send("server/discover", ["_meta": .object(Revision.preamble(client: client))], as: .discover)
    }

    func greet(at now: Instant) {
        phase = .greeting
        deadline = now + limits.start
        let params: JSONObject = [
            "protocolVersion": .string(Revision.withHandshake[0]), "capabilities": ["roots": [:]], "clientInfo": client,
        ]
        send("initialize", params, as: .initialize)
    }

    /// The server did not answer in time.
    func pass(_ now: Instant) {
        guard let moment = deadline, moment <= now else { return }
        deadline = nil
        switch phase {
        case .probing: greet(at: now)
        case .ready: settleList(.failure(.server(server, "serverTimedOut", "did not list its tools in time.")))
        case .greeting, .over: end(.server(server, "serverTimedOut", "did not begin to speak the protocol in time."))
        }
    }

    var isReady: Bool { if case .ready = phase { true } else { false } }

    /// The server is ready for what was asked for meanwhile. `tellsOfChanges` is for one that must be asked to.
    func open(isStateless: Bool, tellsOfChanges: Bool = false) {
        phase = .ready(isStateless: isStateless)
        deadline = nil
        // Before the list is asked for, so that no change of it is missed.
        if tellsOfChanges { send("subscriptions/listen", ["notifications": ["toolsListChanged": true]], as: .listen) }
        let requests = waiting
        waiting = []
        for request in requests { perform(request) }
    }

    func perform(_ request: Request) {
        switch (phase, request) {
        case (.over(let failure), _): request.fail(failure)
        case (.probing, _), (.greeting, _): waiting.append(request)
        case (.ready, .call(let call)):
            let id = lastID + 1
            let params: JSONObject = [
                "name": .string(call.tool), "arguments": call.arguments.isNull ? [:] : call.arguments,
                "_meta": ["progressToken": .number(JSONNumber(id))],
            ]
            send("tools/call", params, as: .call(call))
        case (.ready, .list(let listener)):
            let now = Instant.now
            if let tools, tools.until.map({ now < $0 }) ?? true { return listener(.success(tools.list)) }
            listeners.append(listener)
            guard listeners.count == 1 else { return }
            isListStale = false
            deadline = now + limits.start
            askForPage(after: nil, [], number: 1)
        }
    }

    /// The list of tools is not what it was.
    func forgetList() {
        tools = nil
        isListStale = true
    }

    /// All pages have come. `lifetime` is how long the server says that they hold; without it, until it says otherwise.
    func keepList(_ list: [ListedTool], lifetime: Duration?) {
        var names: Set<String> = []
        let known = list.filter { names.insert($0.name).inserted }
        if !isListStale { tools = (known, lifetime.map { .now + $0 }) }
        settleList(.success(known))
    }

    func settleList(_ result: Result<[ListedTool], Failure>) {
        let hearing = listeners
        listeners = []
        deadline = nil
        // What comes too late is no list of the next who asks.
        for (id, purpose) in pending { if case .page = purpose { pending[id] = nil } }
        for listener in hearing { listener(result) }
    }

    /// What was asked for before the server was ready, for somebody else to take.
    func takeWaiting() -> [Request] {
        defer { waiting = [] }
        return waiting
    }

    /// The call is no longer wanted.
    func cancel(_ key: AttemptKey) {
        waiting.removeAll { if case .call(let call) = $0 { call.key == key } else { false } }
        for (id, entry) in pending {
            guard case .call(let call) = entry, call.key == key else { continue }
            pending[id] = nil
            notify(
                "notifications/cancelled", ["requestId": .number(JSONNumber(id)), "reason": "It is no longer wanted."])
        }
    }

    /// Nothing more comes, or nothing that can be understood: who waits is told why.
    func end(_ failure: Failure) {
        if case .over = phase { return }
        phase = .over(failure)
        deadline = nil
        let (left, asked, hearing) = (pending, waiting, listeners)
        (pending, waiting, listeners) = ([:], [], [])
        for (_, entry) in left.sorted(by: { $0.key < $1.key }) {
            if case .call(let call) = entry { call.report(.failed(failure)) }
        }
        for request in asked { request.fail(failure) }
        for listener in hearing { listener(.failure(failure)) }
    }

    /// Whether somebody waits for something.
    var isBusy: Bool {
        !waiting.isEmpty || !listeners.isEmpty
            || pending.values.contains { if case .call = $0 { true } else { false } }
    }

    func takeOutgoing() -> [JSONValue] {
        defer { outgoing = [] }
        return outgoing
    }

    // MARK: Saying

    func askForPage(after cursor: JSONValue?, _ tools: [ListedTool], number: Int) {
        var params = JSONObject()
        params["cursor"] = cursor
        send("tools/list", params, as: .page(tools, number: number))
    }

    func send(_ method: String, _ params: JSONObject, as purpose: Pending) {
        lastID += 1
        pending[lastID] = purpose
        var params = params
        if case .ready(isStateless: true) = phase {
            var meta = params["_meta"]?.object ?? [:]
            for (name, value) in Revision.preamble(client: client) { meta[name] = value }
            params["_meta"] = .object(meta)
        }
        outgoing.append([
            "jsonrpc": "2.0", "id": .number(JSONNumber(lastID)), "method": .string(method), "params": .object(params),
        ])
    }

    func notify(_ method: String, _ params: JSONObject) {
        outgoing.append(["jsonrpc": "2.0", "method": .string(method), "params": .object(params)])
    }

    func answer(_ id: RequestID, _ member: String, _ value: JSONValue) {
        var writer = JSONWriter()
        writer.value(id)
        guard let id = try? JSONValue(parsing: writer.bytes) else { return }
        outgoing.append(["jsonrpc": "2.0", "id": id, member: value])
    }
}

extension Session.Request {
    fileprivate func fail(_ failure: Failure) {
        switch self {
        case .call(let call): call.report(.failed(failure))
        case .list(let listener): listener(.failure(failure))
        }
    }
}
