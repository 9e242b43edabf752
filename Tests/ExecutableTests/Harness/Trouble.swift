/// What a test cannot go on from, with what helps to understand it.
struct Trouble: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
