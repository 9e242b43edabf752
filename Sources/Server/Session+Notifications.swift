import JSON
import RPCTransport
import Secrets
import ServiceProtocol
import WorkflowEngine
import WorkflowModel

extension Session {
    func recorded(_ events: [RunEvent], firstSeq: Int, at: Timestamp, in live: LiveRun) {
        if isCreating, live.parent == nil, events.first?.makesRun ?? false {
            subscriptions[live.id] = Subscription(runID: live.id, after: firstSeq - 1)
        }
        if let subscription = subscriptions[live.id], !subscription.isLagging {
            tell(events, firstSeq: firstSeq, at: at, of: live, to: subscription)
        }
        if live.status.isTerminal {
            if !waiters.isEmpty { answerWaiters(of: live.run) }
            forgetSubscription(of: live.id)
        }
    }

    private func tell(
        _ events: [RunEvent], firstSeq: Int, at: Timestamp, of live: LiveRun,
        to subscription: Subscription
    ) {
        guard subscription.seq == firstSeq - 1, !connection.isCongested else { return lag(subscription) }
        if subscription.markTold() { told.append(subscription) }
        for offset in events.indices {
            tell(events[offset], seq: firstSeq + offset, at: at, of: live, to: subscription)
        }
    }

    /// The runs of a turn mostly move at one moment.
    private func text(of moment: Timestamp) -> String {
        if moment != newest.moment { newest = (moment, moment.description) }
        return newest.text
    }

    func said(_ text: AttemptText, offset: Int, in live: LiveRun) {
        guard tells(text), let subscription = subscriptions[live.id] else { return }
        let index = subscription.place(of: text)
        guard !subscription.isLagging, !connection.isCongested else { return lag(subscription) }
        if subscription.markTold() { told.append(subscription) }
        // Under pressure what is said within a turn is told together, at its end.
        guard engine.inputsOfTurn < Self.pressure else { return hushed[live.id] = live }
        tell(textAt: index, of: live, to: subscription)
    }

    /// How many inputs of one turn are a pressure.
    private static let pressure = 64

    /// Tells the text that was held back until the end of the turn.
    func tellHushed() {
        for (id, live) in hushed {
            guard let subscription = subscriptions[id], !subscription.isLagging else { continue }
            for index in subscription.texts.indices { tell(textAt: index, of: live, to: subscription) }
        }
        hushed.removeAll(keepingCapacity: true)
    }

    /// A run that has ended may still log that a result came too late, so a while it stays subscribed.
    private func forgetSubscription(of id: RunID) {
        guard subscriptions[id] != nil else { return }
        ended.append(id)
        if ended.count >= 2 * Self.endedKept {
            for id in ended.prefix(Self.endedKept) where lagging[id] == nil { subscriptions[id] = nil }
            ended.removeFirst(Self.endedKept)
        }
    }

    private static let endedKept = 256

    func progressed(current: Int, total: Int, message: String?, in live: LiveRun) {
        guard let subscription = subscriptions[live.id], !subscription.isLagging else { return }
        notify(.runProgress, live, seq: live.run.seq, at: engine.now, to: subscription) { writer in
            writer.field("current", current)
            writer.field("total", total)
            writer.optionalField("message", message)
        }
    }

    func moved(_ id: RunID) {
        if let subscription = subscriptions[id] { lag(subscription) }
        guard waiters[id] != nil, let live = try? engine.load(id), live.run.status.isTerminal else { return }
        answerWaiters(of: live.run)
    }

    // MARK: Catching up

    /// What this subscription is not told now, it is told from the journal later.
    func lag(_ subscription: Subscription) {
        subscription.isLagging = true
        lagging[subscription.runID] = subscription
    }

    /// Tells the subscriptions that lag what they missed, from the journal, while the client reads.
    func catchUp() {
        for (id, subscription) in lagging {
            guard !connection.isCongested else { return }
            if subscriptions[id] === subscription { catchUp(subscription) } else { lagging[id] = nil }
        }
    }

    private func catchUp(_ subscription: Subscription) {
        guard let live = try? engine.load(subscription.runID) else { return }
        while true {
            let page = try? engine.events(
                of: live.record, afterSeq: subscription.seq, limit: 1000, maxBytes: 256 << 10)
            guard let page else { return }
            for recorded in page {
                let (event, moment) = (recorded.event, recorded.at)
                tell(event, seq: recorded.seq, at: moment, of: live, to: subscription, covering: engine.mask)
            }
            if page.isEmpty { break }
            flush()
            guard !connection.isCongested else { return subscription.keepTurn() }
        }
        for index in subscription.texts.indices { tell(textAt: index, of: live, to: subscription) }
        subscription.isLagging = false
        lagging[subscription.runID] = nil
        subscription.keepTurn()
    }

    // MARK: One message

    /// What was kept before anybody said that it is secret is covered by `mask`.
    private func tell(
        _ event: RunEvent, seq: Int, at: Timestamp, of live: LiveRun, to subscription: Subscription,
        covering mask: SecretMask? = nil
    ) {
        subscription.advance(to: seq)
        if !subscription.texts.isEmpty { tellText(before: event, of: live, to: subscription) }
        if !optOut.contains(event.kind) {
            let executionID = event.beginsExecution ? nil : live.executionID(of: seq)
            notify(
                event.kind.rawValue, live, executionID, seq: seq, at: at, to: subscription, covering: mask,
                event.writeData)
        }
        guard !optOut.hasAllDerived else { return }
        tellDerived(from: event, seq: seq, at: at, of: live, to: subscription, covering: mask)
    }

