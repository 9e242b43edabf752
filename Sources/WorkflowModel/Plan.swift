package import JSON

/// The list of an orchestrator: which worker does what, and what each part waits for.
package enum Plan {
    /// The plan with its steps checked: every worker known, every id once, every dependency there, and no circle.
    package static func check(_ plan: JSONValue, workers: [String]) throws(Failure) -> JSONValue {
        // A planner may give the bare list of steps.
        let steps = plan["steps"] ?? plan
        guard case .array(let entries) = steps else {
            throw invalid("A plan is an object with the member steps, a list; this one is \(plan.excerpt).")
        }
        var ids: [String] = []
        var known: Set<String> = []
        for (index, entry) in entries.enumerated() {
            guard let id = entry["id"]?.string, !id.isEmpty else {
                throw invalid("The plan's step \(index) has no id.")
            }
            guard let worker = entry["worker"]?.string else {
                throw invalid("The plan's step \"\(id)\" names no worker.")
            }
            guard workers.contains(worker) else {
                throw Failure(
                    kind: "plan.unknownWorker",
                    message: "The plan's step \"\(id)\" is for the worker \"\(worker)\". Known here: "
                        + workers.joined(separator: ", ") + ".")
            }
            guard known.insert(id).inserted else {
                throw Failure(kind: "plan.duplicateId", message: "Two of the plan's steps have the id \"\(id)\".")
            }
            ids.append(id)
        }
        let graph = try Dependencies.read(entries.map { $0["dependsOn"] ?? [] }, keys: ids, in: .plan)
        if let circle = graph.circle {
            throw Failure(
                kind: Dependencies.Place.plan.circle,
                message: "The plan's steps wait for each other: \(circle.map { ids[$0] }.joined(separator: " → ")).")
        }
        if plan["steps"] != nil { return plan }
        return ["steps": steps]
    }

    private static func invalid(_ message: String) -> Failure {
        Failure(kind: "plan.invalid", message: message)
    }
}

/// Which parts must be done before each part, by their places in the list.
package struct Dependencies: Sendable, Hashable {
    /// Whose dependencies these are; their failures have kinds of their own.
    package enum Place: Sendable {
        case plan, forEach

        var unknown: String { self == .plan ? "plan.unknownDependency" : "forEach.unknownDependency" }
        package var circle: String { self == .plan ? "plan.cycle" : "forEach.cycle" }
        var invalid: String { self == .plan ? "plan.invalid" : "forEach.invalid" }
    }

    package var before: [[Int]]

    package init(before: [[Int]]) { self.before = before }

    /// Which parts wait for each part: a part is there as often as it names that one.
    var after: [[Int]] {
        var after = [[Int]](repeating: [], count: before.count)
        for (part, others) in before.enumerated() { for other in others { after[other].append(part) } }
        return after
    }

    /// Each value is a list of keys, or null for none.
    package static func read(
        _ values: [JSONValue], keys: [String], in place: Place
    ) throws(Failure) -> Dependencies {
        let positions = Dictionary(keys.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var before: [[Int]] = []
        for (index, value) in values.enumerated() {
            guard value.isNull || value.array != nil else {
                throw Failure(kind: place.invalid, message: "dependsOn of \"\(keys[index])\" must be a list of names.")
            }
            var own: [Int] = []
            for name in value.array ?? [] {
                guard let key = name.string ?? name.int.map(String.init), let position = positions[key] else {
                    throw Failure(
                        kind: place.unknown,
                        message: "\"\(keys[index])\" depends on \(name.serialized()), which is not there.")
                }
                own.append(position)
            }
            before.append(own)
        }
        return Dependencies(before: before)
    }

    /// Parts that wait for each other, in that order and closed; nil when there are none.
    package var circle: [Int]? {
        var state = [Visit](repeating: .unseen, count: before.count)
        for start in before.indices where state[start] == .unseen {
            // Depth first with a stack of its own, since a plan may be long.
            var way: [(part: Int, next: Int)] = [(start, 0)]
            state[start] = .onTheWay
            while let (part, next) = way.last {
                guard next < before[part].count else {
                    state[part] = .done
                    way.removeLast()
                    continue
                }
                way[way.count - 1].next += 1
                let other = before[part][next]
                switch state[other] {
                case .done: continue
                case .unseen:
                    state[other] = .onTheWay
                    way.append((other, 0))
                case .onTheWay:
                    let parts = way.map(\.part)
                    return parts[(parts.firstIndex(of: other) ?? 0)...] + [other]
                }
            }
        }
        return nil
    }

    private enum Visit {
        case unseen, onTheWay, done
    }
}
