import Glibc
import Testing

@Suite("kill -9 at random moments")
struct KillTests {
    /// More of them are asked for by hand: FERMATA_KILLS=500, with the seed that was printed as FERMATA_SEED.
    private static let kills = number("FERMATA_KILLS") ?? 20
    private static let seed = UInt64(truncatingIfNeeded: number("FERMATA_SEED") ?? .random(in: 1...1_000_000))

    private static func number(_ name: String) -> Int? {
        getenv(name).flatMap { Int(String(cString: $0)) }
    }

    @Test("Nothing recorded is lost or runs twice, no step that asks runs again unasked, and every run ends")
    func kills() throws {
        print("kill -9: FERMATA_KILLS=\(Self.kills) FERMATA_SEED=\(Self.seed)")
        var trial = try KillTrial(seed: Self.seed)
        try trial.run(kills: Self.kills)
        print("kill -9: \(trial.report)")
        #expect(trial.kills == Self.kills)
    }
}
