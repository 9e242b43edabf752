internal import Glibc

/// A value behind a lock, and a way to wait until it has changed.
///
/// Sound as Sendable because the value is touched only while the lock is held.
package final class Monitor<Value: Sendable>: @unchecked Sendable {
    private var value: Value
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    package init(_ value: Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(change, nil)
    }

    deinit {
        pthread_cond_destroy(change)
        pthread_mutex_destroy(mutex)
        change.deallocate()
        mutex.deallocate()
    }

    package func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&value)
    }

    /// Blocks until `condition` holds; it is looked at again after each `announce`.
    package func wait(until condition: (Value) -> Bool) {
        pthread_mutex_lock(mutex)
        while !condition(value) { pthread_cond_wait(change, mutex) }
        pthread_mutex_unlock(mutex)
    }

    /// Says that the value has changed in a way that somebody may wait for.
    package func announce() { pthread_cond_broadcast(change) }
}
