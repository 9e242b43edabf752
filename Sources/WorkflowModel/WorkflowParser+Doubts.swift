import Expressions
import JSON

// What may be meant, but rarely is: told as warnings.

extension WorkflowParser {
    /// Members that do nothing on a step of this kind.
    mutating func warnOfNoEffect(_ kind: Form.Kind, of object: JSONObject, at pointer: JSONPointer) {
        var idle: [String] = []
        if !kind.form.names.contains("with") { idle.append("with") }
        if !kind.hasBody { idle += ["heartbeatTimeoutMs", "onInterrupted"] }
        switch kind.name {
        case "set": idle += ["retry", "timeoutMs"]
        case "fail": idle += ["retry", "timeoutMs", "set", "output", "compensate", "next"]
        default: break
        }
        for name in idle where reader.present(name, in: object) != nil {
            reader.report(
                Problem(
                    "step.noEffect", at: pointer.appending(name),
                    "\"\(name)\" has no effect on a step of the kind \"\(kind.name)\".", hint: "Take it out.",
                    severity: .warning))
        }
    }

    mutating func warnOfMissingHandler(_ object: JSONObject, at pointer: JSONPointer) {
        guard let handlers, let handler = object["call"]?.string, !handlers.contains(handler) else { return }
        let near = reader.nearest(to: handler, among: handlers)
        reader.report(
            Problem(
                "step.handlerMissing", at: pointer.appending("call"),
                "Nobody here hosts the handler \"\(handler.excerpt)\".",
                hint: near.map { "Did you mean \"\($0)\"?" }
                    ?? "Declare it in initialize under capabilities.steps.handlers.", severity: .warning))
    }

    mutating func warnOfConstant(_ condition: Expression, at pointer: JSONPointer) {
        guard condition.names.isEmpty else { return }
        let outcome = (try? condition.holds(Bindings())).map { $0 ? "holds always" : "never holds" } ?? "always fails"
        reader.report(
            Problem(
                "flow.constantCondition", at: pointer, "This condition names nothing, and so it \(outcome).",
                hint: "A way without \"when\" is the default.", severity: .warning))
    }

    /// What others wrote must not become a program, and what a model wrote is to be trusted no more than that.
    mutating func warnOfStrangers(
        in words: [JSONValue], _ arguments: [(position: Int, template: Template)], at pointer: JSONPointer
    ) {
        let script = Self.positionOfScript(in: words)
        for (position, template) in arguments where !template.isConstant {
            let place = pointer.appending(position)
            if position == script {
                reader.report(
                    Problem(
                        "command.shellInjection", at: place,
                        "What ${…} gives becomes part of a script, and a shell runs whatever it says.",
                        hint:
                            "Give it as an argument: [\"sh\", \"-c\", \"echo \\\"$1\\\"\", \"sh\", \"${…}\"].",
                        severity: .warning))
            } else if let step = modelStep(in: template) {
                reader.report(
                    Problem(
                        "command.modelText", at: place,
                        "What the model of \(step) wrote becomes an argument of a command.",
                        hint: "Hand it over on stdin, or let an approval show it first.", severity: .warning))
            }
        }
    }

    /// The word after the `-c` of a shell; nil when there is none.
    private static func positionOfScript(in words: [JSONValue]) -> Int? {
        let shells = ["sh", "bash", "dash", "zsh", "ksh", "ash", "fish"]
        let isShell = { (word: JSONValue) in
            word.string?.split(separator: "/").last.map { shells.contains(String($0)) } ?? false
        }
        guard let shell = words.firstIndex(where: isShell) else { return nil }
        var position = shell + 1
        var isScript = false
        while position < words.count, let option = words[position].string, option.hasPrefix("-") {
            isScript = isScript || !option.hasPrefix("--") && option.contains("c")
            // The option after -o, such as pipefail, is a word of its own.
            position += option.hasSuffix("o") ? 2 : 1
        }
        return isScript ? position : nil
    }

    /// The agent step whose words a template hands on.
    private func modelStep(in template: Template) -> String? {
        for name in template.expressions.flatMap(\.expression.names) where !name.isTested {
            switch name.path.first {
            case "steps" where name.path.count > 2 && name.path[2] == "result":
                // How many tokens it took is no text of its own.
                let isCount = name.path.count > 3 && name.path[3] == "usage"
                if !isCount, let step = reader.around.step(name.path[1]), isAgent(step) {
                    return "the step \"\(name.path[1])\""
                }
            case .some(AgentTool.argumentsName) where isTool: return "this agent"
            case "result" where name.path.count < 2 || name.path[1] != "usage":
                if reader.around.before.contains(where: isAgent) { return "the step before" }
            default: break
            }
        }
        return nil
    }

    private func isAgent(_ step: JSONValue) -> Bool {
        step.object.map { reader.present("agent", in: $0) != nil } ?? false
    }

    /// Branches run at the same time, so which of two writes is the last one is left to chance.
    mutating func warnOfSharedState(_ branches: [(name: String, writes: Set<String>)], at pointer: JSONPointer) {
        var writers: [String: String] = [:]
        for (branch, writes) in branches {
            for member in writes.sorted() {
                guard let other = writers.updateValue(branch, forKey: member) else { continue }
                reader.report(
                    Problem(
                        "state.shared", at: pointer.appending(branch),
                        "The branches \"\(other.excerpt)\" and \"\(branch.excerpt)\" both set \"\(member.excerpt)\"; "
                            + "the later one wins.",
                        hint: "Use the branches' results instead, or members of their own.", severity: .warning))
            }
        }
    }
}
