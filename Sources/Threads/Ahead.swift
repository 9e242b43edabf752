/// What another thread works out while this one goes on, until it is wanted.
package final class Ahead<Value: Sendable>: Sendable {
    private let value = Monitor<Value?>(nil)

    /// Begins with it; here and now where the system has no thread to give.
    package init(_ work: @escaping @Sendable () -> Value) {
        let begin: @Sendable () -> Void = { [value] in
            let result = work()
            value.withLock { $0 = result }
            value.announce()
        }
        if !startThread(begin) { begin() }
    }

    /// Waits until it is there.
    package func get() -> Value {
        value.wait { $0 != nil }
        return value.withLock { $0! }
    }
}
