import JSON

/// A workflow whose flow begins with the first of its steps.
func workflow(_ name: String, _ steps: KeyValuePairs<String, JSONValue>, _ more: JSONObject = [:]) -> JSONValue {
    var flow = JSONObject(steps.map { ($0.key, $0.value) })
    flow["START"] = .string(steps.first?.key ?? "END")
    var document: JSONObject = ["name": .string(name), "flow": .object(flow)]
    for (key, value) in more { document[key] = value }
    return .object(document)
}

/// The params of a `run/create` that starts at once.
func started(_ run: String, _ workflow: JSONValue, _ more: JSONObject = [:]) -> JSONValue {
    created(run, workflow, JSONObject(more.map { ($0.key, $0.value) } + [("start", true)]))
}

func created(_ run: String, _ workflow: JSONValue, _ more: JSONObject = [:]) -> JSONValue {
    var params: JSONObject = ["runId": .string(run), "workflow": workflow]
    for (key, value) in more { params[key] = value }
    return .object(params)
}

/// Documents that many tests use.
enum Documents {
    static let call = workflow("calls", ["work": ["call": "work", "with": ["n": "${input.n}"]]])
    static let approval = workflow("asks", ["ask": ["approval": ["message": "Go on?"]]])
    static let input = workflow(
        "reads", ["read": ["input": ["prompt": "How many?", "schema": ["type": "integer", "minimum": 1]]]])
    static let wait = workflow("waits", ["rest": ["wait": ["durationMs": 3_600_000]]])
    static let set = workflow("sets", ["note": ["set": ["done": true]]], ["output": "${state.done}"])
    static let fail = workflow("fails", ["stop": ["fail": ["kind": "no.good", "message": "It is no good."]]])
}
