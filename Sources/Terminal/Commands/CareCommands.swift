import JSON

/// `fermata doctor` and `fermata backup`
enum CareCommands {
    static func doctor(_ context: CommandContext) throws -> ExitCode {
        let sections = try context.care.examine(context.arguments["store"], context.arguments.has("repair"))
        let wrong = sections.flatMap(\.findings).filter { $0.severity != "note" && !$0.isRepaired }
        if context.arguments.has("json") {
            context.write(
                json: ["healthy": .bool(wrong.isEmpty), "sections": .array(sections.map(\.json))])
        } else {
            for section in sections { show(section, on: context.screen) }
            context.screen.line(conclusion(wrong, context))
        }
        return wrong.isEmpty ? .completed : .failed
    }

    private static func show(_ section: StoreCare.Section, on screen: Screen) {
        screen.line("\(screen.styled(section.name, .bold))  \(screen.styled(section.subject.printable, .dim))")
        for finding in section.findings {
            let mark =
                switch finding.severity {
                case _ where finding.isRepaired: screen.styled("✓", .green)
                case "error": screen.styled("✗", .red)
                case "warning": screen.styled("!", .yellow)
                default: screen.styled("·", .dim)
                }
            screen.line("  \(mark) \(finding.message.printable)")
            guard let repair = finding.repair else { continue }
            screen.line("      \(finding.isRepaired ? "repaired" : "a repair would"): \(repair.printable)")
        }
        screen.line()
    }

    private static func conclusion(_ wrong: [StoreCare.Finding], _ context: CommandContext) -> String {
        guard !wrong.isEmpty else { return "Nothing is wrong." }
        let mendable = wrong.count { $0.repair != nil }
        let count = wrong.count == 1 ? "1 thing is wrong" : "\(wrong.count) things are wrong"
        guard mendable > 0 else { return "\(count)." }
        return "\(count); \(context.commandLine("doctor", "--repair")) mends \(mendable) of them, after a backup."
    }

    static func backup(_ context: CommandContext) throws -> ExitCode {
        let path = try context.care.backup(context.arguments["store"], context.arguments.operands.first)
        if context.arguments.has("json") {
            context.write(json: ["path": .string(path)])
        } else {
            context.screen.line(path)
        }
        return .completed
    }
}

extension StoreCare.Section {
    fileprivate var json: JSONValue {
        ["name": .string(name), "subject": .string(subject), "findings": .array(findings.map(\.json))]
    }
}

extension StoreCare.Finding {
    fileprivate var json: JSONValue {
        var members: JSONObject = [
            "severity": .string(severity), "kind": .string(kind), "message": .string(message),
        ]
        members["repair"] = repair.map { .string($0) }
        members["repaired"] = .bool(isRepaired)
        return .object(members)
    }
}
