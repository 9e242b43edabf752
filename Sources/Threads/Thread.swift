internal import Glibc

/// Runs `body` on a new thread that nobody waits for. False when the system has none to give.
package func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let work = Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    let outcome = pthread_create(
        &thread, nil,
        { argument in
            Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().body()
            return nil
        }, work.toOpaque())
    guard outcome == 0 else {
        work.release()
        return false
    }
    pthread_detach(thread)
    return true
}
