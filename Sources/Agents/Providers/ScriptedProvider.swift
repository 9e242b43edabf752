package import WorkflowEngine
package import WorkflowModel

/// Answers without a model, for demos and tests: `echo` says the prompt, `tools` calls the agent's tools, other models say
/// what a file says.
package final class ScriptedProvider: ModelProvider {
    package let name: String
    private let path: String?
    private let mailbox: Mailbox
    private var script: Result<Script, Failure>?
    /// What is being said, with what is left of it.
    private var performances: [AttemptKey: Performance] = [:]

    private struct Performance {
        var rest: ArraySlice<String>
        var turn: Script.Turn
        var reporter: AttemptReporter
    }

    /// `path` is where the script is; it is read when a model is first asked.
    package init(_ name: String = "scripted", path: String? = nil, mailbox: Mailbox) {
        self.name = name
        self.path = path
        self.mailbox = mailbox
    }

    package var obstacle: Failure? {
        do throws(Failure) {
            _ = try loadedScript()
            return nil
        } catch {
            return error
        }
    }

    package func generate(_ request: ModelRequest, reporter: AttemptReporter) {
        do throws(Failure) {
            let turn = try turn(for: request)
            guard turn.isTimed else {
                if !turn.thoughts.isEmpty { reporter.report(.thinking(turn.thoughts)) }
                // Pieces that nothing lies between are told as one.
                let text = turn.chunks.joined()
                if !text.isEmpty { reporter.report(.text(text)) }
                return reporter.report(turn.end)
            }
            performances[request.key] = Performance(rest: turn.chunks[...], turn: turn, reporter: reporter)
            let bound = EngineBound(self)
            mailbox.post(
                .call { engine in
                    engine.alarm(at: engine.now + turn.delay) { bound.open(in: $0).goOn(request.key, in: $0) }
                })
        } catch {
            reporter.report(.failed(error))
        }
    }

    package func stop(_ key: AttemptKey) { performances[key] = nil }

    /// Says the next piece, or comes to the end.
    private func goOn(_ key: AttemptKey, in engine: Engine) {
        guard var performance = performances[key] else { return }
        if !performance.turn.thoughts.isEmpty {
            engine.take(.thinking(performance.turn.thoughts), from: performance.reporter)
            performance.turn.thoughts = ""
        }
        guard let piece = performance.rest.popFirst() else {
            performances[key] = nil
            return engine.take(performance.turn.end, from: performance.reporter)
        }
        performances[key] = performance
        engine.take(.text(piece), from: performance.reporter)
        engine.alarm(at: engine.now + performance.turn.pace) { [unowned self] in goOn(key, in: $0) }
    }

    private func turn(for request: ModelRequest) throws(Failure) -> Script.Turn {
        let script = try loadedScript()
        if let turn = try script.turn(of: request) { return turn }
        switch request.model {
        case "echo": return Script.Turn(saying: request.work.prompt)
        case "tools": return Script.Turn(touring: request.work)
        default:
            let known = (script.models + ["echo", "tools"]).map { "\(name)/\($0)" }.joined(separator: ", ")
            let message = "There is no scripted model \"\(request.model)\"; there are \(known)."
            throw Failure(kind: "model.badRequest", message: message, isRetryable: false)
        }
    }

    private func loadedScript() throws(Failure) -> Script {
        guard let path else { return Script() }
        let loaded = script ?? Result { () throws(Failure) in try Script(at: path) }
        script = loaded
        return try loaded.get()
    }
}
