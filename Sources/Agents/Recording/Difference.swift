import JSON

/// A place where two values differ; nil where one has nothing there.
struct Difference {
    var pointer: JSONPointer
    var left: JSONValue?
    var right: JSONValue?

    /// All of them, in the order of the left value's members.
    static func all(between left: JSONValue, and right: JSONValue) -> [Difference] {
        var found: [Difference] = []
        collect(left, right, JSONPointer(), &found)
        return found
    }

    private static func collect(
        _ left: JSONValue?, _ right: JSONValue?, _ pointer: JSONPointer, _ found: inout [Difference]
    ) {
        switch (left, right) {
        case (.object(let left), .object(let right)):
            for (name, value) in left { collect(value, right[name], pointer.appending(name), &found) }
            for (name, value) in right where left[name] == nil {
                collect(nil, value, pointer.appending(name), &found)
            }
        case (.array(let mine), .array(let others)):
            for index in 0..<max(mine.count, others.count) {
                collect(left?[index], right?[index], pointer.appending(index), &found)
            }
        default:
            if left != right { found.append(Difference(pointer: pointer, left: left, right: right)) }
        }
    }

    /// As a sentence has it.
    static func shown(_ value: JSONValue?) -> String {
        guard let text = value?.serialized() else { return "nothing" }
        return text.count > 200 ? text.prefix(200) + "…" : text
    }
}
