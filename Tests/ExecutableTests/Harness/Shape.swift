import JSON
import Testing

/// What a documented object has: each member's name, with `?` where it may be absent, and its type.
///
/// Types are those of JSON, `any`, and `time` and `id` for strings that must be a moment and not be empty.
struct Shape {
    private let members: [(key: String, type: String)]

    init(_ members: KeyValuePairs<String, String>, and more: KeyValuePairs<String, String> = [:]) {
        self.members = (Array(members) + Array(more)).map { ($0.key, $0.value) }
    }

    /// Every member is as documented, and there is no other.
    func check(_ value: JSONValue?, _ what: String) throws {
        let object = try #require(value?.object, "\(what) is no object: \(value ?? nil)")
        var known: Set<String> = []
        for (key, type) in members {
            let name = key.hasSuffix("?") ? String(key.dropLast()) : key
            known.insert(name)
            guard let member = object[name] else {
                #expect(key.hasSuffix("?"), "\(what) has no \(name): \(value ?? nil)")
                continue
            }
            #expect(Self.fits(member, type), "\(what).\(name) must be \(type), not \(member)")
        }
        for name in object.keys { #expect(known.contains(name), "\(what) has \(name), which is not documented") }
    }

    func check(each values: JSONValue?, _ what: String) throws {
        let values = try #require(values?.array, "\(what) is no array")
        #expect(!values.isEmpty, "\(what) is empty, so there is nothing to check")
        for value in values { try check(value, what) }
    }

    private static func fits(_ value: JSONValue, _ type: String) -> Bool {
        switch type {
        case "any": true
        case "id": value.string?.isEmpty == false
        case "time": value.string.map(isTime) ?? false
        default: value.typeName == type
        }
    }

    /// RFC 3339, in UTC, with milliseconds: 2026-01-31T09:30:00.000Z.
    private static func isTime(_ text: String) -> Bool {
        let pattern = "dddd-dd-ddTdd:dd:dd.dddZ"
        return text.utf8.count == pattern.utf8.count
            && zip(text, pattern).allSatisfy { $1 == "d" ? $0.isASCII && $0.isNumber : $0 == $1 }
    }
}
