import Synchronization

/// What parallel work has left so far, by name.
final class Settled<Value: Sendable>: Sendable {
    private let values = Mutex<[String: Value]>([:])

    subscript(name: String) -> Value? {
        get { values.withLock { $0[name] } }
        set { values.withLock { $0[name] = newValue } }
    }
}