    /// What was said in an attempt comes before its end.
    private func tellText(before event: RunEvent, of live: LiveRun, to subscription: Subscription) {
        switch event {
        case .stepCompleted(let end): finishText(of: end.path, end.attempt, of: live, in: subscription)
        case .stepFailed(let end): finishText(of: end.path, end.attempt, of: live, in: subscription)
        case .agentTurned(let turn):
            finishThoughts(of: turn.path, turn.attempt, of: live, in: subscription)
            // The attempt goes on; what is said of this turn comes before it, and what was told of it is kept in mind.
            if let index = subscription.place(of: turn.path, turn.attempt) {
                tell(textAt: index, of: live, to: subscription)
            }
        default: break
        }
    }

    /// What follows from an event, with its seq.
    private func tellDerived(
        from event: RunEvent, seq: Int, at: Timestamp, of live: LiveRun, to subscription: Subscription,
        covering mask: SecretMask?
    ) {
        switch event {
        case .stepCompleted(let end):
            if let set = end.set {
                notify(.runStateChanged, live, seq: seq, at: at, to: subscription, covering: mask) {
                    $0.field("changes", .object(set))
                }
            }
            tell(end.decision, of: end.path, live, seq: seq, at: at, to: subscription, covering: mask)
            notify(.runProgress, live, seq: seq, at: at, to: subscription, covering: mask) {
                end.progress.writeMembers(to: &$0)
            }
        case .stepFailed(let end):
            guard let decision = end.decision else { break }
            tell(decision, of: end.path, live, seq: seq, at: at, to: subscription, covering: mask)
        default: break
        }
    }

    private func tell(
        _ decision: FlowDecision, of path: String, _ live: LiveRun, seq: Int, at: Timestamp,
        to subscription: Subscription, covering mask: SecretMask?
    ) {
        guard live.workflow.decides(at: path) else { return }
        notify(.stepDecided, live, seq: seq, at: at, to: subscription, covering: mask) { writer in
            writer.field("path", path)
            decision.writeMembers(to: &writer)
        }
    }

    private func notify(
        _ notification: ServiceNotification, _ live: LiveRun, seq: Int, at: Timestamp, to subscription: Subscription,
        covering mask: SecretMask? = nil, _ body: (inout JSONWriter) -> Void
    ) {
        guard !optOut.contains(notification) else { return }
        let executionID = live.executionID(of: seq)
        notify(notification.rawValue, live, executionID, seq: seq, at: at, to: subscription, covering: mask, body)
    }

    /// An event that begins an execution has the execution's id among its own members.
    private func notify(
        _ method: String, _ live: LiveRun, _ executionID: String?, seq: Int, at: Timestamp,
        to subscription: Subscription,
        covering mask: SecretMask?, _ body: (inout JSONWriter) -> Void
    ) {
        func write(_ writer: inout JSONWriter) {
            guard let mask else { return body(&writer) }
            let members = JSONObject(writing: body)
            for (name, value) in mask.hide(.object(members)).object ?? [:] { writer.field(named: name, value) }
        }
        outgoing.notification(method) { writer in
            writer.beginObject()
            writer.members(subscription.preamble(executionID: executionID))
            writer.field("seq", seq)
            writer.field("at", text(of: at))
            if let veil = live.veil { writer.members(veil.hide(write)) } else { write(&writer) }
            writer.endObject()
        }
    }

    /// Deltas have no gaps: what was not told of an attempt's text comes before its end.
    private func finishText(of path: String, _ attempt: Int, of live: LiveRun, in subscription: Subscription) {
        finishThoughts(of: path, attempt, of: live, in: subscription)
        guard let index = subscription.place(of: path, attempt) else { return }
        tell(textAt: index, of: live, to: subscription)
        subscription.texts.remove(at: index)
    }

    /// The same of what a model has thought in a turn that is over.
    private func finishThoughts(of path: String, _ attempt: Int, of live: LiveRun, in subscription: Subscription) {
        while let index = subscription.placeOfThoughts(of: path, attempt) {
            tell(textAt: index, of: live, to: subscription)
            subscription.texts.remove(at: index)
        }
    }

    private static func method(of text: AttemptText) -> ServiceNotification {
        text.isThought ? .thinkingDelta : .textDelta
    }

    /// Whether the client hears such text at all; where it does not, nobody keeps count of it.
    private func tells(_ text: AttemptText) -> Bool { !optOut.contains(Self.method(of: text)) }

    private func tell(textAt index: Int, of live: LiveRun, to subscription: Subscription) {
        let (text, sent) = subscription.texts[index]
        guard sent < text.bytes.count else { return }
        subscription.texts[index].sent = text.bytes.count
        outgoing.notification(Self.method(of: text).rawValue) { writer in
            writer.beginObject()
            writer.members(subscription.preamble(executionID: live.executionID(of: live.seq)))
            writer.field("stepId", text.step)
            writer.field("path", text.path)
            writer.field("attempt", text.attempt)
            writer.field("offset", text.base + sent)
            writer.field("text", String(decoding: text.bytes[sent...], as: UTF8.self))
            writer.endObject()
        }
    }
}

extension RunEvent {
    fileprivate var beginsExecution: Bool {
        if case .statusChanged(let change) = self { change.executionID != nil } else { false }
    }
}
