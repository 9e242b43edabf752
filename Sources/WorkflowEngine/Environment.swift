import CSystem
import Glibc
package import WorkflowModel

/// What the engine takes from the world beside its store and its step bodies: passed in, so that a simulator can give another.
package struct Environment: Sendable {
    package var now: @Sendable () -> Timestamp
    package var makeID: @Sendable () -> String
    /// Evenly from 0 up to 1: what jitter is drawn from.
    package var chance: @Sendable () -> Double

    package init(
        now: @escaping @Sendable () -> Timestamp, makeID: @escaping @Sendable () -> String,
        chance: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.makeID = makeID
        self.chance = chance
    }

    /// The system's clock, and ids as UUIDs of version 7 (RFC 9562) from the kernel's randomness.
    package static let live = Environment(
        now: { Timestamp.current },
        makeID: {
            var random: (UInt64, UInt64) = (0, 0)
            let status = withUnsafeMutableBytes(of: &random) { fermata_random($0.baseAddress!, $0.count) }
            precondition(status == 0, "The kernel gives no randomness.")
            return UUIDv7.text(at: .current, random: random)
        },
        chance: { .random(in: 0..<1) })
}

extension Timestamp {
    fileprivate static var current: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}

/// Ids that sort by the moment they were made.
package enum UUIDv7 {
    package static func text(at moment: Timestamp, random: (UInt64, UInt64)) -> String {
        let high = UInt64(truncatingIfNeeded: moment.milliseconds) << 16 | 0x7000 | random.0 & 0x0FFF
        let low = random.1 & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return String(unsafeUninitializedCapacity: 36) { buffer in
            var end = 0
            for index in 0..<32 {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    buffer[end] = 0x2D
                    end += 1
                }
                let half = index < 16 ? high : low
                let nibble = UInt8(truncatingIfNeeded: half >> UInt64(60 - index % 16 * 4) & 15)
                buffer[end] = nibble < 10 ? 0x30 + nibble : 0x57 + nibble
                end += 1
            }
            return end
        }
    }
}
