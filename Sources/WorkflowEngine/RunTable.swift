/// Something for each of many runs, by their ids. What was asked for last stays at hand: a turn is mostly about one run, and
/// asks for it at every step.
package struct RunTable<Value: AnyObject> {
    private var values: [RunID: Value] = [:]
    private var newest: (id: RunID, value: Value)?

    package init() {}

    package var count: Int { values.count }

    /// In no order.
    var all: some Collection<Value> { values.values }

    package subscript(id: RunID) -> Value? {
        mutating get {
            if let newest, newest.id == id { return newest.value }
            guard let value = values[id] else { return nil }
            newest = (id, value)
            return value
        }
        set {
            values[id] = newValue
            newest = newValue.map { (id, $0) }
        }
    }
}
