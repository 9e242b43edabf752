import JSON
import Secrets
import WorkflowEngine
import WorkflowModel

/// One thing that was asked of a model or of a tool, with all that came of it: a line of a recording.
struct Exchange: Sendable {
    /// What was said before the end, piece by piece.
    enum Said: Sendable {
        case text(String)
        case thinking(String)
        case log(level: LogLevel, message: String)
        case progress(current: Int, total: Int, message: String?)
    }

    enum Ending: Sendable {
        case answered(ModelAnswer)
        case succeeded(JSONValue)
        case failed(Failure)
        case interrupted
        /// Nobody wanted it any more, before it had come to an end.
        case stopped
    }

    /// `{model: {…}}`, `{tool: {…}}`, `{call: {…}}` or `{command: {…}}`: by this it is found again.
    var request: JSONValue
    var said: [Said] = []
    var ending = Ending.stopped

    init(request: JSONValue) { self.request = request }

    /// What the attempt reports.
    var reports: [AttemptReporter.Report] {
        var reports = said.map { said -> AttemptReporter.Report in
            switch said {
            case .text(let text): .text(text)
            case .thinking(let text): .thinking(text)
            case .log(let level, let message): .log(level: level, message: message)
            case .progress(let current, let total, let message):
                .progress(current: current, total: total, message: message)
            }
        }
        switch ending {
        case .answered(let answer): reports.append(.answered(answer))
        case .succeeded(let output): reports.append(.succeeded(output))
        case .failed(let failure): reports.append(.failed(failure))
        case .interrupted: reports.append(.interrupted)
        case .stopped: break
        }
        return reports
    }

    /// Takes what an attempt reports; true when it has come to its end.
    mutating func take(_ report: AttemptReporter.Report) -> Bool {
        switch report {
        case .text(let text): said.append(.text(text))
        case .thinking(let text): said.append(.thinking(text))
        case .log(let level, let message): said.append(.log(level: level, message: message))
        case .progress(let current, let total, let message):
            said.append(.progress(current: current, total: total, message: message))
        case .heartbeat: break
        case .answered(let answer): ending = .answered(answer)
        case .succeeded(let output): ending = .succeeded(output)
        case .failed(let failure): ending = .failed(failure)
        case .interrupted: ending = .interrupted
        }
        if case .stopped = ending { return false }
        return true
    }

    fileprivate var text: String {
        said.reduce(into: "") { if case .text(let text) = $1 { $0 += text } }
    }
}

// MARK: As JSON

extension Exchange {
    /// All but the request.
    var json: JSONObject {
        var members = JSONObject()
        if !said.isEmpty { members["said"] = .array(said.map(\.json)) }
        switch ending {
        case .answered(let answer):
            var told = answer.json
            if answer.text == text { told["text"] = nil }
            members["answer"] = .object(told)
        case .succeeded(let output): members["output"] = output
        case .failed(let failure): members["failure"] = failure.json
        case .interrupted: members["interrupted"] = true
        case .stopped: members["stopped"] = true
        }
        return members
    }

    /// Throws what is wrong with it.
    init(request: JSONValue, json: JSONValue) throws(Failure) {
        self.request = request
        for said in json["said"]?.array ?? [] {
            guard let said = Said(json: said) else { throw .recording("what was said cannot be read: \(said)") }
            self.said.append(said)
        }
        if let answer = json["answer"] {
            let turn = request["model"]?["messages"]?.array?.count ?? 0
            ending = .answered(try ModelAnswer(json: answer, said: text, turn: turn))
        } else if let output = json["output"] {
            ending = .succeeded(output)
        } else if let failure = json["failure"].flatMap(Failure.init(json:)) {
            ending = .failed(failure)
        } else if json["interrupted"]?.bool == true {
            ending = .interrupted
        } else if json["stopped"]?.bool != true {
            throw .recording("it has none of answer, output, failure, interrupted and stopped")
        }
    }
}

extension Exchange.Said {
    fileprivate var json: JSONValue {
        switch self {
        case .text(let text): return .string(text)
        case .thinking(let text): return ["thinking": .string(text)]
        case .log(let level, let message): return ["log": .string(message), "level": .string(level.rawValue)]
        case .progress(let current, let total, let message):
            var members: JSONObject = ["progress": JSONValue(current), "total": JSONValue(total)]
            members["message"] = message.map { .string($0) }
            return .object(members)
        }
    }

    fileprivate init?(json: JSONValue) {
        if let text = json.string {
            self = .text(text)
        } else if let text = json["thinking"]?.string {
            self = .thinking(text)
        } else if let message = json["log"]?.string, let level = json["level"]?.string.flatMap(LogLevel.init) {
            self = .log(level: level, message: message)
        } else if let current = json["progress"]?.int, let total = json["total"]?.int {
            self = .progress(current: current, total: total, message: json["message"]?.string)
        } else {
            return nil
        }
    }
}

extension Attempt {
    /// What it asks of a model or a tool; nil for other work. Where a command runs and what its environment holds is
    /// not the same everywhere, and left out.
    var traffic: JSONValue? { redacted.map { mask in wholeTraffic.map(mask.hide) } ?? wholeTraffic }

    private var wholeTraffic: JSONValue? {
        switch work {
        case .agent(let work): return ["model": .object(work.request)]
        case .tool(let work):
            return ["tool": ["tool": .string("\(work.server)/\(work.tool)"), "arguments": work.arguments]]
        case .call(let handler, let input) where isToolCall:
            return ["call": ["handler": .string(handler), "input": input]]
        case .command(let work) where isToolCall:
            var members: JSONObject = ["command": .array(work.arguments.map { .string($0) })]
            members["stdin"] = work.stdin.map { .string($0) }
            return ["command": .object(members)]
        case .call, .command, .program, .hosted: return nil
        }
    }
}

extension Failure {
    /// A recording that cannot be written or read. The sentence goes on after "The recording".
    static func recording(_ complaint: String) -> Failure {
        Failure(kind: "model.recordingFailed", message: "The recording: \(complaint).", isRetryable: false)
    }
}
