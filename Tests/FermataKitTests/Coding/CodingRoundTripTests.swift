import FermataKit
import JSON
import Simulator
import Testing

@Suite("Codable values of chance")
struct CodingRoundTripTests {
    struct Leaf: Codable, Equatable {
        var text: String
        var count: Int64
        var total: UInt64
        var ratio: Double
        var share: Float
        var flag: Bool?
        var bytes: [UInt8]
    }

    indirect enum Tree: Codable, Equatable {
        case empty
        case leaf(Leaf)
        case list([Tree?])
        case map([String: Tree])
        case pair(Tree, right: Tree)
        case json(JSONValue)
    }

    @Test("What is encoded is decoded again, by way of its text too", arguments: 0..<300 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let tree = Self.tree(depth: 5, &random)
        let encoded = try JSONCoding.encode(tree)
        #expect(try JSONCoding.decode(Tree.self, from: encoded) == tree)
        let read = try JSONValue(parsing: encoded.serialized())
        #expect(try JSONCoding.decode(Tree.self, from: read) == tree)
    }

    private static func tree(depth: Int, _ random: inout SeededRandom) -> Tree {
        switch depth == 0 ? Int.random(in: 0...1, using: &random) : .random(in: 0...5, using: &random) {
        case 0: return .empty
        case 1: return .leaf(leaf(&random))
        case 2:
            return .list(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    Bool.random(using: &random) ? tree(depth: depth - 1, &random) : nil
                })
        case 3:
            var map: [String: Tree] = [:]
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                map[text(&random)] = tree(depth: depth - 1, &random)
            }
            return .map(map)
        case 4: return .pair(tree(depth: depth - 1, &random), right: tree(depth: depth - 1, &random))
        default: return .json([nil, true, .string(text(&random)), ["n": .number(JSONNumber(random.next()))]])
        }
    }

    private static func leaf(_ random: inout SeededRandom) -> Leaf {
        let ratio = Double(bitPattern: random.next())
        let share = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
        return Leaf(
            text: text(&random), count: Int64(bitPattern: random.next()), total: random.next(),
            ratio: ratio.isFinite ? ratio : 0, share: share.isFinite ? share : 0,
            flag: Bool.random(using: &random) ? Bool.random(using: &random) : nil,
            bytes: (0..<3).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    }

    private static func text(_ random: inout SeededRandom) -> String {
        let letters = Array("abé🎼\u{0}\"\\ /${")
        return String((0..<Int.random(in: 0...6, using: &random)).map { _ in letters.randomElement(using: &random)! })
    }
}
