import Simulator

/// What the command line asks for.
struct Arguments {
    static let usage = """
        usage: simulate [--seed N] [--seeds M] [--runs R] [--faults on|off] [--verbose]

          --seed N     the first seed (1)
          --seeds M    how many seeds, from the first one on (1)
          --runs R     how many runs the client of each asks for (20)
          --faults     whether anything goes wrong (on)
          --verbose    print what happens with the first seed
        """

    var seed: UInt64 = 1
    var seeds = 1
    var options = SimulationOptions()
    var isVerbose = false

    /// Nil when it cannot be understood.
    init?(_ words: some Sequence<String>) {
        var words = words.makeIterator()
        while let word = words.next() {
            if word == "--verbose" {
                isVerbose = true
                continue
            }
            guard let value = words.next(), take(word, value) else { return nil }
        }
    }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        switch (name, value) {
        case ("--faults", "on"): options.hasFaults = true
        case ("--faults", "off"): options.hasFaults = false
        case ("--seed", _):
            guard let number = UInt64(value) else { return false }
            seed = number
        case ("--seeds", _):
            guard let number = Int(value), number > 0 else { return false }
            seeds = number
        case ("--runs", _):
            guard let number = Int(value), number > 0 else { return false }
            options.runs = number
        default: return false
        }
        return true
    }
}
