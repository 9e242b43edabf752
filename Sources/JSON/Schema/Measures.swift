/// What a check costs, in steps. A text of less than 64 bytes is as good as none.
extension String {
    var breadth: Int { utf8.count / 64 }
}

extension [String] {
    var breadth: Int { reduce(0) { $0 + $1.breadth } }
}

extension JSONNumber {
    var breadth: Int { storedInt == nil ? text.breadth : 0 }
}

extension JSONObject {
    /// A step for each member, and the breadth of its name.
    var breadth: Int { reduce(0) { $0 + 1 + $1.key.breadth } }
}

extension JSONValue {
    /// What it takes to look at the value, but not into it, beyond the first step.
    var breadth: Int {
        switch self {
        case .string(let text): text.breadth
        case .number(let number): number.breadth
        default: 0
        }
    }

    /// What it takes to look at all of it.
    var weight: Int {
        switch self {
        case .array(let elements): elements.reduce(1) { $0 + $1.weight }
        case .object(let members): members.reduce(1) { $0 + 1 + $1.key.breadth + $1.value.weight }
        default: 1 + breadth
        }
    }

    /// The breadth of the numbers alone: what equal texts take follows from either, while a long number may be equal to
    /// a short one.
    var numberBreadth: Int {
        switch self {
        case .number(let number): number.breadth
        case .array(let elements): elements.reduce(0) { $0 + $1.numberBreadth }
        case .object(let members): members.reduce(0) { $0 + $1.value.numberBreadth }
        default: 0
        }
    }

    /// How many members or elements there are; 0 for what has none.
    var count: Int {
        switch self {
        case .array(let elements): elements.count
        case .object(let members): members.count
        default: 0
        }
    }
}
