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
        var writes: [(name: String, writes: Set<String>)] = []
        for (name, value) in branches {
            let branch = place.appending(name)
            checkLabel(name, at: branch)
            let count = stateWrites.count
            if let flow = block(value, name: name, at: branch) { read.append((name, flow)) }
            writes.append((name, Set(stateWrites[count...])))
        }
        warnOfSharedState(writes, at: place)
        let strategy: FailureStrategy? = reader.choice("failureStrategy", of: object, at: pointer)
        guard read.count == branches.count else { return nil }
        return ParallelStep(branches: read, failureStrategy: strategy ?? .failFast)
    }

    /// A label is part of its steps' paths, and often a step's name.
    mutating func checkLabel(_ name: String, at pointer: JSONPointer) {
        guard !Self.isStepName(name) else { return }
        reader.report(
            Problem(
                "document.badName", at: pointer,
                "A name here has 1 to 64 letters, digits, and the marks _ and -; START, END and compensate are taken."
            ))
    }

    mutating func forEach(_ value: JSONValue, name: String, at pointer: JSONPointer) -> ForEachStep? {
        guard let object = reader.object(value, at: pointer, as: .forEach) else { return nil }
        let list = reader.template("in", of: object, at: pointer)
        if let list { check(list: list, at: pointer.appending("in")) }
        let itemName = itemName(object, at: pointer)
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
        let strategy: FailureStrategy? = reader.choice("failureStrategy", of: object, at: pointer)
        guard let list, let body else { return nil }
        return ForEachStep(
            list: list, itemName: itemName, body: .flow(body), maxConcurrency: limit,
            failureStrategy: strategy ?? .failFast, key: key, dependencies: dependencies, resultShape: .items)
    }

    private mutating func itemName(_ object: JSONObject, at pointer: JSONPointer) -> String {
        guard let name = reader.string("as", of: object, at: pointer) else { return "item" }
        let isWord = (try? Expression(parsing: name))?.names.first?.path == [name]
        if !isWord || (Scope.boundNames + ["index"]).contains(name) {
            reader.report(
                Problem(
                    "document.badName", at: pointer.appending("as"),
                    "\"\(name.excerpt)\" cannot be the name of an element.",
                    hint: "Choose a word of letters, digits and _ that means nothing else here."))
        }
        return name
    }

    /// Only a list, or a `${…}` alone or in a text, can give a list.
    mutating func check(list: Template, at pointer: JSONPointer) {
        guard list.source.array == nil, list.isConstant || list.source.string == nil else { return }
        reader.reportType(list.source, at: pointer, expected: "a list, or a ${…} that gives one")
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
        guard let object = reader.object(value, at: pointer, as: .wait) else { return nil }
        let present = Form.wait.names.filter { reader.present($0, in: object) != nil }
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
            let text = moment.source.string
            if text == nil || moment.isConstant && text.flatMap(Timestamp.init(parsing:)) == nil {
                reader.reportType(
                    moment.source, at: pointer.appending(name), expected: "a time such as \"2030-01-31T09:00:00Z\"")
            }
            return .until(moment)
        default:
            guard let duration = reader.template(name, of: object, at: pointer) else { return nil }
            if (duration.source.int ?? -1) < 0, duration.isConstant || duration.source.string == nil {
                reader.reportType(
                    duration.source, at: pointer.appending(name), expected: "an integer of at least 0")
            }
            return .duration(milliseconds: duration)
        }
    }
}
