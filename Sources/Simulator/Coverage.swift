package import WorkflowModel

/// How often each fault and each type of event occurred, and how much else.
package struct Coverage: Sendable {
    package private(set) var faults: [Fault: Int] = [:]
    package private(set) var events: [String: Int] = [:]
    package private(set) var bodies = 0
    package private(set) var runs: [RunStatus: Int] = [:]

    package init() {}

    package var faultCount: Int { faults.values.reduce(0, +) }
    package var runCount: Int { events["run/created", default: 0] }

    mutating func count(_ observation: Observation) {
        switch observation {
        case .fault(let fault, _): faults[fault, default: 0] += 1
        case .appended(let append): for event in append.events { events[event.type, default: 0] += 1 }
        case .bodyStarted, .turnStarted: bodies += 1
        default: break
        }
    }

    mutating func count(_ status: RunStatus) {
        runs[status, default: 0] += 1
    }

    package mutating func add(_ other: Coverage) {
        faults.merge(other.faults, uniquingKeysWith: +)
        events.merge(other.events, uniquingKeysWith: +)
        runs.merge(other.runs, uniquingKeysWith: +)
        bodies += other.bodies
    }

    /// The faults that never happened and the events that never occurred.
    package var missing: [String] {
        Fault.allCases.filter { faults[$0] == nil }.map(\.rawValue) + Self.eventTypes.filter { events[$0] == nil }
    }

    package static let eventTypes = [
        "run/created", "run/forked", "run/imported", "run/statusChanged", "step/started", "step/completed",
        "step/failed",
        "execution/approvalRequested", "execution/inputRequested", "execution/voteRecorded",
        "execution/interactionResolved", "agent/turned", "agent/told", "tool/called", "tool/returned", "execution/log",
        "execution/signalReceived", "run/ending",
        "run/retryScheduled", "run/timedOut", "run/completed", "run/failed", "run/cancelled",
    ]

    /// A line a fault, an event type, a status.
    package var table: String {
        let faults = Fault.allCases.map { ($0.rawValue, self.faults[$0, default: 0]) }
        let events = Self.eventTypes.map { ($0, self.events[$0, default: 0]) }
        let ends = RunStatus.allCases.filter(\.isTerminal).map { ("runs \($0.rawValue)", runs[$0, default: 0]) }
        let lines = faults + events + ends + [("bodies started", bodies)]
        let width = lines.map(\.0.count).max() ?? 0
        return lines.map { "\($0.0)\(String(repeating: " ", count: width + 2 - $0.0.count))\($0.1)" }
            .joined(separator: "\n")
    }
}
