import JSON
import WorkflowCore
import WorkflowModel

/// A made-up program: which steps it asks for when which answers have come, in which order.
struct RandomProgram {
    struct Node {
        var key: String
        /// The nodes it waits for.
        var after: [Int]
        /// Whether the first of them is enough, and then is part of the key: a race, whose winner decides.
        var races: Bool
    }

    var nodes: [Node] = []

    init(_ random: inout SeededNumbers) {
        for place in 0..<random.number(1..<10) {
            var after: [Int] = []
            for earlier in 0..<place where random.happens(30) { after.append(earlier) }
            nodes.append(Node(key: "n\(place)", after: after, races: after.count > 1 && random.happens(40)))
        }
    }

    /// What a node asks for, once it can.
    func key(of node: Node, answered: [Int]) -> String? {
        if node.after.isEmpty { return node.key }
        if node.races {
            return answered.first(where: node.after.contains).map { "\(node.key) won by \(nodes[$0].key)" }
        }
        return node.after.allSatisfy(answered.contains) ? node.key : nil
    }
}

/// One execution of a made-up program against a record, by the rules of the replay.
struct RandomExecution {
    let program: RandomProgram
    /// Asks for this instead of that.
    var renamed: (from: String, to: String)?
    /// Whether what can be asked for is asked for at once and in order, as a program does that is alone on its thread.
    let isPure: Bool
    var record: ProgramRecord
    private var replay = ProgramReplay()
    private var seq: Int
    private var keys: [Int: String] = [:]
    /// What can be asked for and was not yet.
    private var pool: [Int] = []
    private var running: [String] = []
    /// The nodes whose answers have come, in that order.
    private var answered: [Int] = []

    init(_ program: RandomProgram, isPure: Bool, renamed: (String, String)? = nil, record: ProgramRecord, seq: Int) {
        self.program = program
        self.isPure = isPure
        self.renamed = renamed
        self.record = record
        self.seq = seq
        fillPool()
    }

    var hasEnded: Bool { answered.count == program.nodes.count }
    var lastSeq: Int { seq }
    var order: [String] { answered.compactMap { keys[$0] } }

    /// What the replay says when the program can do nothing more.
    mutating func verdict() -> ProgramChange? {
        hasEnded ? replay.changeAtEnd(in: record) : replay.change(in: record)
    }

    /// Something happens; false when nothing can.
    mutating func step(_ random: inout SeededNumbers) throws -> Bool {
        if !pool.isEmpty, isPure || running.isEmpty || random.happens(50) {
            let place = isPure ? 0 : random.number(0..<pool.count)
            try ask(for: pool.remove(at: place))
        } else if !running.isEmpty {
            end(running.remove(at: random.number(0..<running.count)))
        } else {
            return false
        }
        try settle()
        return true
    }

    private mutating func fillPool() {
        for (place, node) in program.nodes.enumerated() where keys[place] == nil {
            guard let key = program.key(of: node, answered: answered) else { continue }
            keys[place] = renamed?.from == key ? renamed?.to : key
            pool.append(place)
        }
    }

    private mutating func ask(for node: Int) throws {
        guard let key = keys[node] else { return }
        try replay.ask(for: key, kind: "step", in: record)
    }

    private mutating func end(_ key: String) {
        seq += 1
        record.end(key, .succeeded(.string(key)), seq: seq)
        replay.takeBack(key, forAnotherAttempt: false)
        take(key)
    }

    private mutating func settle() throws {
        while true {
            let due = replay.due(in: record)
            guard let (key, verdict) = due.first else { return }
            switch verdict {
            case .ended:
                replay.answer(key)
                take(key)
            case .begins, .isUnderWay:
                if record[key] == nil {
                    if let renamed, key == renamed.to { throw Violation("The changed program began \(key).") }
                    seq += 1
                    record.begin(key, kind: "step", seq: seq)
                }
                replay.handOut(key)
                running.append(key)
            }
        }
    }

    private mutating func take(_ key: String) {
        guard let node = keys.first(where: { $0.value == key })?.key else { return }
        answered.append(node)
        fillPool()
    }
}
