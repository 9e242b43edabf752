/// What one kind of object in a document may say. The parser reads by it, and the schema of documents is made of it.
struct Form: Sendable {
    struct Member: Sendable {
        let name: String
        let shape: Shape
        /// One sentence, for whoever writes a document.
        let summary: String
        let isRequired: Bool

        init(_ name: String, _ shape: Shape, isRequired: Bool = false, _ summary: String) {
            self.name = name
            self.shape = shape
            self.summary = summary
            self.isRequired = isRequired
        }
    }

    let members: [Member]

    init(_ members: [Member]) { self.members = members }

    var names: [String] { members.map(\.name) }

    static func + (left: Form, right: Form) -> Form { Form(left.members + right.members) }

    func without(_ name: String) -> Form { Form(members.filter { $0.name != name }) }
}

/// What a member of a document may be.
indirect enum Shape: Sendable {
    case string
    /// Any value; its strings may hold `${…}`.
    case template
    /// Any value, taken as it is.
    case data
    case bool
    case integer
    case count(atLeast: Int)
    case number
    /// From 0 to 1.
    case fraction
    case choice([String])
    case list(Shape, atLeast: Int = 0)
    case map(Shape, atLeast: Int = 0)
    /// A JSON Schema.
    case schema
    /// That, or a string with `${…}` that gives it.
    case orTemplate(Shape)
    case either([Shape])
    /// An object that `Form.named`, or the schema of documents itself, describes.
    case object(String)

    static let milliseconds = Shape.count(atLeast: 0)

    static func choice<Choice>(of: Choice.Type) -> Shape where Choice: CaseIterable & RawRepresentable<String> {
        .choice(Choice.allCases.map(\.rawValue))
    }
}
