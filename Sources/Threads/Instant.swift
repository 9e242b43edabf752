internal import Glibc

/// A moment on a clock that only goes forward, and goes on while the machine sleeps. Means nothing outside of this process.
package struct Instant: Sendable, Hashable, Comparable {
    private var sinceBoot: Duration

    package static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Instant(sinceBoot: .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec))
    }

    package static func < (left: Instant, right: Instant) -> Bool { left.sinceBoot < right.sinceBoot }

    package static func + (moment: Instant, duration: Duration) -> Instant {
        Instant(sinceBoot: moment.sinceBoot + duration)
    }

    package static func - (later: Instant, earlier: Instant) -> Duration { later.sinceBoot - earlier.sinceBoot }
}
