/// An error on its way to the caller, before anybody has asked for its words: `&&` and `||` absorb most of them.
struct Failure: Error {
    var reason: Reason
    var offset: Int
}

enum Reason: Error {
    case syntax(String)
    case unknownName(String)
    case unknownFunction(String)
    case noKey(String)
    case noIndex(count: Int)
    case notAnIndex
    case noMembers(in: ValueType)
    case noOverload(String, [ValueType])
    case notBool(ValueType)
    case overflow(ValueType)
    case beyondInt
    case divisionByZero
    case noTimeZone(String)
    case pattern(String)
    case notConvertible(ValueType, to: ValueType)
    case notAKey(ValueType)
    case repeatedKey(String)
    case notJSON(String)
    case budget

    var kind: ExpressionError.Kind {
        switch self {
        case .syntax: .syntax
        case .notJSON: .notJSON
        case .budget: .budget
        default: .evaluation
        }
    }

    /// Whether `&&` and `||` may go on as if the operand were unknown. A spent budget stays spent.
    var isAbsorbable: Bool { kind != .budget }
}

extension Reason {
    var message: String {
        switch self {
        case .syntax(let message), .notJSON(let message):
            message
        case .unknownName(let name):
            "Nothing is called `\(Self.shortened(name))` here."
        case .unknownFunction(let name):
            "There is no function `\(Self.shortened(name))`."
        case .noKey(let key):
            "There is no `\(Self.shortened(key))` here; `has(…)` or `in` tells beforehand."
        case .noIndex(let count):
            "The index is outside of the list, which has \(count) elements."
        case .notAnIndex:
            "The index of a list is a whole number."
        case .noMembers(let type):
            "Only a map has members, and this is \(type.withArticle)."
        case .noOverload(let name, let types):
            "`\(name)` does not take \(types.map(\.withArticle).joined(separator: " and "))."
        case .notBool(let type):
            "This must be true or false, and is \(type.withArticle)."
        case .overflow(.timestamp):
            "A timestamp lies between the years 1 and 9999."
        case .overflow(.duration):
            "A duration fits 64 bits of nanoseconds, some 292 years."
        case .overflow(let type):
            "The result does not fit \(type.withArticle) of 64 bits."
        case .beyondInt:
            "An integer beyond 64 bits can be passed on and compared, but not computed with."
        case .divisionByZero:
            "An integer cannot be divided by zero."
        case .noTimeZone(let name):
            "`\(Self.shortened(name))` is no time zone: it is `UTC`, an offset such as `+01:00`, or a name of the system's "
                + "database such as `Europe/Berlin`."
        case .pattern(let message):
            "The pattern is none of RE2: \(message)"
        case .notConvertible(let source, let target):
            "This value, \(source.withArticle), cannot become \(target.withArticle)."
        case .notAKey(let type):
            "The key of a map is a string, an int, a uint or a bool, and this is \(type.withArticle)."
        case .repeatedKey(let key):
            "The key `\(Self.shortened(key))` stands twice in this map."
        case .budget:
            "The expression costs more than one evaluation may."
        }
    }

    /// Names and keys can come from data of any size.
    private static func shortened(_ text: String) -> String {
        let scalars = text.unicodeScalars
        return scalars.count > 60 ? String(scalars.prefix(60)) + "…" : text
    }
}
