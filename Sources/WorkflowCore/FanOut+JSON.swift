import JSON
import WorkflowModel

extension FanOut {
    /// The input of a `forEach` as it is recorded when it starts; the inverse of `recorded`. Nil when it is damaged.
    init?(recorded input: JSONValue, of forEach: ForEachStep) {
        guard let items = input["items"]?.array else { return nil }
        let keys = input["keys"]?.array?.compactMap(\.string) ?? []
        let before = input["dependsOn"]?.array?.map { $0.array?.compactMap(\.int) ?? [] }
        let hasKeys = forEach.key != nil || forEach.dependencies != nil
        guard keys.count == (hasKeys ? items.count : 0), (before != nil) == (forEach.dependencies != nil),
            before.map({ $0.count == items.count }) ?? true,
            before?.joined().allSatisfy(items.indices.contains) ?? true
        else { return nil }
        self.init(items: items, keys: keys, dependencies: before.map(Dependencies.init(before:)))
    }

    static func recorded(items: [JSONValue], keys: [String], dependencies: Dependencies?) -> JSONValue {
        var input: JSONObject = ["items": .array(items)]
        if !keys.isEmpty { input["keys"] = .array(keys.map { .string($0) }) }
        if let dependencies {
            input["dependsOn"] = .array(
                dependencies.before.map { .array($0.map { .number(JSONNumber($0)) }) })
        }
        return .object(input)
    }

    /// What those left that an item depends on, by their keys.
    func resultsBefore(_ place: Int) -> JSONValue {
        var results = JSONObject()
        for before in dependencies?.before[place] ?? [] {
            if case .succeeded(let result)? = settled[before]?.outcome { results[keys[before]] = result }
        }
        return .object(results)
    }

    /// What the step leaves when all of its flows are done.
    func result(of kind: StepKind) -> JSONValue {
        switch kind {
        case .parallel(let parallel):
            let isTold = parallel.failureStrategy == .collectAll
            var members = JSONObject()
            for (branch, settled) in zip(parallel.branches, settled) {
                members[branch.name] = settled.map { isTold ? $0.statement : $0.result } ?? .null
            }
            return .object(members)
        case .forEach(let forEach): return .array(list(forEach))
        default: return settled.first??.result ?? .null
        }
    }

    private func list(_ forEach: ForEachStep) -> [JSONValue] {
        let entries = zip(items, settled).enumerated()
        switch forEach.resultShape {
        case .items:
            let isTold = forEach.failureStrategy == .collectAll
            return entries.compactMap { _, entry in entry.1.map { isTold ? $0.statement : $0.result } }
        case .workers:
            return entries.compactMap { place, entry in
                entry.1.map {
                    .object($0.report(["stepId": .string(keys[place]), "worker": entry.0["worker"] ?? .null]))
                }
            }
        case .subtasks(let includesFailures):
            return entries.compactMap { place, entry in
                guard let settled = entry.1, includesFailures || settled.isSuccess else { return nil }
                var report = settled.report(["id": entry.0["id"] ?? .number(JSONNumber(place))])
                report["durationMs"] = .number(JSONNumber(Int(settled.duration.milliseconds)))
                return .object(report)
            }
        }
    }
}

extension FanOut.Settled {
    fileprivate var isSuccess: Bool {
        if case .succeeded = outcome { true } else { false }
    }

    fileprivate var result: JSONValue {
        if case .succeeded(let result) = outcome { result } else { .null }
    }

    /// `{status, result?, error?}`.
    fileprivate var statement: JSONValue {
        switch outcome {
        case .succeeded(let result): ["status": "completed", "result": result]
        case .failed(let failure): ["status": "failed", "error": failure.json]
        }
    }

    /// The members given, with `{success, data?, error?}`.
    fileprivate func report(_ members: JSONObject) -> JSONObject {
        var members = members
        members["success"] = .bool(isSuccess)
        switch outcome {
        case .succeeded(let result): members["data"] = result
        case .failed(let failure): members["error"] = failure.json
        }
        return members
    }
}
