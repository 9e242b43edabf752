import JSON
import WorkflowModel

/// Compares two values by all that they store, so that a member that somebody adds is compared too.
enum Likeness {
    /// Where the first difference is, and what stands there; nil when there is none.
    static func difference(of left: Any, from right: Any, at place: String = "run") -> String? {
        // A step or flow that was read anew is not the same object. What is the same object is the same.
        if type(of: left) is AnyClass, (left as AnyObject) === (right as AnyObject) { return nil }
        if let known = compareKnown(left, right) { return known ? nil : tell(left, right, at: place) }
        let (mine, theirs) = (Mirror(reflecting: left), Mirror(reflecting: right))
        switch mine.displayStyle {
        case .set, .dictionary: return differenceOfMembers(left, right, at: place)
        default: break
        }
        guard mine.children.count == theirs.children.count else { return tell(left, right, at: place) }
        if mine.children.isEmpty {
            return "\(left)" == "\(right)" ? nil : tell(left, right, at: place)
        }
        for (index, (one, other)) in zip(mine.children, theirs.children).enumerated() {
            let place = "\(place).\(one.label ?? String(index))"
            guard one.label == other.label else { return tell(left, right, at: place) }
            if let found = difference(of: one.value, from: other.value, at: place) { return found }
        }
        return nil
    }

    private static func compareKnown(_ left: Any, _ right: Any) -> Bool? {
        switch (left, right) {
        case (let left as JSONValue, let right as JSONValue): left.serialized() == right.serialized()
        case (let left as JSONObject, let right as JSONObject):
            JSONValue.object(left).serialized() == JSONValue.object(right).serialized()
        case (let left as Step, let right as Step):
            left.name == right.name && left.kind.name == right.kind.name && left.source == right.source
        case (let left as Flow, let right as Flow):
            left.isSingleStep == right.isSingleStep && left.start == right.start
                && left.steps.elementsEqual(right.steps) { $0.name == $1.name && $0.source == $1.source }
        default: nil
        }
    }

    private static func differenceOfMembers(_ left: Any, _ right: Any, at place: String) -> String? {
        if let left = left as? [String: Any], let right = right as? [String: Any] {
            guard left.keys == right.keys else { return tell(left.keys.sorted(), right.keys.sorted(), at: place) }
            for (key, value) in left {
                guard let other = right[key] else { continue }
                if let found = difference(of: value, from: other, at: "\(place).\(key)") { return found }
            }
            return nil
        }
        guard let left = left as? AnyHashable, let right = right as? AnyHashable else {
            return "\(place) is of a kind that cannot be compared"
        }
        return left == right ? nil : tell(left, right, at: place)
    }

    private static func tell(_ left: Any, _ right: Any, at place: String) -> String {
        "\(place): \(left) and \(right)".prefix(2000).description
    }
}
