extension JSONValue {
    /// Whether the two are written the same: equal, with their members in one order and their numbers in one spelling.
    /// What is one value in memory is not looked into.
    package func isSame(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.array(let left), .array(let right)):
            left.sharesStorage(with: right) || left.elementsEqual(right) { $0.isSame(as: $1) }
        case (.object(let left), .object(let right)): left.isSame(as: right)
        case (.number(let left), .number(let right)): left == right && left.text == right.text
        default: self == other
        }
    }
}

extension Array {
    fileprivate func sharesStorage(with other: [Element]) -> Bool {
        count == other.count
            && withUnsafeBufferPointer { left in
                other.withUnsafeBufferPointer { left.baseAddress == $0.baseAddress }
            }
    }
}

extension JSONObject {
    package func isSame(as other: JSONObject) -> Bool {
        members.sharesStorage(with: other.members)
            || members.elementsEqual(other.members) { $0.key.isIdentical(to: $1.key) && $0.value.isSame(as: $1.value) }
    }

    /// What must be set in `base` to make it this one; nil when there is no way to this order of members.
    package func additions(to base: JSONObject) -> JSONObject? {
        guard base.count <= count else { return nil }
        var added = JSONObject()
        for (position, (key, value)) in members.enumerated() {
            guard position < base.count else {
                added.set(key, to: value)
                continue
            }
            let before = base.members[position]
            guard before.key.isIdentical(to: key) else { return nil }
            if !before.value.isSame(as: value) { added.set(key, to: value) }
        }
        return added
    }
}
