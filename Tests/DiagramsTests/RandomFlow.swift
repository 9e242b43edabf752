/// Documents of flows that are made up from a seed.
struct RandomFlow {
    private var state: UInt64
    private var stepsLeft: Int

    static func document(seed: UInt64) -> String {
        var flow = RandomFlow(state: seed &* 0x9E37_79B9_7F4A_7C15 | 1, stepsLeft: 0)
        flow.stepsLeft = 4 + flow.number(below: 26)
        let text = flow.flow(depth: 0)
        return "{\"name\": \"NAME\", \"flow\": \(text)}"
    }

    /// Xorshift: the same numbers everywhere and always.
    private mutating func number(below limit: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 33) % limit
    }

    /// Every step leads to the next or further down, and now and then elsewhere too, so that all can end.
    private mutating func flow(depth: Int) -> String {
        let count = 1 + number(below: depth == 0 ? max(stepsLeft, 1) : 4)
        stepsLeft -= count
        var members = ["\"START\": \"a0\""]
        for place in 0..<count {
            var next = ["{\"to\": \"\(name(place + 1, of: count))\"}"]
            for _ in 0..<number(below: 3) {
                let target = name(number(below: count + 1), of: count)
                let text = String(repeating: "x", count: 1 + number(below: 40))
                next.insert("{\"when\": \"state.\(text)\", \"to\": \"\(target)\"}", at: 0)
            }
            var step = body(depth: depth)
            if number(below: 4) == 0 { step += ", \"onError\": \"\(name(number(below: count + 1), of: count))\"" }
            if number(below: 6) == 0 { step += ", \"compensate\": {\"call\": \"undo\"}" }
            members.append("\"a\(place)\": {\(step), \"next\": [\(next.joined(separator: ", "))]}")
        }
        return "{\(members.joined(separator: ", "))}"
    }

    private func name(_ place: Int, of count: Int) -> String { place < count ? "a\(place)" : "END" }

    private mutating func body(depth: Int) -> String {
        guard depth < 3, stepsLeft > 0 else { return "\"call\": \"x\"" }
        switch number(below: 10) {
        case 0: return "\"approval\": {\"message\": \"Go?\"}"
        case 1: return "\"wait\": {\"signal\": \"\(String(repeating: "s", count: 1 + number(below: 30)))\"}"
        case 2:
            let branches = (0...number(below: 3)).map { branch in
                "\"b\(branch)\": \(number(below: 2) == 0 ? "{\"call\": \"y\"}" : "{\"flow\": \(flow(depth: depth + 1))}")"
            }
            return "\"parallel\": {\(branches.joined(separator: ", "))}"
        case 3: return "\"forEach\": {\"in\": \"${input}\", \"do\": {\"flow\": \(flow(depth: depth + 1))}}"
        default: return "\"call\": \"handler\""
        }
    }
}
