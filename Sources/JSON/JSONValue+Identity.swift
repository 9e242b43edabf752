extension JSONValue {
    /// Whether both are written as one text: `==` also holds for 1 and 1.0, and whatever the order of members is. Values that
    /// share their storage are not looked into.
    package func isIdentical(to other: JSONValue) -> Bool {
        switch (self, other) {
        case (.number(let own), .number(let other)): own.isIdentical(to: other)
        case (.array(let own), .array(let other)):
            own.count == other.count
                && (own.sharesStorage(with: other) || zip(own, other).allSatisfy { $0.isIdentical(to: $1) })
        case (.object(let own), .object(let other)): own.isIdentical(to: other)
        default: self == other
        }
    }
}

extension Array {
    /// Whether both are one array, of which nobody has made a copy. False where they could be.
    func sharesStorage(with other: [Element]) -> Bool {
        withUnsafeBufferPointer { own in
            other.withUnsafeBufferPointer { own.baseAddress == $0.baseAddress && own.count == $0.count }
        }
    }
}
