extension JSONObject {
    /// What must be set in `base` to make it this one; nil when there is no way to this order of members.
    package func additions(to base: JSONObject) -> JSONObject? {
        guard base.count <= count else { return nil }
        var added = JSONObject()
        for (position, (key, value)) in enumerated() {
            guard position < base.count else {
                added.set(key, to: value)
                continue
            }
            let before = base.members[position]
            guard before.key.isIdentical(to: key) else { return nil }
            if !before.value.isIdentical(to: value) { added.set(key, to: value) }
        }
        return added
    }
}
