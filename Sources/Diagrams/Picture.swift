/// What is drawn, before anybody decided where it stands and in what language.
struct Picture: Sendable {
    struct Node: Sendable {
        var shape: Shape
        /// Empty for what has no name, such as the bars of a fork.
        var name: String
        /// What kind of step it is, in a word or two.
        var caption = ""
        /// What more there is to say to whoever asks.
        var description: String?
        var mark: Standing.Mark?
        var inside: Picture?
    }

    enum Shape: Sendable, Hashable {
        /// Where a flow begins and ends.
        case terminal
        case box, rounded, subroutine
        /// State alone.
        case slanted
        /// A person is asked.
        case hexagon
        /// Time passes.
        case stadium
        case octagon
        /// Where branches begin and end; a hollow one lets through one branch at a time.
        case bar(isHollow: Bool)
        case frame(Frame)
        /// What stands for something that is not drawn here.
        case note
    }

    enum Frame: Sendable, Hashable {
        case plain
        /// The same for each of many.
        case stack
        /// One branch, or what stands apart.
        case branch
    }

    struct Way: Sendable, Hashable {
        enum Kind: Sendable, Hashable {
            case next, error
            /// What undoes a step: nothing goes this way.
            case undo
        }

        var from: Int
        var to: Int
        var kind: Kind = .next
        /// One condition a line.
        var label: [String] = []
        /// Whether the run has gone this way.
        var wasGone = false
    }

    var nodes: [Node] = []
    var ways: [Way] = []

    mutating func add(_ node: Node) -> Int {
        nodes.append(node)
        return nodes.count - 1
    }

    mutating func add(_ way: Way) {
        ways.append(way)
    }
}
