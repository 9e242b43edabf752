/// Where lines meet the upper or lower border of a box.
enum Ports {
    struct Line {
        /// The x it goes on with.
        var x: Int
        /// Whether it turns round beside the box.
        var turns = false
    }

    /// The x of each line, in the order given: so that none cross near the box, as many as can are straight, and the
    /// rest are about the middle.
    static func places(for lines: [Line], middle: Int, within range: ClosedRange<Int>) -> [Int] {
        let order = lines.indices.sorted { rank(lines[$0], middle, $0) < rank(lines[$1], middle, $1) }
        let room = range.upperBound - range.lowerBound
        let step = lines.count > 1 ? min(Measure.portDistance, room / (lines.count - 1)) : 0
        let wishes = order.enumerated().map { index, line in
            let isStraight = !lines[line].turns && range.contains(lines[line].x)
            return Wish(x: (isStraight ? lines[line].x : middle) - index * step, weight: isStraight ? 10_000 : 1)
        }
        var places = Array(repeating: 0, count: lines.count)
        let most = range.upperBound - (lines.count - 1) * step
        for (index, x) in rising(wishes).enumerated() {
            places[order[index]] = max(range.lowerBound, min(most, x)) + index * step
        }
        return places
    }

    /// From left to right: of lines that turn round on one side the one with the nearest turn is the outermost.
    private static func rank(_ line: Line, _ middle: Int, _ index: Int) -> (Int, Int, Int) {
        guard line.turns else { return (1, line.x, index) }
        return (line.x < middle ? 0 : 2, -line.x, index)
    }

    private struct Wish {
        var x: Int
        var weight: Int
        var count = 1
    }

    /// The numbers nearest to what is wished for of which none is less than the one before it: neighbours that are in
    /// one another's way share their mean.
    private static func rising(_ wishes: [Wish]) -> [Int] {
        var pools: [Wish] = []
        for var pool in wishes {
            while let last = pools.last, last.x > pool.x {
                let weight = last.weight + pool.weight
                let sum = last.x * last.weight + pool.x * pool.weight
                let mean = (Double(sum) / Double(weight)).rounded()
                pool = Wish(x: Int(mean), weight: weight, count: last.count + pool.count)
                pools.removeLast()
            }
            pools.append(pool)
        }
        return pools.flatMap { Array(repeating: $0.x, count: $0.count) }
    }
}
