import JSON

/// Breaks documents, the same way for the same seed.
struct Mutator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// From 0 up to, and without, the limit.
    mutating func draw(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[draw(elements.count)] }

    /// The document with up to four things changed in it.
    mutating func broken(_ document: JSONValue) -> JSONValue {
        var document = document
        for _ in 0...draw(4) { document = change(document, whole: document, depth: 0) }
        return document
    }

    /// Goes down a random way and changes what it comes to.
    private mutating func change(_ value: JSONValue, whole: JSONValue, depth: Int) -> JSONValue {
        guard depth == 0 || draw(4) > 0 else { return replacement(of: value, in: whole) }
        switch value {
        case .object(let object) where !object.isEmpty:
            let key = pick(Array(object.keys))
            var members: [(String, JSONValue)] = []
            let fate = draw(12)
            for (name, value) in object {
                guard name == key else {
                    members.append((name, value))
                    continue
                }
                switch fate {
                case 0: break
                case 1: members.append((self.name(like: name), value))
                case 2: members += [(name, value), (self.name(like: name), value)]
                default: members.append((name, change(value, whole: whole, depth: depth + 1)))
                }
            }
            return .object(JSONObject(members))
        case .array(var elements) where !elements.isEmpty:
            let index = draw(elements.count)
            elements[index] = change(elements[index], whole: whole, depth: depth + 1)
            return .array(elements)
        default: return replacement(of: value, in: whole)
        }
    }

    private mutating func name(like name: String) -> String {
        switch draw(5) {
        case 0: String(name.dropLast())
        case 1: name + pick(["x", "é", "e\u{301}", "/", "~", "\u{0}", " ", "END", "🛑"])
        case 2: pick(Self.names)
        case 3: String(repeating: name + "-", count: 1 + draw(200))
        default: pick(["", "START", "END", "compensate", "cleanup"])
        }
    }

    private mutating func replacement(of value: JSONValue, in whole: JSONValue) -> JSONValue {
        switch draw(8) {
        case 0: pick(Self.values)
        case 1: part(of: whole)
        case 2: .string(pick(Self.expressions))
        case 3: .string(pick(Self.names))
        case 4: .array([value, value])
        case 5: [pick(Self.names): value]
        case 6: nested(value, count: draw(60))
        default: value.string.map { .string($0 + "${\($0)}") } ?? .null
        }
    }

    private mutating func part(of whole: JSONValue) -> JSONValue {
        var value = whole
        while draw(5) > 0 {
            switch value {
            case .object(let object) where !object.isEmpty: value = pick(object.map(\.value))
            case .array(let elements) where !elements.isEmpty: value = pick(elements)
            default: return value
            }
        }
        return value
    }

    private mutating func nested(_ value: JSONValue, count: Int) -> JSONValue {
        let kind = draw(5)
        return (0..<count).reduce(value) { value, _ in
            switch kind {
            case 0: ["call": "x", "compensate": value]
            case 1: ["parallel": ["a": value]]
            case 2: ["forEach": ["in": [1], "do": value]]
            case 3: ["flow": ["START": "a", "a": ["parallel": ["b": value]]]]
            default: ["routing": ["classify": ["call": "x"], "routes": ["a": value]]]
            }
        }
    }

    private static let names = [
        "call", "command", "agent", "workflow", "approval", "input", "parallel", "forEach", "wait", "set", "fail",
        "flow",
        "routing", "orchestratorWorkers", "parallelization", "evaluatorOptimizer", "next", "onError", "with", "output",
        "retry", "timeoutMs", "a", "START", "END", "do", "in", "classify", "plan", "", "comand", "nxt",
    ]

    private static let values: [JSONValue] =
        [
            nil, true, false, 0, -1, 1.5, 1e300, "", "x", [], [:], [nil], 9_223_372_036_854_775_807, "END", "START",
            ["type": "object", "additionalProperties": false], [["to": "END"]], [["when": "true", "to": "a"]],
            ["${result}"],
        ] + ["123456789012345678901234567890", "1e999999999", "-0"].compactMap { try? JSONValue(parsing: $0) }

    private static let expressions = [
        "${", "${}", "$${x}", "${1 +}", "${input.a.b}", "${state.nothing}", "${steps.a.result}", "${steps.zzz}",
        "${nope}",
        "${has(state.x) ? state.x : 1}", "${[1].map(i, i)}", "${result[steps.a]}", "result ==",
        "steps['a'].result == 1",
        "${'\u{1F6D1}' + inptu}", "é ${é}", "${((((((((((1))))))))))}",
    ]
}
