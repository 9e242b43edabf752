/// What a value on the wire may be. Schemas, pages and clients' types are made of it, when somebody asks for them; nothing is decoded by it,
/// and nothing of it is made before.
package indirect enum Shape {
    case any
    case null
    case boolean
    case integer(atLeast: Int? = nil)
    case number
    case string
    /// A string that matches a regular expression of ECMA-262 as a whole.
    case text(pattern: String)
    /// RFC 3339, in UTC, with milliseconds.
    case moment
    case choice([String])
    case list(Shape)
    /// An object whose members have names of somebody's choice, and one shape.
    case map(Shape)
    case object(Members)
    case either([Shape])
    /// A shape that several messages have, under a name of its own.
    case named(String, Shape)

    package static func object(_ members: [Members.Member]) -> Shape { .object(Members(members)) }

    package static var milliseconds: Shape { .integer(atLeast: 0) }
    package static var sequence: Shape { .integer(atLeast: 1) }
}
