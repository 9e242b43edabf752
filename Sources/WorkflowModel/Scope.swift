package import JSON

/// Where a run stands within one flow: what its steps left, and how often each was entered.
package struct Scope: Sendable {
    /// Names that expressions may use everywhere.
    package static let boundNames = ["input", "state", "result", "steps", "iteration", "run"]

    /// What `steps.<name>` has.
    package static let resultMembers = ["result", "attempt", "error"]

    /// Whose flow it is.
    package enum Owner: Sendable, Hashable {
        case run
        /// A step with flows inside, and which of them this is.
        case step(path: String, position: Int)
        case cleanup
        case compensation
    }

    /// What the paths of its steps begin with: `""`, `review[2]/`, or the one path that its single step has.
    package let key: String
    package let flow: Flow
    package let owner: Owner
    package let openedAt: Timestamp
    /// Names bound inside beside those of everywhere, those of the scopes around it included.
    package var locals: JSONObject
    /// `steps.<name>`: what the newest iteration of each step left, here or around.
    package var results: JSONObject
    /// What the newest step of the scope left.
    package var lastResult: JSONValue
    package var iterations: [String: Int] = [:]
    /// The best draft so far, where the flow is one of drafts.
    package var best: Draft?

    package init(
        key: String, flow: Flow, owner: Owner, at: Timestamp, locals: JSONObject = [:], results: JSONObject = [:],
        lastResult: JSONValue = .null
    ) {
        self.key = key
        self.flow = flow
        self.owner = owner
        openedAt = at
        self.locals = locals
        for (name, value) in flow.bound { self.locals[name] = value }
        self.results = results
        self.lastResult = lastResult
    }

    /// `scope/step#iteration`; the first iteration goes without saying.
    package func path(of step: String, iteration: Int) -> String {
        if flow.isSingleStep { return key }
        return iteration == 1 ? key + step : "\(key)\(step)#\(iteration)"
    }
}

/// What an evaluation was about, and what it said.
package struct Draft: Sendable, Hashable {
    package var output: JSONValue
    package var score: JSONNumber
    package var passed: Bool

    package init(output: JSONValue, score: JSONNumber, passed: Bool) {
        self.output = output
        self.score = score
        self.passed = passed
    }
}
