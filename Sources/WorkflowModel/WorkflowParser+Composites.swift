import Expressions
import JSON

// The kinds of step that hold others, and `wait`, which holds several conditions.

extension WorkflowParser {
    mutating func parallel(_ object: JSONObject, at pointer: JSONPointer) -> ParallelStep? {
        let place = pointer.appending("parallel")
        guard case .object(let branches)? = object["parallel"], !branches.isEmpty else {
            reader.reportType(
                object["parallel"] ?? .null, at: place, expected: "an object with a member for each branch")
            return nil
        }
        var read: [(name: String, flow: Flow)] = []
        for (name, value) in branches {
            let branch = place.appending(name)
            checkLabel(name, at: branch)
            if let flow = block(value, name: name, at: branch) { read.append((name, flow)) }
        }
        warnOfSharedState(read, at: place)
        guard read.count == branches.count else { return nil }
        return ParallelStep(
            branches: read,
            failureStrategy: reader.choice("failureStrategy", of: object, at: pointer) ?? .failFast)
    }

    /// A label is part of its steps' paths, and often a step's name.
    mutating func checkLabel(_ name: String, at pointer: JSONPointer) {
        guard !Self.isStepName(name) else { return }
        reader.report(
            Problem(
                "document.badName", at: pointer,
                "A name here has 1 to 64 letters, digits, and the marks _ and -, and is none of START, END and compensate."
            ))
    }

    /// Branches run at the same time, so which of two writes is the last one is left to chance.
    private mutating func warnOfSharedState(_ branches: [(name: String, flow: Flow)], at pointer: JSONPointer) {
        var writers: [String: String] = [:]
        for (branch, flow) in branches {
            let members = Set(flow.allSteps.flatMap { $0.set?.source.object?.keys.map { $0 } ?? [] })
            for member in members.sorted() {
                guard let other = writers.updateValue(branch, forKey: member) else { continue }
                reader.report(
                    Problem(
                        "state.shared", at: pointer.appending(branch),
                        "The branches \"\(other)\" and \"\(branch)\" both set \"\(member)\"; the later one wins.",
                        hint: "Use the branches' results instead, or members of their own.", severity: .warning))
            }
        }
    }

    mutating func forEach(_ value: JSONValue, name: String, at pointer: JSONPointer) -> ForEachStep? {
        let members = ["in", "as", "do", "maxConcurrency", "failureStrategy", "key", "dependsOn"]
        guard let object = reader.object(value, at: pointer, members: members) else { return nil }
        for name in ["in", "do"] where reader.present(name, in: object) == nil {
            reader.reportMissing(name, at: pointer)
        }
        let list = reader.template("in", of: object, at: pointer)
        if let list, list.isConstant, list.source.array == nil {
            reader.reportType(list.source, at: pointer.appending("in"), expected: "a list, or a ${…} that gives one")
        }
        let itemName = reader.string("as", of: object, at: pointer) ?? "item"
        let key = binding([itemName, "index"]) { $0.reader.template("key", of: object, at: pointer) }
        let dependencies = binding([itemName, "index"]) {
            $0.reader.template("dependsOn", of: object, at: pointer)
        }
        let body = binding([itemName, "index"]) { parser in
            parser.reader.present("do", in: object).flatMap {
                parser.block($0, name: name, at: pointer.appending("do"))
            }
        }
        let limit = reader.integer("maxConcurrency", of: object, at: pointer, minimum: 1)
        guard let list, let body else { return nil }
        return ForEachStep(
            list: list, itemName: itemName, body: .flow(body), maxConcurrency: limit,
            failureStrategy: reader.choice("failureStrategy", of: object, at: pointer) ?? .failFast, key: key,
            dependencies: dependencies, resultShape: .items)
    }

    mutating func wait(_ value: JSONValue, at pointer: JSONPointer) -> WaitStep? {
        guard case .array(let values) = value else {
            return condition(value, at: pointer).map { WaitStep(conditions: [$0]) }
        }
        if values.isEmpty {
            reader.reportType(value, at: pointer, expected: "at least one of {durationMs}, {until} and {signal}")
        }
        let conditions = values.enumerated().compactMap { condition($1, at: pointer.appending($0)) }
        return conditions.count == values.count ? WaitStep(conditions: conditions) : nil
    }

    private mutating func condition(_ value: JSONValue, at pointer: JSONPointer) -> WaitStep.Condition? {
        let members = ["durationMs", "until", "signal"]
        guard let object = reader.object(value, at: pointer, members: members) else { return nil }
        let present = members.filter { reader.present($0, in: object) != nil }
        guard let name = present.first, present.count == 1 else {
            reader.report(
                Problem(
                    "wait.invalid", at: pointer, "A wait is for one of durationMs, until and signal.",
                    hint: present.isEmpty ? nil : "Several at once are a list: [{…}, {…}]."))
            return nil
        }
        switch name {
        case "signal": return reader.string(name, of: object, at: pointer).map { .signal(name: $0) }
        case "until":
            guard let moment = reader.template(name, of: object, at: pointer) else { return nil }
            if moment.isConstant, moment.source.string.flatMap(Timestamp.init(parsing:)) == nil {
                reader.reportType(
                    moment.source, at: pointer.appending(name), expected: "a time such as \"2030-01-31T09:00:00Z\"")
            }
            return .until(moment)
        default:
            guard let duration = reader.template(name, of: object, at: pointer) else { return nil }
            if duration.isConstant, (duration.source.int ?? -1) < 0 {
                reader.reportType(
                    duration.source, at: pointer.appending(name), expected: "an integer of at least 0")
            }
            return .duration(milliseconds: duration)
        }
    }
}
