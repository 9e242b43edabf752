import JSON
import RPC

extension Follower {
    private enum Reply {
        case text(String)
        /// Somebody else has answered, or time has.
        case answeredElsewhere
        case inputClosed
    }

    /// The oldest question that is this person's to answer.
    var nextQuestion: JSONValue? {
        questions.first { !settled.contains($0["interactionId"]?.string ?? "") }
    }

    /// With `--approve`: gives one approval that the workflow asks for; false when there is none to give.
    func approveNext() throws -> Bool {
        guard manner.approves else { return false }
        let approval = questions.first { question in
            question["kind"]?.string == "approval" && [nil, "tool"].contains(question["reason"]?.string)
                && !settled.contains(question["interactionId"]?.string ?? "")
        }
        guard let approval else { return false }
        let voted = Set((approval["votes"]?.array ?? []).compactMap { $0["approver"]?.string })
        let allowed = approval["approvers"]?.array?.compactMap(\.string)
        var voters = (allowed ?? [context.user]).filter { !voted.contains($0) }
        if let own = voters.firstIndex(of: context.user) { voters.swapAt(0, own) }
        if !manner.isJSON { present(approval) }
        for voter in voters {
            if try decide(approval, "approved", by: voter) { return true }
        }
        return true
    }

    func ask(_ question: JSONValue) throws {
        present(question)
        if question["kind"]?.string == "approval" { try askApproval(question) } else { try askInput(question) }
    }

    func present(_ question: JSONValue) {
        let mark = screen.styled("?", .cyan)
        let text = question.questionText.printable.split(separator: "\n", omittingEmptySubsequences: false)
        screen.line("\(mark) \(screen.styled(text.joined(separator: "\n  "), .bold))")
        if let show = question["show"], !renderer.hasJustSaid(show.string ?? "") {
            screen.lines(Phrases.output(show).map { "    " + $0 })
        }
        if let required = question["required"]?.int, required > 1 {
            let given = question["votes"]?.array?.count ?? 0
            screen.line(screen.styled("  \(given) of \(required) approvals are given.", .dim))
        }
    }

    // MARK: Approvals

    private func askApproval(_ question: JSONValue) throws {
        let approvers = question["approvers"]?.array?.compactMap(\.string)
        var approver = context.user
        if let approvers, !approvers.contains(approver) {
            guard let name = try choose("  Who decides, \(approvers.joined(separator: ", "))? ", approvers, question)
            else { return }
            approver = name
        }
        while let answer = try choose("  [y]es / [n]o: ", ["yes", "no"], question) {
            if try decide(question, answer == "yes" ? "approved" : "rejected", by: approver) { return }
            if settled.contains(question["interactionId"]?.string ?? "") { return }
        }
    }

    /// One of the choices, or the only one that begins so; nil when the question is no longer to be asked here.
    private func choose(_ prompt: String, _ choices: [String], _ question: JSONValue) throws -> String? {
        while case .text(let typed) = try read(prompt, question) {
            let text = typed.lowercased()
            let matches = choices.filter { !text.isEmpty && $0.lowercased().hasPrefix(text) }
            if let exact = matches.first(where: { $0.lowercased() == text }) ?? (matches.count == 1 ? matches[0] : nil)
            {
                return exact
            }
        }
        return nil
    }

    /// Whether that settled the approval. A refusal is told, and settles the question for this person.
    private func decide(_ question: JSONValue, _ decision: String, by approver: String) throws -> Bool {
        let id = question["interactionId"]?.string ?? ""
        settled.insert(id)
        do {
            let answer = try client.call(
                "execution/respondApproval",
                ["interactionId": .string(id), "decision": .string(decision), "approver": .string(approver)])
            guard answer["resolved"]?.bool ?? true else { return false }
            forget(id)
            return true
        } catch let error as RPCError {
            screen.report(Complaint(error))
            return false
        }
    }

    // MARK: Inputs

    private func askInput(_ question: JSONValue) throws {
        let id = question["interactionId"] ?? .null
        let isText = Self.takesText(question["schema"])
        if let choices = question["schema"]?["enum"]?.array {
            screen.line(
                screen.styled("  One of \(choices.map { $0.string ?? $0.serialized() }.joined(separator: ", "))", .dim))
        }
        let fallback = question["default"].map { " [\($0.serialized())]" } ?? ""
        while case .text(let text) = try read(isText ? "  \(fallback)> " : "  JSON\(fallback)> ", question) {
            let value: JSONValue
            if text.isEmpty, let given = question["default"] {
                value = given
            } else if isText {
                value = .string(text)
            } else {
                do { value = try JSONValue(parsing: text) } catch {
                    screen.line("  " + screen.styled("This is not JSON: \(error.message)", .red))
                    continue
                }
            }
            do {
                _ = try client.call(
                    "execution/respondInput", ["interactionId": id, "value": value, "by": .string(context.user)])
                return forget(id.string ?? "")
            } catch let error as RPCError where error.kind == "input.invalid" {
                screen.line("  " + screen.styled(error.message.printable, .red))
            } catch let error as RPCError {
                settled.insert(id.string ?? "")
                return screen.report(Complaint(error))
            }
        }
    }

    private static func takesText(_ schema: JSONValue?) -> Bool {
        if schema?["type"]?.string == "string" { return true }
        guard let choices = schema?["enum"]?.array else { return false }
        return choices.allSatisfy { $0.string != nil }
    }

    /// The answer is taken; its notification is on the way.
    private func forget(_ id: String) { questions.removeAll { $0["interactionId"]?.string == id } }

    // MARK: Reading

    /// What a person types after the prompt. The run goes on meanwhile, and is shown.
    private func read(_ prompt: String, _ question: JSONValue) throws -> Reply {
        screen.finishLine()
        while true {
            if screen.isAtLineStart { screen.write(prompt) }
            switch try client.next(watching: screen.input) {
            case .notification(let notification):
                take(notification)
                if !questions.contains(where: { $0["interactionId"] == question["interactionId"] }) {
                    screen.finishLine()
                    return .answeredElsewhere
                }
            case .readable:
                guard let line = lines.next() else { continue }
                guard case .text(let text) = line else {
                    isInputOpen = false
                    screen.finishLine()
                    return .inputClosed
                }
                screen.lineWasEnded()
                return .text(text.trimmed)
            case .timeout: continue
            }
        }
    }
}

extension String {
    /// Without blanks at both ends.
    var trimmed: String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
